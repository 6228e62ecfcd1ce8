import type * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import { thrownBy } from "../caller-frame.ts"
import { InvalidRequest } from "../errors.ts"
import type { BillingTerms } from "./billing.ts"
import { gibOf, keptDisk, type Part, type StorageTerms, unpricedDisk } from "./estimate-part.ts"
import type { Job } from "./job.ts"
import { addMoney, compareMoney, formatMoney, type Money, scaleMoney, subtractMoney, zero } from "./money.ts"
import type { Offer } from "./offer.ts"

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

/** The time of a job, each rounded up to whole units. */
interface Time {
  readonly seconds: number
  readonly millis: number
}

/** The time of a job; `InvalidRequest` unless it is finite and more than nothing. */
const timeOf = (input: Duration.Input): Time => {
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

/** How many steps are charged, and whether the start had to be assumed. */
const stepsOf = (terms: BillingTerms["compute"], time: Time, job: Job) => {
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
  { perUnitMonth, unit, hoursPerMonth, minimumUnits = 0 }: StorageTerms,
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

/** What new disks cost for so many seconds, each by itself: the smallest size that is rented is one of the machine's own disk. */
export const newDisksFor = (
  { minimumUnits: _, ...rate }: StorageTerms,
  volumesMiB: ReadonlyArray<number>,
  seconds: number
): Money =>
  volumesMiB.reduce((sum, size) => addMoney(sum, storageFor(rate, size, seconds)), zero(rate.perUnitMonth.currency))

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

const computePart = (compute: BillingTerms["compute"], time: Time, job: Job): Part => {
  const { steps, assumed } = stepsOf(compute, time, job)
  const rate = compute.perStep ? `${formatMoney(compute.perStep)} each` : `${formatMoney(compute.perHour)} per hour`
  const amount = computeFor(compute, steps * compute.stepSeconds)
  return {
    lines: [{ item: "compute", amount, note: `${countOf(compute, steps)} at ${rate}` }],
    ...(compute.whileStopped && { assumed: ["the machine is terminated at the end: stopped, it costs in full"] }),
    open: assumed ? ["no start time given: the dearest start against the clock is assumed"] : []
  }
}

/** The disk that was asked for. */
const askedDisk = (storage: StorageTerms, storageMiB: number, { seconds }: Time): Part => {
  const rate = `${formatMoney(storage.perUnitMonth)} per ${storage.unit.replace("whole ", "")} and month`
  const note = `${storageMiB} MiB for ${seconds} seconds at ${rate}`
  return { lines: [{ item: "storage", amount: storageFor(storage, storageMiB, seconds), note }] }
}

/** The disk that the offer's price includes. */
const includedDisk = (perHour: Money, diskMiB: number | null | undefined, { seconds }: Time): Part => {
  const size = diskMiB == null ? "the disk" : `the ${gibOf(diskMiB)}`
  const note = `${size} in the offer's price, ${formatMoney(perHour)} per hour`
  const lines = [{ item: "storage", amount: times(perHour, seconds, 3600), note }] as const
  return perHour.micros > 0
    ? { lines, assumed: [`no disk size given: ${size} that the offer's price includes is assumed`] }
    : { lines, open: ["no disk size given, and none in the offer's price: the disk is not counted"] }
}

const unpricedVolumes = "the cloud documents no price for new volumes: they are not counted"

const newDisks = (storage: StorageTerms | null, volumesMiB: ReadonlyArray<number>, { seconds }: Time): Part => {
  if (volumesMiB.length === 0) return { lines: [] }
  if (storage === null) return { lines: [], open: [unpricedVolumes] }
  const size = gibOf(volumesMiB.reduce((sum, one) => sum + one, 0))
  const what = volumesMiB.length === 1 ? `a new volume of ${size}` : `${volumesMiB.length} new volumes of ${size}`
  return {
    lines: [
      { item: "storage", amount: newDisksFor(storage, volumesMiB, seconds), note: `${what} for ${seconds} seconds` }
    ],
    assumed: ["new volumes are counted for the time of the job: one that outlives the machine costs on"]
  }
}

/** What goes out of the machine or into it, in MiB; null where the job does not say. */
interface Traffic {
  readonly outMiB: number | null
  readonly inMiB: number | null
}

const oneWay = (way: "egress" | "ingress", mib: number | null, perGiB: Money): Part => {
  if (mib !== null) {
    const note = `${mib} MiB ${way} at ${formatMoney(perGiB)} per GiB`
    return { lines: [{ item: "traffic", amount: times(perGiB, mib, 1024), note }] }
  }
  const open = perGiB.micros > 0 ? [`no ${way} given: it is not counted, at ${formatMoney(perGiB)} per GiB`] : []
  return { lines: [], open }
}

const trafficParts = (traffic: BillingTerms["traffic"], { outMiB, inMiB }: Traffic): ReadonlyArray<Part> => {
  if (traffic === null) return []
  if (traffic !== "unknown")
    return [oneWay("egress", outMiB, traffic.outPerGiB), oneWay("ingress", inMiB, traffic.inPerGiB)]
  const isNone = outMiB === 0 && inMiB === 0
  return [{ lines: [], open: isNone ? [] : ["the cloud documents no price for traffic: it is not counted"] }]
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
  const volumesMiB = (job.volumesMiB ?? []).map((size, index) => whole(`volumesMiB[${index}]`, size))
  const outMiB = job.egressGiB === undefined ? null : whole("egressGiB", job.egressGiB, 1024)
  const inMiB = job.ingressGiB === undefined ? null : whole("ingressGiB", job.ingressGiB, 1024)
  const { pricePerHour: price, terms } = offer
  if (price === null || terms === null) return null
  const { compute, storage, traffic, includedDiskMiB } = terms
  const parts: ReadonlyArray<Part> = [
    computePart(compute, time, job),
    ...(storage === null
      ? []
      : [
          storageMiB === null
            ? includedDisk(subtractMoney(price, compute.perHour), offer.diskMiB, time)
            : askedDisk(storage, storageMiB, time),
          keptDisk(storage)
        ]),
    unpricedDisk(includedDiskMiB, storageMiB),
    newDisks(storage, volumesMiB, time),
    ...trafficParts(traffic, { outMiB, inMiB })
  ]
  const lines = parts.flatMap((part) => part.lines)
  const nothing = zero(compute.perHour.currency)
  const total = lines.reduce((sum, { amount }) => addMoney(sum, amount), nothing)
  return {
    total,
    lines,
    upfront: neededAtLaunch(terms),
    refundable: terms.upfront ? computeFor(compute, terms.upfront.refundableSeconds) : nothing,
    perHour: times(total, 3600, time.seconds),
    exact: parts.every(({ open = [] }) => open.length === 0),
    assumptions: parts.flatMap(({ assumed = [], open = [] }) => [...open, ...assumed])
  }
}
