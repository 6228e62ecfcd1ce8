import { type BillingInterval, type Money, scaleMoney } from "@anygpu/core"

/** A part of time, in epoch milliseconds. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** What a machine has cost in a part of time. */
export interface SpanCost extends Span {
  readonly interval: BillingInterval
  /** Null where its price is not known: of a stopped machine, or of a state whose billing is not known. */
  readonly cost: Money | null
  /** How much of it nobody looked: milliseconds. */
  readonly unobserved: number
}

const hour = 3_600_000
const day = 24 * hour

/** A gap that is longer than this counts: the same looks are written down every ten minutes only. */
const usualGap = 20 * 60_000

const overlap = (a: Span, b: Span): number => Math.max(0, Math.min(a.to, b.to) - Math.max(a.from, b.from))

const longGap = (gap: Span, span: Span): number => (gap.to - gap.from > usualGap ? overlap(gap, span) : 0)

/** What an interval comes to within a span; null where it is in no part of it, or costs nothing. */
export const costWithin = (interval: BillingInterval, span: Span, now: number): SpanCost | null => {
  const { from, first, seen, billing, pricePerHour } = interval
  const end = interval.end ?? Math.max(now, seen)
  const part = { from: Math.max(from, span.from), to: Math.min(end, span.to) }
  if (billing === "none" || part.to <= part.from) return null
  const unobserved = longGap({ from, to: first }, part) + longGap({ from: seen, to: end }, part)
  const isPriced = billing === "compute" && pricePerHour !== null
  return { ...part, interval, cost: isPriced ? scaleMoney(pricePerHour, part.to - part.from, hour) : null, unobserved }
}

/** A span, cut at every midnight of UTC. */
export const daysOf = ({ from, to }: Span): ReadonlyArray<Span> => {
  const days: Span[] = []
  for (let start = from; start < to; ) {
    const end = Math.min(to, (Math.floor(start / day) + 1) * day)
    days.push({ from: start, to: end })
    start = end
  }
  return days
}
