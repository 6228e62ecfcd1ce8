import { CurrentLedger, type GpuError, type Ledger } from "@anygpu/core"
import * as Effect from "effect/Effect"
import type { Guarded } from "../spending/guarded.ts"
import { mapOperations } from "./map-operations.ts"

/** The same provider with all it does remembered in a ledger. */
const withLedger = (provider: Guarded, ledger: Ledger): Guarded =>
  mapOperations(provider, (operation) => (...args) => {
    const effect = operation(...args) as Effect.Effect<unknown, GpuError>
    return Effect.provideService(effect, CurrentLedger, ledger)
  }) as Guarded

/** The kinds of a cloud, each with all it does remembered in a ledger. */
export const kindsWithLedger = (kinds: Readonly<Record<string, Guarded>> | undefined, ledger: Ledger) =>
  Object.fromEntries(Object.entries(kinds ?? {}).map(([name, provider]) => [name, withLedger(provider, ledger)]))
