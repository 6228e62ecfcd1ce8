import type * as Effect from "effect/Effect"
import { type ProviderFault, withContext } from "../../errors.ts"
import type { LaunchRecord } from "../../ledger/ledger.ts"
import type { Kind } from "../../model/kind.ts"
import type { InstanceRef } from "../../model/ref.ts"
import type { Termination } from "../ops.ts"

/** What looking for a launch's machine came to. */
export type Settlement<P extends string = string, K extends Kind = Kind> =
  | { readonly found: "machine"; readonly id: string }
  | { readonly found: "nothing" }
  | { readonly found: "unclear"; readonly because: string }
  /** Its machine showed when the launch had been given up, and was ended. */
  | { readonly found: "late"; readonly ended: Termination<P, K> }

/** Whether the owner of a launch is done with its request, and how it ended. */
export type Finished = "answered" | "unanswered" | false

/** Lets an abort through where one would have to wait otherwise. */
export type Restore = <A, E>(effect: Effect.Effect<A, E>) => Effect.Effect<A, E>

/** A machine is rented and the ledger does not know: the error names it. */
export const ledgerWriteFailed = (ref: InstanceRef, fault: ProviderFault): ProviderFault =>
  withContext(fault, {
    message: `${ref} is rented and costs money, but the ledger could not note it: ${fault.message}`,
    leftovers: [ref]
  })

/** What a launch that is known to have a machine comes to. */
export const machineOf = ({ instanceId }: LaunchRecord): Settlement<never, never> =>
  instanceId === null
    ? { found: "unclear", because: "the ledger holds no id of its machine" }
    : { found: "machine", id: instanceId }
