import { shortRef } from "@anygpu/operations"
import {
  costJson,
  jobJson,
  moneyJson,
  moneyOrNull,
  offerJson,
  offerRef,
  type QuoteJson
} from "@anygpu/operations/protocol"
import {
  type Candidate,
  type Comparison,
  compareAtPar,
  formatMoney,
  type GpuClient,
  hourlyCost,
  type LaunchSpec,
  type Money,
  type Offer
} from "anygpu"
import { fieldsText } from "./fields.ts"
import { durationText, gpuText, placeText, sizeText } from "./format.ts"
import type { Order } from "./order.ts"
import type { Output } from "./output.ts"
import { plain } from "./plain.ts"

/** So many offers are tried, the first one among them. */
const tries = 5

/**
 * Without a limit, the others may cost this much more than the first, and all tries together: a yes to it is no yes to
 * twice as much.
 */
const mostAbove = 1.25

const isNear = ({ maxTotal }: Order, first: Candidate, other: Candidate): boolean =>
  maxTotal !== undefined || other.cost.total.micros <= first.cost.total.micros * mostAbove

/** What is asked before a launch: the offer, what it costs, and how far the launch may go beyond it. */
export interface Quote {
  readonly order: Order
  readonly name: string
  readonly first: Candidate
  /** Tried when the first one is gone. */
  readonly next: ReadonlyArray<Candidate>
  /** What they come of; null for an offer that was named. */
  readonly comparison: Comparison | null
  readonly perHour: Money | null
  /** The launch as a whole keeps to these, failed tries included: the limits that were given, else what is shown. */
  readonly maxTotal: Money
  readonly maxPerHour: Money | null
}

/** A launch on one offer, as the SDK takes it; the disk that was asked for is in the offer's price. */
export const specOf = (
  { workload, key, ttl }: Order,
  name: string,
  { offer }: Pick<Candidate, "offer">
): LaunchSpec => {
  const { image, os, ...more } = workload
  const both = image !== undefined && os !== undefined
  return {
    ...more,
    ...{ offer, name },
    ...(image !== undefined && (!both || offer.kind === "container") && { image }),
    ...(os !== undefined && (!both || offer.kind !== "container") && { os }),
    ...(key !== undefined && { key }),
    ...(ttl !== undefined && { ttl })
  }
}

/** The disk of a launch, where its size is chosen at the launch. */
export const diskFor = (
  client: GpuClient,
  { job }: Order,
  { provider, kind }: Offer
): { readonly diskMiB?: number } => {
  if (job.storageMiB === undefined) return {}
  const diskMiB = Math.ceil(job.storageMiB)
  const place = client
    .portability({ diskMiB, operations: [] })
    .find((one) => one.provider === provider && one.kind === kind)
  return place?.lacksOptions.length === 0 ? { diskMiB } : {}
}

/** The disk that the machine gets: what was asked for, or what is in the offer's price, whichever is more. */
export const diskOf = ({ job }: Order, { diskMiB, storageMiB }: Offer): number | null => {
  if (job.storageMiB === undefined) return diskMiB ?? null
  const isChosen = diskMiB !== storageMiB || diskMiB == null
  return isChosen ? Math.max(Math.ceil(job.storageMiB), diskMiB ?? 0) : diskMiB
}

/** The same for people, with what else can be had. */
const diskText = (order: Order, offer: Offer): string | null => {
  const disk = diskOf(order, offer)
  if (disk === null) return null
  const more = offer.storageMiB !== null && offer.storageMiB > disk && offer.storageMiB !== offer.diskMiB
  return `${sizeText(disk)}${more ? `; --disk asks for more, up to ${sizeText(offer.storageMiB)}` : ""}`
}

/** Whether the cloud documents a price for all of it: a limit per hour cannot be promised for a disk without one. */
const isPriced = ({ job }: Order, { offer }: Candidate): boolean =>
  (job.storageMiB ?? 0) <= (offer.terms?.includedDiskMiB ?? Number.POSITIVE_INFINITY)

const dearest = (amounts: ReadonlyArray<Money>): Money | null =>
  amounts.reduce<Money | null>((most, amount) => (most && compareAtPar(most, amount) >= 0 ? most : amount), null)

/**
 * The most that a machine may cost per hour so that its job stays within a total, should it turn out dearer than its offer.
 *
 * - What does not depend on the rate is counted as if it did: it is never too much.
 */
export const rateWithin = (perHour: Money | null, total: Money, most: Money | undefined): Money | undefined =>
  perHour && most && total.micros > 0
    ? { ...perHour, micros: Math.floor((perHour.micros * most.micros) / total.micros) }
    : undefined

/** The most that all tries may cost together when no limit was given. */
const usualTotal = ({ cost: { total } }: Candidate, next: ReadonlyArray<Candidate>): Money =>
  next.length === 0 ? total : { ...total, micros: Math.ceil(total.micros * mostAbove) }

/** The lower of two limits, where there are two. */
export const lower = (a: Money | undefined, b: Money | undefined): Money | undefined =>
  a && b ? (compareAtPar(a, b) <= 0 ? a : b) : (a ?? b)

/** The name when none is given: that of the launch, or of the GPU. */
export const defaultName = (order: Order, model: string | undefined): string =>
  (order.key ?? model ?? "machine")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "") || "machine"

/** The offers to try after the first: the next best, and of clouds that are not among them their best, where it may come to that. */
const othersOf = (order: Order, first: Candidate, others: ReadonlyArray<Candidate>): ReadonlyArray<Candidate> => {
  if (!order.waits) return []
  const near = others.filter((other) => isNear(order, first, other))
  const next = near.slice(0, Math.max(tries, order.maxAttempts ?? 0) - 1)
  if (order.onCloudTrouble !== "next") return next
  const known = new Set([first, ...next].map(({ offer }) => offer.provider))
  const more = near.filter(({ offer: { provider } }) => !known.has(provider) && known.add(provider))
  return [...next, ...more]
}

/** The quote for the best of some candidates. */
export const quoteOf = (
  order: Order,
  [first, ...others]: readonly [Candidate, ...Candidate[]],
  comparison: Comparison | null = null
): Quote => {
  const next = othersOf(order, first, others)
  const name = order.name ?? defaultName(order, first.offer.gpu?.model)
  const hourly = [first, ...next].map((candidate) => hourlyCost(specOf(order, name, candidate)))
  const known = hourly.flatMap((amount) => amount ?? [])
  const usual = [first, ...next].every((one) => isPriced(order, one)) ? dearest(known) : null
  // A launch that does not wait has no total to keep to but this way.
  const within = order.waits ? undefined : rateWithin(hourly[0] ?? null, first.cost.total, order.maxTotal)
  return {
    ...{ order, name, first, next, comparison, perHour: hourly[0] ?? null },
    maxTotal: order.maxTotal ?? usualTotal(first, next),
    maxPerHour: lower(order.maxPerHour ?? usual ?? undefined, within) ?? null
  }
}

/** The quote in JSON. */
export const quoteJson = ({ order, first, next, perHour, maxTotal, maxPerHour }: Quote): QuoteJson => ({
  ...{ offer: offerJson(first.offer), job: jobJson(order.job), cost: costJson(first.cost) },
  diskMiB: diskOf(order, first.offer),
  perHour: moneyOrNull(perHour),
  next: next.map(({ offer, cost }) => ({ offer: offerRef(offer), total: moneyJson(cost.total) })),
  ...{ maxTotal: moneyJson(maxTotal), maxPerHour: moneyOrNull(maxPerHour) },
  ttlSeconds: order.ttl === undefined ? null : order.ttl / 1000,
  sshKeys: [...order.keys.files]
})

const upfrontText = ({ upfront, refundable }: Candidate["cost"]): string => {
  const back = refundable.micros > 0 ? `, of which ${formatMoney(refundable)} comes back at the end` : ""
  return `${formatMoney(upfront)} on the account at the launch${back}`
}

const nextText = ({ next, order }: Quote): ReadonlyArray<string> => {
  if (next.length === 0) return ["nothing else is tried"]
  const racing = ["two are tried at once; the slower one is ended, and paid for until then"]
  const others = next.map(({ offer, cost }) => `${plain(shortRef(offerRef(offer)))}  ${formatMoney(cost.total, 2)}`)
  return [...(order.race ? racing : []), ...others]
}

/** Who can log in by the keys of this launch; what image and account let in besides is not known here. */
const keysText = ({ files, asked }: Order["keys"]): string =>
  files.length > 0
    ? `${files.join(", ")}${asked ? "" : " (yours by default)"}`
    : "none: nobody gets in by ssh with this launch, and some clouds let no key in later; --ssh-key names one"

/** The quote for people. */
export const quoteText = (out: Output, quote: Quote): string => {
  const { order, name, first, perHour, maxTotal, maxPerHour } = quote
  const { offer, cost } = first
  const { keys, ttl, job } = order
  const { image, os } = specOf(order, name, first)
  const values = (amounts: ReadonlyArray<readonly [string, string]>) =>
    amounts.map(([amount, note]) => `${amount.padEnd(Math.max(...amounts.map(([one]) => one.length)))}  ${note}`)
  const parts = values(cost.lines.map(({ item, amount, note }) => [formatMoney(amount), `${item}: ${plain(note)}`]))
  return fieldsText(out, [
    ["offer", `${plain(offerRef(offer))} (${gpuText(offer.gpu)}, ${placeText(offer.location)})`],
    ["name", plain(name)],
    ["runs", image ?? os ?? null],
    ["disk", diskText(order, offer)],
    ["ssh key", keysText(keys)],
    [`${durationText(job.duration)} cost`, parts],
    ["total", out.colors.bold(`${cost.exact ? "" : "~"}${formatMoney(cost.total)}`)],
    ["per hour", perHour ? `${formatMoney(perHour)} while it runs, until it is ended` : "not known"],
    ["up front", upfrontText(cost)],
    ["~", cost.assumptions.map(plain)],
    ["taken away", offer.interruptible ? "the cloud may take it away at any time" : null],
    ["if it is gone", nextText(quote)],
    [
      "at most",
      `${formatMoney(maxTotal)}${quote.next.length > 0 ? " for all tries together" : ""}` +
        `${maxPerHour ? ` and ${formatMoney(maxPerHour)} per hour` : ""}, else refused`
    ],
    [
      "ends",
      ttl === undefined
        ? "when you end it"
        : `${durationText(ttl)} after the launch, by anygpu sweep: let it run regularly, from cron for example`
    ]
  ])
}
