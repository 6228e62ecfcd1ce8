import type * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import { thrownBy } from "../caller-frame.ts"
import { InvalidRequest } from "../errors.ts"
import type { BillingTerms } from "./billing.ts"
import { addMoney, compareMoney, formatMoney, type Money, scaleMoney, subtractMoney, zero } from "./money.ts"
import type { Offer } from "./offer.ts"

/**
 * What the machine is rented for.
 *
 * - `startAt` matters where a cloud charges by the clock; without it the dearest start is assumed.
 * - `storageMiB`: without it, the offer's `diskMiB`, which its price includes.
 * - `egressGiB`, `ingressGiB`: traffic out of and into the machine over the whole job; not counted where not given.
 */
export interface Job {
  readonly duration: Duration.Input
  readonly startAt?: DateTime.Utc | Date
  readonly storageMiB?: number
  readonly egressGiB?: number
  readonly ingressGiB?: number
}

/** One part of an {@link Estimate}. */
export interface EstimateLine {
  readonly item: "compute" | "storage" | "traffic"
  readonly amount: Money
  /** What was counted, for people. */
  readonly note: string
}

/** What a job costs on an offer. */
export interface Estimate {
  /** The sum of the lines. */
  readonly total: Money
  readonly lines: ReadonlyArray<EstimateLine>
  /** What must be on the account at the launch: what is deducted then, or the account's floor if that is more. */
  readonly upfront: Money
  /** The part of what is deducted at the launch that comes back when the machine ends. */
  readonly refundable: Money
  /** The total per hour of the job, its time rounded up to seconds. */
  readonly perHour: Money
  /** Whether nothing had to be left out or assumed; false also when the cloud documents no price for a part. */
  readonly exact: boolean
  readonly assumptions: ReadonlyArray<string>
}

/** The time of a job; `InvalidRequest` unless it is finite and more than nothing. */
const timeOf = (input: Duration.Input): { readonly seconds: number; readonly millis: number } => {
  const duration = Option.getOrUndefined(Duration.fromInput(input))
  const nanos = duration && Option.getOrUndefined(Duration.toNanos(duration))
  if (nanos === undefined || nanos <= 0n) {
    const problem = `${String(input)} is not a time to rent for: give a finite one, like "2 hours"`
    throw thrownBy(estimate, InvalidRequest.of("duration", problem))
  }
  const up = (unit: bigint) => Number((nanos + unit - 1n) / unit)
  return { seconds: up(1_000_000_000n), millis: up(1_000_000n) }
}

/** A quantity in whole units, rounded up; `InvalidRequest` at its path when it is negative or no number. */
const whole = (path: string, amount: number, unitsPer = 1): number => {
  const units = Math.ceil(amount * unitsPer)
  if (amount >= 0 && Number.isSafeInteger(units)) return units
  throw thrownBy(estimate, InvalidRequest.of(path, `must be a finite number of zero or more, not ${amount}`))
}

const times = (rate: Money, quantity: number, per = 1): Money => {
  if (Number.isSafeInteger(quantity)) return scaleMoney(rate, quantity, per)
  throw thrownBy(estimate, InvalidRequest.of("duration", "the job is too long or too big to be computed exactly"))
}

/** Epoch milliseconds; `InvalidRequest` for an invalid date. */
const momentOf = (at: DateTime.Utc | Date): number => {
  const millis = at instanceof Date ? at.getTime() : at.epochMilliseconds
  if (Number.isFinite(millis)) return millis
  throw thrownBy(estimate, InvalidRequest.of("startAt", "is no date"))
}

/** MiB for people: the disks of offers are no round numbers of GiB. */
const gibOf = (mib: number): string => `${(mib / 1024).toFixed(1).replace(/\.0$/, "")} GiB`

/** How many steps are charged, and whether the start had to be assumed. */
const stepsOf = (
  terms: BillingTerms["compute"],
  time: { readonly seconds: number; readonly millis: number },
  job: Job
) => {
  const seconds = Math.max(time.seconds, terms.minimumSeconds)
  if (terms.stepsFrom === "start") return { steps: Math.ceil(seconds / terms.stepSeconds), assumed: false }
  if (!job.startAt) return { steps: Math.ceil(seconds / terms.stepSeconds) + 1, assumed: true }
  const step = terms.stepSeconds * 1000
  const start = momentOf(job.startAt) - (terms.clockOffsetSeconds ?? 0) * 1000
  const end = start + Math.max(time.millis, terms.minimumSeconds * 1000)
  return { steps: Math.ceil(end / step) - Math.floor(start / step), assumed: false }
}

/** What a disk costs for so many seconds. */
export const storageFor = (
  { perUnitMonth, unit, hoursPerMonth, minimumUnits = 0 }: NonNullable<BillingTerms["storage"]>,
  storageMiB: number,
  seconds: number
): Money => {
  if (unit === "GiB") {
    const charged = Math.max(storageMiB, Math.ceil(minimumUnits * 1024))
    return times(perUnitMonth, charged * seconds, 1024 * hoursPerMonth * 3600)
  }
  const charged = Math.max(Math.ceil((storageMiB * 1_048_576) / 1_000_000_000), Math.ceil(minimumUnits))
  return times(perUnitMonth, charged * seconds, hoursPerMonth * 3600)
}

/** So many seconds at the compute rate. */
const computeFor = (terms: BillingTerms["compute"], seconds: number): Money =>
  terms.perStep ? times(terms.perStep, seconds, terms.stepSeconds) : times(terms.perHour, seconds, 3600)

/** What must be on the account at a launch: what is deducted then, or the account's floor if that is more. */
export const neededAtLaunch = ({ compute, upfront, accountFloor }: BillingTerms): Money => {
  const deducted = upfront ? computeFor(compute, upfront.seconds) : zero(compute.perHour.currency)
  return accountFloor && compareMoney(deducted, accountFloor) < 0 ? accountFloor : deducted
}

const countOf = (terms: BillingTerms["compute"], steps: number): string => {
  const unit =
    { 1: "second", 60: "minute", 3600: "hour", 86400: "day" }[terms.stepSeconds] ?? `${terms.stepSeconds} s step`
  return `${steps} ${terms.stepsFrom === "clock" ? "clock " : ""}${unit}${steps === 1 ? "" : "s"}`
}

/**
 * What a job costs on an offer: by the cloud's own rules, not by the price per hour alone.
 *
 * - Null when the offer's price or terms are unknown.
 * - In whole micros, each line rounded up once: never lower than the rate times the time.
 * - A launch's minimum, steps, the disk and priced traffic are counted; what is not known is not guessed, and is said
 *   in `assumptions` with `exact: false`.
 * - Throws `InvalidRequest` when the job's time or a quantity is negative, endless or no number, and when the terms
 *   mix currencies.
 *
 * @example
 * ```ts
 * import { estimate, formatMoney, type Offer } from "@anygpu/core"
 *
 * const costOf = (offer: Offer) => {
 *   const cost = estimate(offer, { duration: "90 minutes", storageMiB: 51_200 })
 *   return cost === null ? "unknown" : formatMoney(cost.total)
 * }
 * ```
 */
export const estimate = (
  offer: Pick<Offer, "pricePerHour" | "terms"> & Partial<Pick<Offer, "diskMiB">>,
  job: Job
): Estimate | null => {
  const time = timeOf(job.duration)
  const storageMiB = job.storageMiB === undefined ? null : whole("storageMiB", job.storageMiB)
  const outMiB = job.egressGiB === undefined ? null : whole("egressGiB", job.egressGiB, 1024)
  const inMiB = job.ingressGiB === undefined ? null : whole("ingressGiB", job.ingressGiB, 1024)
  const { pricePerHour: price, terms } = offer
  if (price === null || terms === null) return null
  const { compute, storage, traffic, includedDiskMiB } = terms

  const lines: EstimateLine[] = []
  const assumptions: string[] = []
  let exact = true
  const leaveOpen = (assumption: string): void => {
    assumptions.push(assumption)
    exact = false
  }

  const { steps, assumed } = stepsOf(compute, time, job)
  const rate = compute.perStep ? `${formatMoney(compute.perStep)} each` : `${formatMoney(compute.perHour)} per hour`
  const seconds = steps * compute.stepSeconds
  lines.push({ item: "compute", amount: computeFor(compute, seconds), note: `${countOf(compute, steps)} at ${rate}` })
  if (assumed) leaveOpen("no start time given: the dearest start against the clock is assumed")

  if (storage !== null) {
    if (storageMiB !== null) {
      const amount = storageFor(storage, storageMiB, time.seconds)
      const rate = `${formatMoney(storage.perUnitMonth)} per ${storage.unit.replace("whole ", "")} and month`
      const note = `${storageMiB} MiB for ${time.seconds} seconds at ${rate}`
      lines.push({ item: "storage", amount, note })
    } else {
      const perHour = subtractMoney(price, compute.perHour)
      const size = offer.diskMiB == null ? "the disk" : `the ${gibOf(offer.diskMiB)}`
      const note = `${size} in the offer's price, ${formatMoney(perHour)} per hour`
      lines.push({ item: "storage", amount: times(perHour, time.seconds, 3600), note })
      if (perHour.micros > 0) assumptions.push(`no disk size given: ${size} that the offer's price includes is assumed`)
      else leaveOpen("no disk size given, and none in the offer's price: the disk is not counted")
    }
    if (storage.whileStopped !== false) {
      assumptions.push(
        `the machine is terminated at the end: its disk ${storage.whileStopped ? "costs" : "may cost"} also while stopped`
      )
    }
  }

  if (includedDiskMiB !== undefined && storageMiB !== null && storageMiB > includedDiskMiB) {
    leaveOpen(
      `the cloud documents no price for a disk above ${includedDiskMiB} MiB: only the price without it is counted`
    )
  }

  if (traffic === "unknown") {
    if (outMiB !== 0 || inMiB !== 0) leaveOpen("the cloud documents no price for traffic: it is not counted")
  } else if (traffic !== null) {
    const ways = [
      { way: "egress", mib: outMiB, perGiB: traffic.outPerGiB },
      { way: "ingress", mib: inMiB, perGiB: traffic.inPerGiB }
    ]
    for (const { way, mib, perGiB } of ways) {
      if (mib !== null) {
        const note = `${mib} MiB ${way} at ${formatMoney(perGiB)} per GiB`
        lines.push({ item: "traffic", amount: times(perGiB, mib, 1024), note })
      } else if (perGiB.micros > 0) leaveOpen(`no ${way} given: it is not counted, at ${formatMoney(perGiB)} per GiB`)
    }
  }

  const nothing = zero(compute.perHour.currency)
  const total = lines.reduce((sum, { amount }) => addMoney(sum, amount), nothing)
  return {
    total,
    lines,
    upfront: neededAtLaunch(terms),
    refundable: terms.upfront ? computeFor(compute, terms.upfront.refundableSeconds) : nothing,
    perHour: times(total, 3600, time.seconds),
    exact,
    assumptions
  }
}
