import { type Money, scaleMoney, zero } from "../model/money.ts"

/** A part of time, in epoch milliseconds. */
export interface Period {
  readonly from: number
  readonly to: number
}

/** How long a budget's period lasts: calendar days and months of UTC. */
export type PeriodUnit = "day" | "month"

const hour = 3_600_000
const day = 24 * hour

const dayOf = (at: number): Period => {
  const from = Math.floor(at / day) * day
  return { from, to: from + day }
}

const monthOf = (at: number): Period => {
  const date = new Date(at)
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()]
  return { from: Date.UTC(year, month, 1), to: Date.UTC(year, month + 1, 1) }
}

/** The day or month of UTC that a moment is in. */
export const periodAt = (unit: PeriodUnit, at: number): Period => (unit === "day" ? dayOf(at) : monthOf(at))

/** So many periods are looked at: see {@link periodsFrom}. */
const periodsLookedAt = 3

/**
 * The periods in which a machine that is rented now may cost the most: the present one and the two after it.
 *
 * - What is held by now for others grows less from each whole period to the next, since their machines only end. So the
 *   first whole period is the fullest. Of months, one of two that follow each other has 31 days.
 */
export const periodsFrom = (unit: PeriodUnit, now: number): ReadonlyArray<Period> => {
  const periods = [periodAt(unit, now)]
  while (periods.length < periodsLookedAt) periods.push(periodAt(unit, periods.at(-1)?.to ?? now))
  return periods
}

/** How a period is called: `2026-12-01` or `2026-12`. */
export const periodText = (unit: PeriodUnit, { from }: Period): string =>
  new Date(from).toISOString().slice(0, unit === "day" ? 10 : 7)

/** For how long a machine is there, as far as that is known, and what it costs meanwhile. */
export interface Stay {
  /** Epoch milliseconds when its launch was opened. */
  readonly from: number
  /** Epoch milliseconds until which it is rented; null until somebody ends it. */
  readonly leaseUntil: number | null
  /** Epoch milliseconds when it was verified gone; null while it may be there. */
  readonly goneAt: number | null
  /** What is held for it per hour, also once it is gone; null where that is not known. */
  readonly perHour: Money | null
  /** What is held for it as a whole; null where that is not known. */
  readonly total: Money | null
}

/** Until when a machine costs: until it is gone, or its lease ends; one whose lease is over goes on until this moment. */
const endOf = ({ leaseUntil, goneAt }: Stay, now: number): number =>
  goneAt ?? (leaseUntil === null ? Number.POSITIVE_INFINITY : Math.max(leaseUntil, now))

/** An amount per hour for a time, in begun hours. */
const inHours = (perHour: Money, millis: number): Money => scaleMoney(perHour, Math.ceil(millis / hour))

/**
 * What of a machine counts in a period: its price per hour for each begun hour that it is there then; null where its price
 * is not known.
 *
 * - It is taken to cost from its launch until it is verified gone. While it is there, until its lease ends, or without one
 *   until the period does. It counts at the same price while it is stopped.
 * - What its whole cost has above that (a minimum, traffic, a disk that is paid longer) counts in the period of its launch, as
 *   long as it is there.
 * - One that costs nothing per hour was ended as soon as it was made: what it did cost counts in the period of its launch.
 */
export const costInPeriod = (stay: Stay, { from, to }: Period, now: number): Money | null => {
  const { perHour, total, goneAt } = stay
  // The clock of the computer that launched it may be ahead of the ledger's.
  const begins = Math.min(stay.from, now)
  const end = endOf(stay, now)
  const isIn = begins < to && (end > from || (end === begins && begins >= from))
  if (!isIn) return zero(perHour?.currency)
  if (perHour === null) return null
  const isItsFirst = begins >= from
  if (perHour.micros === 0) return isItsFirst && total !== null ? total : perHour
  const part = Math.max(1, Math.min(end, to) - Math.max(begins, from))
  const cost = inHours(perHour, part)
  if (!isItsFirst || goneAt !== null || total === null || end === Number.POSITIVE_INFINITY) return cost
  const above = Math.max(0, total.micros - inHours(perHour, end - begins).micros)
  return { ...cost, micros: cost.micros + above }
}
