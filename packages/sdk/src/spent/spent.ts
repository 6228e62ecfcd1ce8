import { type BillingInterval, InvalidRequest, type Ledger, type Money, shape, sumsOf } from "@anygpu/core"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { costWithin, daysOf, type SpanCost } from "./interval-cost.ts"

/** How what was spent is grouped. */
export const spentBy = ["machine", "cloud", "gpu", "day"] as const

/** One of {@link spentBy}. */
export type SpentBy = (typeof spentBy)[number]

/** What of the past is asked for. */
export interface SpentRequest {
  /** From when on: all that the ledger knows by default. */
  readonly from?: DateTime.DateTime.Input
  /** Until when: now by default. */
  readonly to?: DateTime.DateTime.Input
  /** `machine` by default. Days are those of UTC. */
  readonly by?: SpentBy
}

/** What one machine, cloud, GPU or day has cost. */
export interface SpentRow {
  /** The machine's ref, the cloud's name, such as `2x H100 SXM` or `2026-11-30`. */
  readonly of: string
  /** One amount for each currency. */
  readonly cost: ReadonlyArray<Money>
  /** For how long machines were paid for, added up. */
  readonly paid: Duration.Duration
  /** How much of that nobody looked: they are taken to have cost what they cost before. */
  readonly unobserved: Duration.Duration
  /** How much of that has a price that is not known, and is in no amount: of stopped machines, say. */
  readonly unpriced: Duration.Duration
}

/**
 * What machines have cost, by what was seen of them.
 *
 * - An estimate: the price per hour at each look, for the time until the next one. Minimum charges, begun hours, traffic and
 *   taxes are not in it; the cloud's own invoice is.
 */
export interface Spent {
  readonly by: SpentBy
  /** Null where it goes back as far as the ledger. */
  readonly from: DateTime.Utc | null
  readonly to: DateTime.Utc
  /** The dearest first; days in their order. */
  readonly rows: ReadonlyArray<SpentRow>
  readonly total: Omit<SpentRow, "of">
}

const requestShape = shape.argument({
  from: shape.optional(shape.moment),
  to: shape.optional(shape.moment),
  by: shape.optional(shape.oneOf(...spentBy))
})

const wordsOf = ({ interval: { ref, gpu }, from }: SpanCost): Readonly<Record<SpentBy, string>> => ({
  machine: ref.toString(),
  cloud: ref.provider,
  gpu: gpu ?? "no GPU",
  day: new Date(from).toISOString().slice(0, 10)
})

const sumOf = (parts: ReadonlyArray<SpanCost>): Omit<SpentRow, "of"> => {
  const millis = (some: (part: SpanCost) => number) => Duration.millis(parts.reduce((sum, part) => sum + some(part), 0))
  return {
    cost: sumsOf(parts.flatMap(({ cost }) => cost ?? [])),
    paid: millis(({ from, to }) => to - from),
    unobserved: millis(({ unobserved }) => unobserved),
    unpriced: millis(({ from, to, cost }) => (cost === null ? to - from : 0))
  }
}

const amountOf = ({ cost }: SpentRow): number => cost.reduce((sum, { micros }) => sum + micros, 0)

const rowsOf = (parts: ReadonlyArray<SpanCost>, by: SpentBy): ReadonlyArray<SpentRow> => {
  const groups = Map.groupBy(parts, (part) => wordsOf(part)[by])
  const rows = Array.from(groups, ([of, some]): SpentRow => ({ of, ...sumOf(some) }))
  return by === "day"
    ? rows.sort((a, b) => (a.of < b.of ? -1 : 1))
    : rows.sort((a, b) => amountOf(b) - amountOf(a) || (a.of < b.of ? -1 : 1))
}

const momentOf = (input: DateTime.DateTime.Input | undefined): DateTime.Utc | null =>
  input === undefined ? null : DateTime.toUtc(DateTime.makeUnsafe(input))

const spansOf = (
  interval: BillingInterval,
  from: number,
  to: number,
  by: SpentBy,
  now: number
): ReadonlyArray<SpanCost> => {
  const whole = costWithin(interval, { from, to }, now)
  if (whole === null || by !== "day") return whole === null ? [] : [whole]
  return daysOf(whole).flatMap((day) => costWithin(interval, day, now) ?? [])
}

/** What machines have cost, by the ledger alone: no cloud is asked. */
export const spentBefore = (ledger: Ledger) =>
  Effect.fnUntraced(function* (request: SpentRequest = {}) {
    const issues = requestShape("request", request)
    if (issues.length > 0) return yield* Effect.fail(InvalidRequest.all(issues))
    const now = yield* Clock.currentTimeMillis
    const from = momentOf(request.from)
    const to = momentOf(request.to) ?? DateTime.makeUnsafe(now)
    if (from !== null && from.epochMilliseconds > to.epochMilliseconds) {
      return yield* Effect.fail(InvalidRequest.of("from", "is later than to: nothing lies between"))
    }
    const { by = "machine" } = request
    const span = { from: from?.epochMilliseconds ?? Number.NEGATIVE_INFINITY, to: to.epochMilliseconds }
    const intervals = yield* ledger.history({ to: span.to, ...(from && { from: span.from }) })
    const parts = intervals.flatMap((interval) => spansOf(interval, span.from, span.to, by, now))
    return { by, from, to, rows: rowsOf(parts, by), total: sumOf(parts) } satisfies Spent
  })
