import { type Money, zero } from "../model/money.ts"
import type { Commitment } from "./budget.ts"
import { sumOf } from "./over-budget.ts"
import { costInPeriod, periodAt } from "./period.ts"

/** How much of a budget is held and spent. Null where what one launch costs is not known, so that no sum is. */
export interface BudgetStanding {
  /** What the machines that are there cost per hour. */
  readonly perHour: Money | null
  /** What was spent in the present day of UTC, and what is held until its end. */
  readonly day: Money | null
  /** The same in the present calendar month of UTC. */
  readonly month: Money | null
  /** Of all launches from the first one on. */
  readonly total: Money | null
}

const sumOrNull = (amounts: ReadonlyArray<Money | null>): Money | null => {
  const known = amounts.filter((amount) => amount !== null)
  return known.length < amounts.length ? null : sumOf(known, zero("USD"))
}

/**
 * How much of a budget is held and spent, by what it holds for its launches, at a moment in epoch milliseconds.
 *
 * - What a limit is compared with, see `overBudget`. Both dollar currencies count one for one.
 */
export const budgetStanding = (held: ReadonlyArray<Commitment>, now: number): BudgetStanding => {
  const [day, month] = [periodAt("day", now), periodAt("month", now)]
  return {
    perHour: sumOrNull(held.map(({ cost }) => cost.perHour)),
    day: sumOrNull(held.map(({ stay }) => costInPeriod(stay, day, now))),
    month: sumOrNull(held.map(({ stay }) => costInPeriod(stay, month, now))),
    total: sumOrNull(held.map(({ cost }) => cost.total))
  }
}
