import * as Effect from "effect/Effect"
import type { ProviderFault } from "../../errors.ts"
import type { Ledger, MachineRecord } from "../../ledger/ledger.ts"

/** The ledger as a termination needs it: what fails there is collected and keeps nobody from ending what costs money. */
export const forgivingLedger = (ledger: Ledger, faults: Array<string>): Ledger => {
  const orElse =
    <A>(otherwise: A) =>
    (effect: Effect.Effect<A, ProviderFault>): Effect.Effect<A> =>
      Effect.catch(effect, (fault) =>
        Effect.sync(() => {
          faults.push(`the ledger could not note its end: ${fault.message}`)
          return otherwise
        })
      )
  return {
    ...ledger,
    machine: (ref) => ledger.machine(ref).pipe(orElse<MachineRecord | null>(null)),
    seen: (refs, at, account) => ledger.seen(refs, at, account).pipe(orElse<void>(undefined)),
    intend: (ref, intent) => ledger.intend(ref, intent).pipe(orElse<void>(undefined)),
    gone: (ref, at) => ledger.gone(ref, at).pipe(orElse<void>(undefined))
  }
}
