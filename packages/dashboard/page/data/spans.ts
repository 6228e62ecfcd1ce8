/** How far back spending is shown, and in which steps. */
export const spans = {
  "7d": { text: "Week", days: 7, step: 1 },
  "30d": { text: "30 days", days: 30, step: 1 },
  "90d": { text: "90 days", days: 91, step: 7 }
} as const

/** The name of a span. */
export type Span = keyof typeof spans

const day = 86_400_000

/** Times of a span, the oldest first: days of UTC, as the ledger counts them. The last one goes on until now. */
export const stepsOf = (span: Span, now: number): ReadonlyArray<{ readonly from: string; readonly to?: string }> => {
  const { days, step } = spans[span]
  const end = (Math.floor(now / day) + 1) * day
  const moment = (at: number) => new Date(at).toISOString().replace(".000", "")
  return Array.from({ length: Math.ceil(days / step) }, (_, index, count = Math.ceil(days / step)) => {
    const from = end - (count - index) * step * day
    return index === count - 1 ? { from: moment(from) } : { from: moment(from), to: moment(from + step * day) }
  })
}
