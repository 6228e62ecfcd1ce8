import { durationText, shortRef } from "@anygpu/operations"
import { offerRef } from "@anygpu/operations/encode"
import type { Order } from "@anygpu/operations/run"
import { sizeText } from "@anygpu/operations/words"
import {
  type Candidate,
  type Excluded,
  formatMoney,
  isGpuError,
  type Offered,
  type Quote,
  type Step,
  withContext
} from "anygpu"
import type { Context } from "./context.ts"
import { fieldsText } from "./fields.ts"
import { flagsByField } from "./flags.ts"
import { gpuText, placeText } from "./format.ts"
import { leftOutNotes, tellProblems } from "./listing.ts"
import type { CommandOrder } from "./order.ts"
import { plain } from "./plain.ts"
import { stepText } from "./step-text.ts"

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
  if (!isGpuError(error)) return error
  if (error._tag !== "Unsupported") {
    const named = (all: string, rule: string) => (flagsByField[rule] ? `by ${flagsByField[rule]}` : all)
    return error.excluded?.length ? withContext(error, { message: error.message.replace(/\bby (\w+)/g, named) }) : error
  }
  const reasons = reasonsOf(error.excluded ?? [])
  if (reasons.length === 0) return error
  const message = `No offer that fits can run this launch: ${reasons.join("; ")}. Nothing was sent.`
  return withContext(error, { message })
}

/** What a launch would come to, with what was left out for it; an error names options as they are written. */
export const quoteFor = async ({ gpu, out, signal }: Context, order: Order): Promise<Quote> => {
  const client = await gpu()
  const { key } = order
  const what = key === undefined ? "comparing offers" : `looking for the machine of the key "${key}", and offers`
  const quote = await out.during(what, (say) => {
    const onProgress = (step: Step) => {
      say(stepText(step))
      if (!out.live) out.note(stepText(step))
    }
    return client.quote({ ...order, onProgress }, { signal }).catch((error: unknown) => {
      for (const note of leftOutNotes(isGpuError(error) ? (error.excluded ?? []) : [])) out.note(note)
      throw inOptions(error)
    })
  })
  if (quote.is === "earlier") return quote
  if (!quote.complete) tellProblems(out, quote)
  for (const reason of reasonsOf(quote.excluded)) out.note(`left out: ${reason}`)
  return quote
}

/** The disk for people, with what else can be had. */
const diskText = ({ diskMiB, candidates: [{ offer }] }: Offered): string | null => {
  if (diskMiB === null) return null
  const more = offer.storageMiB !== null && offer.storageMiB > diskMiB && offer.storageMiB !== offer.diskMiB
  return `${sizeText(diskMiB)}${more ? `; --disk asks for more, up to ${sizeText(offer.storageMiB)}` : ""}`
}

const upfrontText = ({ upfront, refundable }: Candidate["cost"]): string => {
  const back = refundable.micros > 0 ? `, of which ${formatMoney(refundable)} comes back at the end` : ""
  return `${formatMoney(upfront)} on the account at the launch${back}`
}

const nextText = ({ order: { strategy } }: CommandOrder, next: ReadonlyArray<Candidate>): ReadonlyArray<string> => {
  if (next.length === 0) return ["nothing else is tried"]
  const racing = ["two are tried at once; the slower one is ended, and paid for until then"]
  const others = next.map(({ offer, cost }) => `${plain(shortRef(offerRef(offer)))}  ${formatMoney(cost.total, 2)}`)
  return [...(strategy === "race" ? racing : []), ...others]
}

/** Who can log in by the keys of this launch; what image and account let in besides is not known here. */
const keysText = ({ files, asked }: CommandOrder["keys"]): string =>
  files.length > 0
    ? `${files.join(", ")}${asked ? "" : " (yours by default)"}`
    : "none: nobody gets in by ssh with this launch, and some clouds let no key in later; --ssh-key names one"

/** What the launch is held to. */
const limitText = ({ limits: { maxTotal, maxPerHour } }: Offered, tries: number): string => {
  const total = maxTotal ? `${formatMoney(maxTotal)}${tries > 1 ? " for all tries together" : ""}` : ""
  const rate = maxPerHour ? `${formatMoney(maxPerHour)} per hour` : ""
  return `${[total, rate].filter((text) => text !== "").join(" and ")}, else refused`
}

/** Whether the cloud of an offer has a switch of its own that ends what is rented for a time. */
const cloudEnds = async ({ clouds }: Context, { provider, kind }: Candidate["offer"]): Promise<boolean> =>
  (await clouds())
    .filter(({ name }) => name === provider)
    .some(({ kinds }) => Object.values(kinds).some((one) => one.kind === kind && one.endsItself === "cloud"))

/** Who ends the machine, and when. */
const endText = async (context: Context, { ttl, workload }: Order, offer: Candidate["offer"]): Promise<string> => {
  if (ttl === undefined) return "when you end it"
  const time = `${durationText(ttl)} after the launch`
  if (workload?.endsItself) return `${time}, by the machine itself while it runs; that cannot be put off`
  return (await cloudEnds(context, offer))
    ? `${time}, by ${offer.provider} itself, also without this computer`
    : `${time}, by anygpu sweep: let it run regularly, from cron for example`
}

/** The quote for people. */
const quoteText = async (context: Context, command: CommandOrder, name: string, quote: Offered): Promise<string> => {
  const { out } = context
  const { candidates, options, perHour } = quote
  const [{ offer, cost }, ...next] = candidates
  const { keys, order } = command
  const { image, os } = options
  const values = (amounts: ReadonlyArray<readonly [string, string]>) =>
    amounts.map(([amount, note]) => `${amount.padEnd(Math.max(...amounts.map(([one]) => one.length)))}  ${note}`)
  const parts = values(cost.lines.map(({ item, amount, note }) => [formatMoney(amount), `${item}: ${plain(note)}`]))
  return fieldsText(out, [
    ["offer", `${plain(offerRef(offer))} (${gpuText(offer.gpu)}, ${placeText(offer.location)})`],
    ["name", plain(name)],
    ["runs", image ?? os ?? null],
    ["disk", diskText(quote)],
    ["ssh key", keysText(keys)],
    [`${durationText(order.job.duration)} cost`, parts],
    ["total", out.colors.bold(`${cost.exact ? "" : "~"}${formatMoney(cost.total)}`)],
    ["per hour", perHour ? `${formatMoney(perHour)} while it runs, until it is ended` : "not known"],
    ["up front", upfrontText(cost)],
    ["~", cost.assumptions.map(plain)],
    ["taken away", offer.interruptible ? "the cloud may take it away at any time" : null],
    ["if it is gone", nextText(command, next)],
    ["at most", limitText(quote, candidates.length)],
    ["ends", await endText(context, order, offer)]
  ])
}

/** Shows the quote and asks whether to rent it; throws unless somebody says yes. */
export const confirmQuote = async (
  context: Context,
  command: CommandOrder,
  name: string,
  quote: Offered,
  yes: boolean
): Promise<void> => {
  const { asker, mustConfirm, out } = context
  const text = await quoteText(context, command, name, quote)
  if (yes) out.note(text)
  else if (!out.json || asker.possible) out.say(text)
  await mustConfirm("Rent it?", yes)
}
