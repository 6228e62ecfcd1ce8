import type { Ledger, ProviderFault } from "@anygpu/core"
import * as Effect from "effect/Effect"

/** What is done before or after a write to the ledger; `Effect.never` is a process that dies there. */
export type Hooks = {
  [Op in "openLaunch" | "claimLaunch" | "settleLaunch" | "intend"]?: Effect.Effect<void, ProviderFault>
}

/** A ledger that tests can look into, break, and die at. */
export interface WatchedLedger {
  readonly ledger: Ledger
  readonly before: Hooks
  readonly after: Hooks
}

/** Puts hooks around a ledger's writes. */
export const watchLedger = (ledger: Ledger): WatchedLedger => {
  const before: Hooks = {}
  const after: Hooks = {}
  const around = <A, E>(op: keyof Hooks, write: Effect.Effect<A, E>): Effect.Effect<A, E | ProviderFault> =>
    Effect.suspend(() => before[op] ?? Effect.void).pipe(
      Effect.andThen(write),
      Effect.tap(() => after[op] ?? Effect.void)
    )
  return {
    before,
    after,
    ledger: {
      ...ledger,
      openLaunch: (launch, ...reservations) => around("openLaunch", ledger.openLaunch(launch, ...reservations)),
      claimLaunch: (marker, fence, at) => around("claimLaunch", ledger.claimLaunch(marker, fence, at)),
      settleLaunch: (marker, outcome) => around("settleLaunch", ledger.settleLaunch(marker, outcome)),
      intend: (ref, intent) => around("intend", ledger.intend(ref, intent))
    }
  }
}
