import type { InstanceRef, Ledger } from "@anygpu/core"
import * as Effect from "effect/Effect"
import type { KnownHosts } from "./host-keys.ts"

/**
 * The host key of one machine in a ledger, whatever name it is asked by: every process on that ledger knows it.
 *
 * - The ledger forgets it where an action of this library may leave the machine with a new one: see `Ledger.keepHostKey`.
 */
export const ledgerKnownHosts = (ledger: Ledger, ref: InstanceRef): KnownHosts => ({
  get: async () => (await Effect.runPromise(ledger.machine(ref)))?.hostKey ?? null,
  remember: (_, key) => Effect.runPromise(ledger.keepHostKey(ref, key)),
  forget: () => Effect.runPromise(ledger.keepHostKey(ref, null))
})
