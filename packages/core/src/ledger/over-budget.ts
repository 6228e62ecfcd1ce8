import { OutOfFunds } from "../errors.ts"
import { addMoney, compareAtPar, formatMoney, type Money, zero } from "../model/money.ts"
import type { Budget, Commitment } from "./budget.ts"
import { costInPeriod, type Period, type PeriodUnit, periodsFrom, periodText } from "./period.ts"

/** What is to be held: of a launch that is to be opened, or of one whose cost has changed. */
export type Wanted = Pick<Commitment, "cost" | "stay">

/** One amount that a budget limits. */
interface Limit {
  readonly name: "perHour" | "perDay" | "perMonth" | "total"
  readonly most: Money
  /** What the sum is over: `per hour`, `on 2026-12-01 (UTC)`. */
  readonly over: string
  readonly wayOut: string
  /** What one launch adds to it; null where that is not known. */
  readonly of: (one: Wanted) => Money | null
}

/** The sum of amounts, in the currency of a limit: both dollar currencies count one for one. */
export const sumOf = (amounts: ReadonlyArray<Money>, { currency }: Money): Money =>
  amounts.reduce((sum, { micros }) => addMoney(sum, { micros, currency }), zero(currency))

const unitWords = { day: "on", month: "in" } as const
const shorter = "end a machine first, rent for a shorter time (ttl), or raise the limit"

const periodLimits = (
  name: "perDay" | "perMonth",
  unit: PeriodUnit,
  most: Money | undefined,
  now: number
): ReadonlyArray<Limit> =>
  most === undefined
    ? []
    : periodsFrom(unit, now).map((period: Period) => ({
        ...{ name, most, wayOut: shorter },
        over: `${unitWords[unit]} ${periodText(unit, period)} (UTC)`,
        of: ({ stay }) => costInPeriod(stay, period, now)
      }))

/** What a budget limits, in the order in which it is looked at. */
const limitsOf = ({ perHour, perDay, perMonth, total }: Budget, now: number): ReadonlyArray<Limit> => [
  ...(perHour === undefined
    ? []
    : [
        {
          ...({ name: "perHour", most: perHour, over: "per hour" } as const),
          wayOut: "end a machine first, or raise the limit",
          of: ({ cost }: Wanted) => cost.perHour
        }
      ]),
  ...periodLimits("perDay", "day", perDay, now),
  ...periodLimits("perMonth", "month", perMonth, now),
  ...(total === undefined
    ? []
    : [
        {
          ...({ name: "total", most: total, over: "in total" } as const),
          wayOut: "what was spent stays spent: raise the limit, or give it the name of another budget",
          of: ({ cost }: Wanted) => cost.total
        }
      ])
]

const outOfFunds = (message: string, available: Money, needed?: Money): OutOfFunds =>
  new OutOfFunds({ message, retry: "permanent", available, ownLimit: true, ...(needed && { needed }) })

const overLimit = (
  { name, most, over, wayOut, of }: Limit,
  held: ReadonlyArray<Commitment>,
  wanted: Wanted,
  budget: string
): OutOfFunds | null => {
  const cannotBeKept = `the ${name} limit of the budget "${budget}" cannot be kept`
  const own = of(wanted)
  if (own === null) {
    const why = name === "total" ? ": give it a ttl, or a job" : ""
    return outOfFunds(`${cannotBeKept}: what this launch costs ${over} is not known${why}`, most)
  }
  const unknown = held.find((one) => of(one) === null)
  if (unknown) {
    const which = unknown.ref ?? unknown.marker
    return outOfFunds(`${cannotBeKept}: what ${which} costs ${over} is not known, end it first`, most)
  }
  const before = sumOf(
    held.flatMap((one) => of(one) ?? []),
    most
  )
  const needed = sumOf([before, own], most)
  // A launch that adds nothing to a period does not pass its limit.
  if (compareAtPar(needed, most) <= 0 || (own.micros === 0 && name !== "perHour" && name !== "total")) return null
  return outOfFunds(
    `this launch would bring the budget "${budget}" to ${formatMoney(needed)} ${over}, above its limit of ` +
      `${formatMoney(most)} (${formatMoney(before)} is held or spent already); ${wayOut}`,
    most,
    needed
  )
}

/**
 * Why a launch that costs so much passes a budget that holds this for others; null when it does not.
 *
 * - `OutOfFunds` with `ownLimit`: `needed` is what the budget would come to, `available` its limit.
 * - A limit is also passed when it cannot be kept, since what something costs is not known.
 * - Days and months are those of UTC, by the moment `now` in epoch milliseconds. A launch is counted in each that its machine
 *   is there: see `costInPeriod`.
 */
export const overBudget = (
  held: ReadonlyArray<Commitment>,
  wanted: Wanted,
  budget: Budget,
  now: number
): OutOfFunds | null => {
  for (const limit of limitsOf(budget, now)) {
    const over = overLimit(limit, held, wanted, budget.name)
    if (over) return over
  }
  return null
}
