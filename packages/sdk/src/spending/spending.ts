import { type Budget, type Cost, compareAtPar, type Money, scaleMoney } from "@anygpu/core"

/**
 * The most that may be spent, whatever is launched and however many launches run at once.
 *
 * - It is kept in the ledger: a restart does not refill it, and all processes on one ledger share it.
 * - Only launches under the same `budget` count, each with what its client's limit says.
 */
export interface SpendLimit {
  /** What all machines that were launched under this budget, and are not verified gone, may cost per hour together. */
  readonly perHour?: Money
  /**
   * What they may cost in each day of UTC, and in each calendar month: what machines have cost in it so far, and what those
   * that are there will cost until its end or that of their leases. A launch counts in every day that its machine lasts.
   */
  readonly perDay?: Money
  readonly perMonth?: Money
  /**
   * What all launches under this budget may cost together, from the first one on: for machines with a job or a `ttl`, the
   * whole of it. What was spent stays spent; a new budget begins under another name.
   */
  readonly total?: Money
  /** The name under which launches count together; `"default"` when none is given. */
  readonly budget?: string
}

/** The budget of a limit. */
export const budgetOf = ({ perHour, perDay, perMonth, total, budget = "default" }: SpendLimit): Budget => ({
  name: budget,
  ...(perHour && { perHour }),
  ...(perDay && { perDay }),
  ...(perMonth && { perMonth }),
  ...(total && { total })
})

/**
 * Whether a machine costs more per hour than is held for it.
 *
 * - Less than what its cloud rounds prices to is rounding.
 */
export const isDearer = (price: Money | null, held: Money | null, roundedTo: number): price is Money =>
  price !== null && held !== null && compareAtPar(price, held) >= roundedTo

/** What is held for a machine when its price has risen: all of it in proportion, which is never too little. */
export const atPrice = ({ perHour, total }: Cost, price: Money): Cost => ({
  perHour: price,
  total: total && perHour && perHour.micros > 0 ? scaleMoney(total, price.micros, perHour.micros) : total
})
