import * as Effect from "effect/Effect"
import { OutOfFunds } from "../errors.ts"
import { addMoney, compareAtPar, formatMoney, type Money, scaleMoney, zero } from "../model/money.ts"
import { InstanceRef } from "../model/ref.ts"
import type { LaunchRecord } from "./ledger.ts"
import type { Stored } from "./store.ts"

/** The most that all launches under one name may cost together. */
export interface Budget {
  /** What is launched under the same name on the same ledger counts together, in whatever process. */
  readonly name: string
  /** What the machines that are not verified gone may cost per hour. */
  readonly perHour?: Money
  /** What all launches may cost, those whose machines have ended too: it is never refilled. */
  readonly total?: Money
}

/** What a launch is expected to cost, with its disk and its bid; null where that is not known. */
export interface Cost {
  readonly perHour: Money | null
  /** For the whole time that its machine is wanted. */
  readonly total: Money | null
}

/** What a launch wants to have held for it, and in which budget. */
export interface Reservation {
  readonly budget: Budget
  readonly cost: Cost
}

/** What a budget holds for one launch now. */
export interface Commitment {
  readonly marker: string
  readonly budget: string
  /** Its machine, once known. */
  readonly ref: InstanceRef | null
  /** Nothing per hour once the machine is verified gone; its total stays. */
  readonly cost: Cost
}

const hour = 3_600_000

/** An unknown total is computed from the time that the machine was there, in whole hours, once it is gone. */
const totalOf = ({ perHour, total }: Cost, at: number, goneAt: number | null): Money | null =>
  total === null && perHour !== null && goneAt !== null
    ? scaleMoney(perHour, Math.max(1, Math.ceil((goneAt - at) / hour)))
    : total

/**
 * What a budget holds for a launch, by what is known of it; null when that is nothing.
 *
 * - A launch that made nothing, as far as is known (`refused`, `absent`), holds nothing. One that is found to have made
 *   something after all holds it again.
 * - A machine that is verified gone costs nothing per hour any more, and its total stays spent.
 */
export const commitmentOf = (
  { marker, state, provider, kind, instanceId, at }: LaunchRecord,
  budget: string,
  cost: Cost,
  goneAt: number | null
): Commitment | null => {
  if (instanceId === null && (state === "refused" || state === "absent")) return null
  const ref = instanceId === null ? null : new InstanceRef(provider, kind, instanceId)
  const perHour = goneAt === null ? cost.perHour : zero(cost.perHour?.currency)
  return { marker, budget, ref, cost: { perHour, total: totalOf(cost, at, goneAt) } }
}

/** Both dollar currencies count one for one, as for every limit. */
const sumOf = (amounts: ReadonlyArray<Money>, { currency }: Money): Money =>
  amounts.reduce((sum, { micros }) => addMoney(sum, { micros, currency }), zero(currency))

const inWords = { perHour: "per hour", total: "in total" } as const
const wayOut = {
  perHour: "end a machine first, or raise the limit",
  total: "what was spent stays spent: raise the limit, or give it the name of another budget"
} as const

const outOfFunds = (message: string, available: Money, needed?: Money): OutOfFunds =>
  new OutOfFunds({ message, retry: "permanent", available, ownLimit: true, ...(needed && { needed }) })

const overLimit = (
  name: "perHour" | "total",
  held: ReadonlyArray<Commitment>,
  wanted: Money | null,
  budget: Budget
): OutOfFunds | null => {
  const most = budget[name]
  if (!most) return null
  const cannotBeKept = `the ${name} limit of the budget "${budget.name}" cannot be kept`
  if (wanted === null) {
    const why = name === "total" ? ": give it a ttl, or a job" : ""
    return outOfFunds(`${cannotBeKept}: what this launch costs ${inWords[name]} is not known${why}`, most)
  }
  const unknown = held.find(({ cost }) => cost[name] === null)
  if (unknown) {
    const which = unknown.ref ?? unknown.marker
    const message = `${cannotBeKept}: what ${which} costs ${inWords[name]} is not known, end it first`
    return outOfFunds(message, most)
  }
  const before = sumOf(
    held.flatMap(({ cost }) => cost[name] ?? []),
    most
  )
  const needed = sumOf([before, wanted], most)
  if (compareAtPar(needed, most) <= 0) return null
  return outOfFunds(
    `this launch would bring the budget "${budget.name}" to ${formatMoney(needed)} ${inWords[name]}, above its limit of ` +
      `${formatMoney(most)} (${formatMoney(before)} is held or spent already); ${wayOut[name]}`,
    most,
    needed
  )
}

/**
 * Why a launch that costs so much passes a budget that holds this for others; null when it does not.
 *
 * - `OutOfFunds` with `ownLimit`: `needed` is what the budget would come to, `available` its limit.
 * - A limit is also passed when it cannot be kept, since what something costs is not known.
 */
export const overBudget = (held: ReadonlyArray<Commitment>, wanted: Cost, budget: Budget): OutOfFunds | null =>
  overLimit("perHour", held, wanted.perHour, budget) ?? overLimit("total", held, wanted.total, budget)

/** Why the first of several reservations that passes its budget does, by what each budget holds; null when all fit. */
export const firstOver = Effect.fnUntraced(function* (
  reservations: ReadonlyArray<Reservation>,
  heldIn: (budget: string) => Stored<ReadonlyArray<Commitment>>
) {
  for (const { budget, cost } of reservations) {
    const over = overBudget(yield* heldIn(budget.name), cost, budget)
    if (over) return over
  }
  return null
})

/** Why a budget is passed after what it holds for one launch was changed; null when it is not. */
export const overAfterChange = (held: ReadonlyArray<Commitment>, marker: string, budget: Budget): OutOfFunds | null => {
  const changed = held.find((one) => one.marker === marker)
  const others = held.filter((one) => one !== changed)
  return changed ? overBudget(others, changed.cost, budget) : null
}
