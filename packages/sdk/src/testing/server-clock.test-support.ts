import { type Ledger, memoryLedger } from "@anygpu/core"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { mapOperations } from "../client/map-operations.ts"

/** A clock that shows so many milliseconds more than another one. */
const shifted = (clock: Clock.Clock, by: number): Clock.Clock => ({
  ...{ sleep: (duration) => clock.sleep(duration), monotonicTimeNanosUnsafe: () => clock.monotonicTimeNanosUnsafe() },
  ...{ monotonicTimeNanos: clock.monotonicTimeNanos },
  currentTimeMillisUnsafe: () => clock.currentTimeMillisUnsafe() + by,
  currentTimeMillis: Effect.map(clock.currentTimeMillis, (shown) => shown + by),
  currentTimeNanosUnsafe: () => clock.currentTimeNanosUnsafe() + BigInt(by) * 1_000_000n,
  currentTimeNanos: Effect.map(clock.currentTimeNanos, (shown) => shown + BigInt(by) * 1_000_000n)
})

/** A ledger with a clock of its own, as a server has one: that of this computer is so many milliseconds behind it. */
export const ledgerAhead = (by: number, ledger: Ledger = memoryLedger()): Ledger =>
  mapOperations(ledger, (operation) => (...args) => {
    const effect = operation(...args) as Effect.Effect<unknown>
    return Effect.clockWith((clock) => Effect.provideService(effect, Clock.Clock, shifted(clock, by)))
  }) as Ledger
