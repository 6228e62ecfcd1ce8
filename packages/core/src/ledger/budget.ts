import * as Effect from "effect/Effect"
import type { OutOfFunds } from "../errors.ts"
import { type Money, scaleMoney, zero } from "../model/money.ts"
import { InstanceRef } from "../model/ref.ts"
import type { LaunchRecord } from "./ledger.ts"
import { overBudget, type Wanted } from "./over-budget.ts"
import type { Stay } from "./period.ts"
import type { Tables } from "./store.ts"

/** The most that all launches under one name may cost together. */
export interface Budget {
  /** What is launched under the same name on the same ledger counts together, in whatever process. */
  readonly name: string
  /** What the machines that are not verified gone may cost per hour. */
  readonly perHour?: Money
  /** What they may cost in each day of UTC. */
  readonly perDay?: Money
  /** What they may cost in each calendar month of UTC. */
  readonly perMonth?: Money
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
  /** What counts of it in a day or a month. */
  readonly stay: Stay
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
 * - A machine that is verified gone costs nothing per hour any more, and its total stays spent. So it is with one that may have
 *   been made and has ended by itself since (`lapsed`).
 */
export const commitmentOf = (
  { marker, state, provider, kind, instanceId, at, leaseUntil }: LaunchRecord,
  budget: string,
  cost: Cost,
  seenGoneAt: number | null
): Commitment | null => {
  const goneAt = state === "lapsed" ? leaseUntil : seenGoneAt
  if (instanceId === null && (state === "refused" || state === "absent")) return null
  const ref = instanceId === null ? null : new InstanceRef(provider, kind, instanceId)
  const perHour = goneAt === null ? cost.perHour : zero(cost.perHour?.currency)
  const stay = { from: at, leaseUntil, goneAt, ...cost }
  return { marker, budget, ref, cost: { perHour, total: totalOf(cost, at, goneAt) }, stay }
}

/** What a launch wants to have held for it, by what it says of its time. */
export const wantedFor = ({ at, leaseUntil }: Pick<LaunchRecord, "at" | "leaseUntil">, cost: Cost): Wanted => ({
  cost,
  stay: { from: at, leaseUntil, goneAt: null, ...cost }
})

/** Whether anything is limited: what is only added up needs no look at what others hold. */
const isLimited = ({ perHour, perDay, perMonth, total }: Budget): boolean =>
  [perHour, perDay, perMonth, total].some((limit) => limit !== undefined)

/** Why the first of several reservations that passes its budget does, by what each budget holds; null when all fit. */
export const firstOver = Effect.fnUntraced(function* (
  launch: LaunchRecord,
  reservations: ReadonlyArray<Reservation>,
  { budgets, now }: Pick<Tables, "budgets" | "now">
) {
  for (const { budget, cost } of reservations) {
    if (!isLimited(budget)) continue
    const held = yield* budgets.commitments(budget.name)
    // After the budget is held: what another launch has added by then was opened before this moment.
    const over = overBudget(held, wantedFor(launch, cost), budget, yield* now())
    if (over) return over
  }
  return null
})

/** Why a budget is passed after what it holds for one launch was changed; null when it is not. */
export const overAfterChange = (
  held: ReadonlyArray<Commitment>,
  marker: string,
  budget: Budget,
  now: number
): OutOfFunds | null => {
  const changed = held.find((one) => one.marker === marker)
  const others = held.filter((one) => one !== changed)
  return changed ? overBudget(others, changed, budget, now) : null
}
