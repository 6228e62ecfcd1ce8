import { type BillingTerms, type Estimate, estimate, formatMoney, type Job, type Offer } from "@anygpu/core"
import * as Duration from "effect/Duration"

const unitOf = (seconds: number): string =>
  ({ 1: "second", 60: "minute", 600: "ten minutes", 3600: "hour", 86400: "day" })[seconds] ?? `${seconds} seconds`

const timeText = (seconds: number): string => Duration.format(Duration.seconds(seconds))

/** How many seconds of compute are charged. */
const chargedSeconds = ({ compute }: BillingTerms, total: Estimate["total"]): number =>
  compute.perHour.micros > 0 ? Math.round((total.micros * 3600) / compute.perHour.micros) : 0

/** Why more time is charged than is used: a minimum, or steps that have begun. */
const timeReasons = (terms: BillingTerms, cost: Estimate, seconds: number): ReadonlyArray<string> => {
  const { stepSeconds, stepsFrom, minimumSeconds } = terms.compute
  const compute = cost.lines.find(({ item }) => item === "compute")
  if (!compute) return []
  const charged = chargedSeconds(terms, compute.amount)
  const by =
    stepsFrom === "clock"
      ? `by the clock, each ${unitOf(stepSeconds)} that is touched`
      : `each begun ${unitOf(stepSeconds)}`
  if (minimumSeconds > seconds) return [`at least ${timeText(minimumSeconds)} are charged`]
  if (stepSeconds === 1) return ["charged by the second"]
  return [charged > seconds ? `charged ${by}: ${timeText(charged)} for ${timeText(seconds)}` : `charged ${by}`]
}

const diskReasons = ({ storage }: BillingTerms, cost: Estimate): ReadonlyArray<string> => {
  const paid = cost.lines.filter(({ item }) => item === "storage").reduce((sum, { amount }) => sum + amount.micros, 0)
  const amount = { micros: paid, currency: cost.total.currency }
  if (paid > 0) return [`${formatMoney(amount)} of it for the disk`]
  return storage === null ? ["the disk is in the price"] : []
}

const trafficReasons = ({ traffic }: BillingTerms, cost: Estimate, { egressGiB = 0 }: Job): ReadonlyArray<string> => {
  if (egressGiB === 0) return []
  if (traffic === null) return ["traffic is free"]
  if (traffic === "unknown") return ["what traffic costs no document says"]
  const paid = cost.lines.filter(({ item }) => item === "traffic").reduce((sum, { amount }) => sum + amount.micros, 0)
  return [`${formatMoney({ micros: paid, currency: cost.total.currency })} of it for traffic`]
}

const depositReasons = ({ upfront, refundable, total }: Estimate): ReadonlyArray<string> => {
  if (upfront.micros <= total.micros) return []
  const back = refundable.micros > 0 ? ", which is not spent" : ""
  return [`${formatMoney(upfront)} must be on the account${back}`]
}

/**
 * Why a job costs on an offer what it costs, in words: minimums and begun hours, the disk, traffic, what must be on the account,
 * and what no document says.
 *
 * - Empty where the price or the terms of the offer are unknown.
 *
 * @example
 * ```ts
 * import { costReasons, createGpu } from "anygpu"
 * import { vast } from "@anygpu/vast"
 *
 * const gpu = createGpu({ clouds: [vast({ apiKey: "..." })] })
 * const job = { duration: "10 minutes" } as const
 * const { candidates } = await gpu.compare({ job })
 * for (const { offer } of candidates) console.log(offer.id, costReasons(offer, job).join("; "))
 * ```
 */
export const costReasons = (offer: Offer, job: Job): ReadonlyArray<string> => {
  const cost = estimate(offer, job)
  const { terms } = offer
  if (cost === null || terms === null) return []
  const seconds = Math.ceil(Duration.toSeconds(Duration.fromInputUnsafe(job.duration)))
  return [
    ...timeReasons(terms, cost, seconds),
    ...diskReasons(terms, cost),
    ...trafficReasons(terms, cost, job),
    ...depositReasons(cost)
  ]
}
