import { isRef, launchesOf, leaseUntil } from "@anygpu/operations"
import {
  errorJson,
  exitCodes,
  type LaunchJson,
  leasedJson,
  moneyJson,
  moneyOrNull,
  offerRef,
  problemsJson
} from "@anygpu/operations/protocol"
import {
  addMoney,
  Comparison,
  formatMoney,
  type Instance,
  isGpuError,
  type Launched,
  type OfferFilter,
  type Step,
  withProblems
} from "anygpu"
import { bestCandidates, namedCandidate } from "../candidates.ts"
import type { Options, Run } from "../catalogue/entry.ts"
import type { Context } from "../context.ts"
import { afterFailure, earlierMachine, isOfAnother, limitBeside, type Wanted, waitingText } from "../earlier.ts"
import { errorText } from "../failure.ts"
import { fieldsText } from "../fields.ts"
import { filterOf } from "../filter.ts"
import { priceText, sizeText, timeText } from "../format.ts"
import { nameText, statusText } from "../machines.ts"
import { type Order, orderOf, requestOf } from "../order.ts"
import { Usage } from "../own-errors.ts"
import { plain } from "../plain.ts"
import { defaultName, diskFor, diskOf, type Quote, quoteJson, quoteOf, quoteText, specOf } from "../quote.ts"
import { commandText } from "../shell.ts"
import { argumentsOf, isOn, textOf } from "../words.ts"

/** Filters that an offer's name leaves no room for. */
const choosing = ["gpu", "count", "kind", "minVram", "minVcpus", "minMemory", "country", "region", "minReliability"]

/** What was asked for: one offer by its name, or the best of those that fit. */
interface Asked {
  readonly order: Order
  readonly named: string | undefined
  readonly filter: OfferFilter
  readonly wanted: Wanted
}

const askedFor = (order: Order, given: ReadonlyArray<string>, options: Options): Asked => {
  const named = textOf(options, "offer") ?? given.find(isRef)
  const others = given.filter((word) => word !== named)
  if (named !== undefined && others.length > 0) {
    throw new Usage(`one offer is named, ${named}: leave out ${others.join(" ")}`)
  }
  const needless = named === undefined ? undefined : choosing.find((name) => options[name] !== undefined)
  if (needless !== undefined) throw new Usage("an offer is named: leave out the options that choose one")
  const interruptible = isOn(options, "interruptible") || order.workload.bid !== undefined
  const filter = { ...(named === undefined && filterOf(options, given)), interruptible }
  const { maxPricePerHour: _, ...fits } = filter
  // An offer that is named is compared by its name.
  const candidates = named === undefined ? fits : { interruptible: "any" as const }
  const request = { ...requestOf(order, order.name ?? defaultName(order, undefined)), candidates }
  return { order, named, filter, wanted: { request, offer: named, until: order.waits ? "ready" : "made" } }
}

const quoteFor = async (context: Context, { order, named, filter }: Asked): Promise<Quote> => {
  if (named !== undefined) {
    return quoteOf(order, [await namedCandidate(context, order, named, filter.interruptible ?? false)])
  }
  const { candidates, comparison } = await bestCandidates(context, order, filter)
  return quoteOf(order, candidates, comparison)
}

/** What a step says, and which machines there are by then. */
const stepText = (step: Step): string => {
  switch (step.type) {
    case "waiting":
      return waitingText(step)
    case "trying":
      return `launching ${offerRef(step.offer)}`
    case "booting":
      return `waiting for ${step.instance.ref} to become ready`
    case "ended": {
      const { offer, outcome, error } = step.attempt
      return `${offerRef(offer)}: ${outcome}${error ? ` (${error.message})` : ""}`
    }
  }
}

/** Launches, and keeps in mind what there may be if the process ends at once. */
const rent = async (context: Context, order: Order, quote: Quote): Promise<Launched> => {
  const { io, out, signal } = context
  const client = await context.gpu()
  const { name, first, next, comparison, maxTotal, maxPerHour } = quote
  const booting = new Set<string>()
  const words = () => {
    const which = [...booting].map((ref) => `\n  ${commandText("anygpu", "terminate", ref)}`).join("")
    const left =
      booting.size > 0 ? `What it made may still cost money; end it with:${which}` : "It may have made a machine."
    return `Stopped at once: the launch of ${name} was not seen through. ${left}\nLook with: anygpu audit --recover`
  }
  const onProgress = (say: (text: string) => void) => (step: Step) => {
    if (step.type === "booting") booting.add(String(step.instance.ref))
    if (step.type === "ended" && step.attempt.ref) booting.delete(String(step.attempt.ref))
    const text = plain(stepText(step))
    say(text)
    if (!out.live || step.type === "ended") out.note(text)
  }
  const interrupted = () => out.note("interrupted: ending what was made (once more to leave at once)")
  signal.addEventListener("abort", interrupted, { once: true })
  io.lastWords?.add(words)
  try {
    return await out.during(`launching ${name}`, async (say) => {
      if (!order.waits) {
        const spec = {
          ...specOf(order, name, first),
          ...diskFor(client, order, first.offer),
          ...(maxPerHour && { maxPerHour })
        }
        return {
          instance: await client.launch(spec, { signal }),
          ...{ trail: [], why: [], spent: [], unended: [], problems: comparison?.problems ?? [] }
        }
      }
      const plain = requestOf(order, name)
      const limits = {
        ...plain.limits,
        ...{ maxTotal: await limitBeside(context, order, maxTotal), ...(maxPerHour && { maxPerHour }) }
      }
      const offers = [first, ...next]
      const candidates = comparison ? new Comparison({ ...comparison, candidates: offers }) : offers
      const request = { ...plain, candidates, limits, onProgress: onProgress(say) }
      return await client.launch(request, { signal })
    })
  } catch (error) {
    if (isGpuError(error)) throw withProblems(error, comparison?.problems ?? [])
    if (!signal.aborted) throw error
    const earlier = order.key === undefined ? "" : " A machine of an earlier call with this key stays."
    throw new Error(`Interrupted. Nothing is left of this launch.${earlier}`, { cause: error })
  } finally {
    signal.removeEventListener("abort", interrupted)
    io.lastWords?.delete(words)
  }
}

const launchedText = (
  { out }: Context,
  order: Order,
  machine: Instance,
  quote: Quote | null,
  until: number | null
): string => {
  const { ref, price, endpoints } = machine
  const disk = machine.storageMiB ?? (quote && diskOf(order, quote.first.offer))
  const [ssh] = endpoints.ssh
  return fieldsText(out, [
    ["machine", `${plain(String(ref))} (${nameText(machine)})`],
    ["status", statusText(machine)],
    ["per hour", priceText(price)],
    ["disk", disk === null ? null : sizeText(disk)],
    ["ssh", ssh ? plain(ssh.command) : order.waits ? null : commandText("anygpu", "ssh", "--wait", ref)],
    ["urls", endpoints.urls.map(plain)],
    ["ports", endpoints.ports.map((one) => plain(`${one.port}/${one.protocol} is ${one.host}:${one.externalPort}`))],
    ["end it", commandText("anygpu", "terminate", ref)],
    ["ttl", until === null ? null : `anygpu sweep ends it after ${timeText(until)}`]
  ])
}

/** Says what was tried in vain cost, and which clouds need something before they can be used. */
const tellTrail = ({ out }: Context, trail: Launched["trail"], spent: Launched["spent"]): void => {
  if (spent.length > 0) out.note(`what was tried before it cost ${spent.map((sum) => formatMoney(sum)).join(" and ")}`)
  for (const { offer, outcome, error } of trail) {
    if (outcome === "refused" && error) out.note(plain(`${offer.provider} was left out: ${error.message}`))
  }
}

/** What is printed: a machine that was rented now, with its quote, or one of an earlier launch with the same key. */
interface Answer extends Launched {
  readonly quote: Quote | null
}

/** What tries have cost, one amount for each currency. */
const spentIn = (trail: Launched["trail"]): Launched["spent"] => {
  const amounts = trail.flatMap(({ spent }) => spent ?? [])
  return Array.from(Map.groupBy(amounts, ({ currency }) => currency).values(), (some) => some.reduce(addMoney))
}

/** Quotes, asks and rents, unless the key names a machine by now. */
const launched = async (context: Context, asked: Asked, yes: boolean): Promise<Answer> => {
  const { out } = context
  const { order, wanted } = asked
  const before = (instance: Instance, failed?: unknown): Answer => {
    const trail = isGpuError(failed) ? (failed.trail ?? []) : []
    return { instance, trail, why: [], spent: spentIn(trail), unended: [], problems: [], quote: null }
  }
  const held = await earlierMachine(context, wanted)
  if (held) return before(held)
  let quote: Quote
  try {
    quote = await quoteFor(context, asked)
  } catch (error) {
    return before(await afterFailure(context, wanted, error))
  }
  if (!yes) {
    if (!out.json || context.asker.possible) out.say(quoteText(out, quote))
    await context.mustConfirm("Rent it?", yes)
  } else out.note(quoteText(out, quote))
  try {
    const made = await rent(context, order, quote)
    const tried = order.waits ? made.trail.filter(({ outcome }) => outcome === "ready") : [quote.first]
    const offers = tried.map(({ offer }) => offer)
    const isOthers = await isOfAnother(context, wanted, { ref: made.instance.ref, offers })
    return { ...made, quote: isOthers ? null : quote }
  } catch (error) {
    return before(await afterFailure(context, wanted, error), error)
  }
}

/** `anygpu launch`: rents a machine, after showing what it costs. */
export const run: Run = async (context, args, options) => {
  const { out, signal } = context
  const order = await orderOf(context, options)
  const asked = askedFor(order, argumentsOf(args, 0), options)
  const { instance, trail, spent, unended, problems, quote } = await launched(context, asked, isOn(options, "yes"))
  if (quote === null) out.note(`The key "${order.key}" names this machine already: nothing was rented now.`)
  tellTrail(context, trail, spent)
  const launches = await launchesOf(context, instance.ref)
  const until = leaseUntil(launches, instance)
  out.answer({
    json: (): LaunchJson => ({
      machine: leasedJson(instance, leaseUntil(launches, instance)),
      quote: quote && quoteJson(quote),
      ssh: instance.endpoints.ssh[0]?.command ?? null,
      trail: trail.map(({ offer, outcome, reach, ref, spent, error }) => ({
        ...{ offer: offerRef(offer), outcome, reach, ref: ref && String(ref), spent: moneyOrNull(spent) },
        error: error && errorJson(error, false)
      })),
      spent: spent.map(moneyJson),
      unended: unended.map((error) => errorJson(error, signal.aborted)),
      problems: problemsJson(problems)
    }),
    text: () => launchedText(context, order, instance, quote, until)
  })
  if (!out.json) for (const error of unended) out.fail(errorText(error, signal.aborted))
  return unended.length > 0 ? exitCodes.leftovers.code : exitCodes.done.code
}
