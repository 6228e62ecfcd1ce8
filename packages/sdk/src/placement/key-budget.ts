import { type Budget, type Cost, CurrentLedger, type Ledger, type Money, type ProviderFault, zero } from "@anygpu/core"
import * as Effect from "effect/Effect"

/** Under this name the ledger adds up what the launches of a key cost, in whatever process; no limit of its own. */
const budgetFor = (key: string): Budget => ({ name: `launches with the key ${JSON.stringify(key)}` })

/**
 * What the machines have cost that earlier calls with a key rented in vain, one amount each, as the ledger has it.
 *
 * - Fails with `ProviderFault` when the ledger cannot be read.
 */
export const spentUnder = (ledger: Ledger, key: string): Effect.Effect<ReadonlyArray<Money>, ProviderFault> =>
  Effect.map(ledger.commitments(budgetFor(key).name), (held) => held.flatMap(({ cost }) => cost.total ?? []))

/** One launch that is added up under its key. */
export interface Counted {
  /** Runs the launch: what its job costs is held with it, in the step that opens it. */
  readonly during: <A, E>(launch: Effect.Effect<A, E>) => Effect.Effect<A, E>
  /** From now on it is held at what its machine did cost, which is ended. */
  readonly spent: (total: Money) => Effect.Effect<void>
}

/** A launch that costs so much; one without a key is not added up. */
export const countedUnder = (key: string | undefined, cost: Cost): Counted => {
  if (key === undefined) return { during: (launch) => launch, spent: () => Effect.void }
  const budget = budgetFor(key)
  let opened: string | null = null
  const counting = (ledger: Ledger): Ledger => ({
    ...ledger,
    openLaunch: (launch, ...reservations) =>
      ledger.openLaunch(launch, ...reservations, { budget, cost }).pipe(
        Effect.tap(({ marker }) =>
          Effect.sync(() => {
            if (marker === launch.marker) opened = marker
          })
        )
      )
  })
  return {
    during: (launch) =>
      Effect.flatMap(CurrentLedger, (ledger) => Effect.provideService(launch, CurrentLedger, counting(ledger))),
    spent: (total) =>
      Effect.flatMap(CurrentLedger, (ledger) =>
        opened === null
          ? Effect.void
          : Effect.ignore(ledger.recommit(opened, { budget, cost: { perHour: zero(total.currency), total } }))
      )
  }
}
