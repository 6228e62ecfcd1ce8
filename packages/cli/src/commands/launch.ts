import { commandText, durationText, type InputOf } from "@anygpu/operations"
import { leasedJson, moneyJson, moneyOrNull, offerRef } from "@anygpu/operations/encode"
import { errorJson, exitCodes, problemsJson } from "@anygpu/operations/failure"
import { launchesOf, leaseUntil, statusText } from "@anygpu/operations/run"
import {
  type Excluded,
  formatMoney,
  isGpuError,
  type Launched,
  type Offered,
  type Quote,
  type Step,
  withContext
} from "anygpu"
import { toMillis } from "effect/Duration"
import type { launchFields } from "../command/fields.ts"
import type { Context } from "../context.ts"
import { errorText } from "../failure.ts"
import { fieldsText } from "../fields.ts"
import { flagsByField } from "../flags.ts"
import { priceText, sizeText, timeText } from "../format.ts"
import type { LaunchJson } from "../json/launch.ts"
import { leftOutNotes, tellProblems } from "../listing.ts"
import { nameText } from "../machines.ts"
import { defaultName, type Order, orderOf } from "../order.ts"
import { plain } from "../plain.ts"
import { quoteJson, quoteText } from "../quote.ts"

/** What a step says. */
const stepText = (step: Step): string => {
  switch (step.type) {
    case "waiting":
      return (
        `waiting for what came of the launch ${plain(step.launch.name)} under this key, ` +
        `${durationText(toMillis(step.within))} at most: launching again could pay twice`
      )
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

/** What offers cannot run of the launch, by the kind of their machine and the option. */
const reasonsOf = (excluded: ReadonlyArray<Excluded>): ReadonlyArray<string> =>
  excluded.flatMap(({ provider, kind, rule, count, problem }) => {
    const offers = count === 1 ? "1 offer" : `${count} offers`
    return problem === undefined
      ? []
      : [`${provider}/${kind}: ${flagsByField[rule] ?? rule} ${plain(problem)} (${offers})`]
  })

/** The same error, which names options as they are written on the command line. */
const inOptions = (error: unknown): unknown => {
  if (!isGpuError(error) || error._tag !== "Unsupported") return error
  const reasons = reasonsOf(error.excluded ?? [])
  if (reasons.length === 0) return error
  const message = `No offer that fits can run this launch: ${reasons.join("; ")}. Nothing was sent.`
  return withContext(error, { message })
}

/** What the launch would come to, with what was left out for it. */
const quoteFor = async ({ gpu, out, signal }: Context, { request }: Order): Promise<Quote> => {
  const client = await gpu()
  const { key } = request
  const what = key === undefined ? "comparing offers" : `looking for the machine of the key "${key}", and offers`
  const quote = await out.during(what, (say) => {
    const onProgress = (step: Step) => {
      say(stepText(step))
      if (!out.live) out.note(stepText(step))
    }
    return client.quote({ ...request, onProgress }, { signal }).catch((error: unknown) => {
      for (const note of leftOutNotes(isGpuError(error) ? (error.excluded ?? []) : [])) out.note(note)
      throw inOptions(error)
    })
  })
  if (quote.is === "earlier") return quote
  if (!quote.complete) tellProblems(out, quote)
  for (const reason of reasonsOf(quote.excluded)) out.note(`left out: ${reason}`)
  return quote
}

/** What there may be if the process ends at once, by the steps that were heard of. */
const lastWordsOf = (name: string) => {
  const booting = new Set<string>()
  return {
    hear: (step: Step): void => {
      if (step.type === "booting") booting.add(String(step.instance.ref))
      if (step.type === "ended" && step.attempt.ref) booting.delete(String(step.attempt.ref))
    },
    words: (): string => {
      const which = [...booting].map((ref) => `\n  ${commandText("anygpu", "terminate", ref)}`).join("")
      const left =
        booting.size > 0 ? `What it made may still cost money; end it with:${which}` : "It may have made a machine."
      return `Stopped at once: the launch of ${name} was not seen through. ${left}\nLook with: anygpu audit --recover`
    }
  }
}

/** Launches what was quoted, and keeps in mind what there may be if the process ends at once. */
const rent = async ({ io, out, signal, gpu }: Context, { request }: Offered, name: string): Promise<Launched> => {
  const client = await gpu()
  const { hear, words } = lastWordsOf(name)
  const interrupted = () => out.note("interrupted: ending what was made (once more to leave at once)")
  signal.addEventListener("abort", interrupted, { once: true })
  io.lastWords?.add(words)
  try {
    return await out.during(`launching ${name}`, (say) => {
      const onProgress = (step: Step) => {
        hear(step)
        const text = plain(stepText(step))
        say(text)
        if (!out.live || step.type === "ended") out.note(text)
      }
      return client.launch({ ...request, name, onProgress }, { signal })
    })
  } catch (error) {
    if (isGpuError(error) || !signal.aborted) throw error
    const earlier = request.key === undefined ? "" : " A machine of an earlier call with this key stays."
    throw new Error(`Interrupted. Nothing is left of this launch.${earlier}`, { cause: error })
  } finally {
    signal.removeEventListener("abort", interrupted)
    io.lastWords?.delete(words)
  }
}

/** What is printed: a machine that was rented now, with its quote, or one of an earlier launch with the same key. */
interface Answer extends Omit<Launched, "isEarlier" | "excluded"> {
  readonly quote: Offered | null
}

/** Quotes, asks and rents, unless the key names a machine by now. */
const launched = async (context: Context, order: Order, yes: boolean): Promise<Answer> => {
  const { out } = context
  const quote = await quoteFor(context, order)
  if (quote.is === "earlier") {
    return { instance: quote.instance, trail: [], spent: [], leftoverErrors: [], problems: [], quote: null }
  }
  const name = order.name ?? defaultName(order.request.key, quote.candidates[0].offer.gpu?.model)
  const text = quoteText(out, order, name, quote)
  if (yes) out.note(text)
  else if (!out.json || context.asker.possible) out.say(text)
  await context.mustConfirm("Rent it?", yes)
  const made = await rent(context, quote, name)
  return { ...made, quote: made.isEarlier ? null : quote }
}

/** Says what was tried in vain cost, and which clouds need something before they can be used. */
const tellTrail = ({ out }: Context, { trail, spent }: Answer): void => {
  if (spent.length > 0) out.note(`what was tried before it cost ${spent.map((sum) => formatMoney(sum)).join(" and ")}`)
  for (const { offer, outcome, error } of trail) {
    if (outcome === "refused" && error) out.note(plain(`${offer.provider} was left out: ${error.message}`))
  }
}

const launchedText = (
  { out }: Context,
  { request }: Order,
  { instance, quote }: Answer,
  until: number | null
): string => {
  const { ref, pricePerHour: price, endpoints } = instance
  const disk = instance.storageMiB ?? quote?.diskMiB ?? null
  const [ssh] = endpoints.ssh
  const later = request.until === "created" ? commandText("anygpu", "ssh", "--wait", ref) : null
  return fieldsText(out, [
    ["machine", `${plain(String(ref))} (${nameText(instance)})`],
    ["status", statusText(instance)],
    ["per hour", priceText(price)],
    ["disk", disk === null ? null : sizeText(disk)],
    ["ssh", ssh ? plain(ssh.command) : later],
    ["urls", endpoints.urls.map(plain)],
    ["ports", endpoints.ports.map((one) => plain(`${one.port}/${one.protocol} is ${one.host}:${one.externalPort}`))],
    ["end it", commandText("anygpu", "terminate", ref)],
    ["ttl", until === null ? null : `anygpu sweep ends it after ${timeText(until)}`]
  ])
}

const launchedJson = (order: Order, answer: Answer, until: number | null, interrupted: boolean): LaunchJson => {
  const { instance, quote, trail, spent, leftoverErrors, problems } = answer
  return {
    machine: leasedJson(instance, until),
    quote: quote && quoteJson(order, quote),
    ssh: instance.endpoints.ssh[0]?.command ?? null,
    trail: trail.map(({ offer, outcome, reach, ref, spent: cost, error }) => ({
      ...{ offer: offerRef(offer), outcome, reach, ref: ref && String(ref), spent: moneyOrNull(cost) },
      error: error && errorJson(error, false)
    })),
    spent: spent.map(moneyJson),
    leftoverErrors: leftoverErrors.map((error) => errorJson(error, interrupted)),
    problems: problemsJson(problems)
  }
}

/** `anygpu launch`: rents a machine, after showing what it costs. */
export const run = async (context: Context, input: InputOf<typeof launchFields>): Promise<number> => {
  const { out, signal } = context
  const order = await orderOf(context, input)
  const answer = await launched(context, order, input.yes ?? false)
  const { instance, quote, leftoverErrors } = answer
  if (quote === null) out.note(`The key "${order.request.key}" names this machine already: nothing was rented now.`)
  tellTrail(context, answer)
  const until = leaseUntil(await launchesOf(context, instance.ref), instance)
  out.answer({
    json: () => launchedJson(order, answer, until, signal.aborted),
    text: () => launchedText(context, order, answer, until)
  })
  if (!out.json) for (const error of leftoverErrors) out.fail(errorText(error, signal.aborted))
  return leftoverErrors.length > 0 ? exitCodes.leftovers.code : exitCodes.done.code
}
