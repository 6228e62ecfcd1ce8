import type { Market, MarketHour } from "anygpu"

/** What a time has shown of a GPU: prices in micros, per GPU and hour. One USDC counts as one USD. */
export interface MarketBucket {
  /** Epoch milliseconds of its beginning. */
  readonly from: number
  /** Whether any cloud was looked at: null prices where it was mean that nothing was on offer. */
  readonly looked: boolean
  readonly min: number | null
  /** The middle of the hours' medians, each counted as often as it had offers: near the true one, and not just it. */
  readonly typical: number | null
  readonly max: number | null
  /** The most offers at once, in any of its hours. */
  readonly offers: number
}

const hour = 3_600_000

/** Lengths of time that people read well. */
const lengths: ReadonlyArray<number> = [1, 2, 3, 6, 12, 24, 48, 168, 336, 720, 2160].map((hours) => hours * hour)

/** How many times of a length a span is in, with its two ends. */
const countOf = (from: number, to: number, length: number): number =>
  Math.floor(to / length) - Math.floor(from / length) + 1

/** How long each of at most `most` times is that cover a span. */
export const bucketLength = (from: number, to: number, most: number): number => {
  const fits = (length: number) => countOf(from, to, length) <= most
  return lengths.find(fits) ?? Math.ceil((to - from + 1) / (most - 1) / hour) * hour
}

const middleOf = (rows: ReadonlyArray<MarketHour>): number | null => {
  const known = rows.flatMap(({ median, count }) => (median ? [{ price: median.micros, count }] : []))
  const sorted = known.toSorted((a, b) => a.price - b.price)
  const half = sorted.reduce((sum, { count }) => sum + count, 0) / 2
  let passed = 0
  for (const { price, count } of sorted) {
    passed += count
    if (passed >= half) return price
  }
  return null
}

const extreme = (rows: ReadonlyArray<MarketHour>, name: "min" | "max"): number | null => {
  const all = rows.flatMap((row) => row[name]?.micros ?? [])
  return all.length === 0 ? null : all.reduce((a, b) => (name === "min" ? Math.min(a, b) : Math.max(a, b)))
}

const mostAtOnce = (rows: ReadonlyArray<MarketHour>): number =>
  Array.from(Map.groupBy(rows, (row) => row.hour).values()).reduce(
    (most, some) =>
      Math.max(
        most,
        some.reduce((sum, { count }) => sum + count, 0)
      ),
    0
  )

/** A market in times of one length, the first with the first hour that is known or asked for. */
export const bucketsOf = ({ from, to, hours, looked }: Market, most: number): ReadonlyArray<MarketBucket> => {
  const times = [...hours, ...looked].map((row) => row.hour)
  const first = from?.epochMilliseconds ?? times.reduce((a, b) => Math.min(a, b), to.epochMilliseconds)
  const length = bucketLength(first, Math.max(to.epochMilliseconds, first), most)
  const beginning = Math.floor(first / length)
  const count = countOf(first, Math.max(to.epochMilliseconds, first), length)
  const at = (row: { readonly hour: number }) => Math.floor(row.hour / length)
  const [byTime, lookedAt] = [Map.groupBy(hours, at), new Set(looked.map(at))]
  return Array.from({ length: count }, (_, index) => {
    const rows = byTime.get(beginning + index) ?? []
    return {
      ...{ from: (beginning + index) * length, looked: lookedAt.has(beginning + index) || rows.length > 0 },
      ...{ min: extreme(rows, "min"), typical: middleOf(rows), max: extreme(rows, "max"), offers: mostAtOnce(rows) }
    }
  })
}
