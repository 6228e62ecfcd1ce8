import type { Money } from "../model/money.ts"
import {
  type HourRow,
  type MarketHour,
  type MarketQuery,
  type PriceScope,
  type PriceSeries,
  scopeOf
} from "./prices.ts"

const hourMillis = 3_600_000

const medianOf = (sorted: ReadonlyArray<number>): number | null => {
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]]
  return low === undefined || high === undefined ? null : Math.round((low + high) / 2)
}

const rowKey = ({ gpu, currency }: Pick<HourRow, "gpu" | "currency">): string => JSON.stringify([gpu, currency])

/** The row of a GPU with what the hour has shown before. */
const merged = (now: HourRow, before: HourRow | undefined): HourRow => {
  const all = [now, before].flatMap((row) => (row?.min == null || row.max === null ? [] : [row.min, row.max]))
  return all.length === 0 ? now : { ...now, min: Math.min(...all), max: Math.max(...all) }
}

const isSameRow = (a: HourRow, b: HourRow | undefined): boolean =>
  b !== undefined && a.min === b.min && a.median === b.median && a.max === b.max && a.count === b.count

/**
 * The rows of an hour that a look changes.
 *
 * - `live` is all that is on offer after it, and `before` what the hour has of the GPUs that are, or were until it.
 */
export const hourRows = (
  scope: PriceScope,
  hour: number,
  live: ReadonlyArray<PriceSeries>,
  before: ReadonlyArray<HourRow>
): ReadonlyArray<HourRow> => {
  const empty = { ...scopeOf(scope), hour, min: null, median: null, max: null, count: 0 }
  const known = new Map(before.map((row) => [rowKey(row), row]))
  const prices = new Map<string, { readonly row: HourRow; readonly each: number[] }>()
  for (const { gpu, currency, micros, gpuCount } of live) {
    if (micros === null) continue
    const key = rowKey({ gpu, currency })
    const group = prices.get(key) ?? { row: { ...empty, gpu, currency }, each: [] }
    group.each.push(Math.round(micros / gpuCount))
    prices.set(key, group)
  }
  const offered = [...prices.values()].map(({ row, each }) => {
    const sorted = each.sort((a, b) => a - b)
    const [min = null, max = null] = [sorted[0], sorted.at(-1)]
    return { ...row, min, max, median: medianOf(sorted), count: sorted.length }
  })
  const absent = before.flatMap((row) =>
    row.gpu === "" || prices.has(rowKey(row)) ? [] : [{ ...row, median: null, count: 0 }]
  )
  const whole: HourRow = { ...empty, gpu: "", currency: "", count: live.length }
  return [whole, ...offered.map((row) => merged(row, known.get(rowKey(row)))), ...absent].filter(
    (row) => !isSameRow(row, known.get(rowKey(row)))
  )
}

/** The hour of a minute. */
export const hourOfMinute = (minute: number): number => Math.floor(minute / 60)

/** The hours of a query, as whole numbers: from the first on, up to the one behind the last. */
export const hoursOf = ({ from, to }: MarketQuery): { readonly first: number; readonly end: number } => ({
  first: from === undefined ? Number.MIN_SAFE_INTEGER : Math.floor(from / hourMillis),
  end: to === undefined ? Number.MAX_SAFE_INTEGER : Math.ceil(to / hourMillis)
})

/** An hour as it is answered. */
export const marketHourOf = ({ hour, gpu, currency, min, median, max, count, ...scope }: HourRow): MarketHour => {
  const amount = (micros: number | null): Money | null =>
    micros === null || currency === "" ? null : { micros, currency }
  const prices = { min: amount(min), median: amount(median), max: amount(max) }
  return { ...scopeOf(scope), gpu: gpu === "" ? null : gpu, hour: hour * hourMillis, ...prices, count }
}
