import {
  type AnyProvider,
  CurrentLedger,
  cameToNothing,
  type GpuError,
  type LaunchRecord,
  type Ledger,
  monotonicMillis
} from "@anygpu/core"
import * as Effect from "effect/Effect"
import { type Ended, withCost } from "../spent/ended.ts"
import { endClaimed } from "./end-claimed.ts"
import { isLeased, isOver, refOf } from "./leased.ts"

/**
 * What came of the end of one machine that may be due.
 *
 * - `ended`: it was ended just now, `late` milliseconds after its time. `over`: there is nothing to end (any more).
 * - `later`: its lease ends at `until`, in epoch milliseconds by the ledger's own clock.
 * - `elsewhere`: another process is making its end at this moment.
 * - `unsettled`: it is not known whether a machine came of its launch. `unknown`: its cloud is not among those given.
 */
export type DueOutcome =
  | { readonly is: "ended"; readonly ended: Ended; readonly late: number }
  | { readonly is: "later"; readonly until: number }
  | { readonly is: "over" | "elsewhere" | "unsettled" | "unknown" }

const over: DueOutcome = { is: "over" }

/** What a ledger says of a lease at a moment, before any cloud is asked; null when its machine is to be ended. */
const saidOf = (launch: LaunchRecord, now: number): DueOutcome | null => {
  if (!isLeased(launch) || cameToNothing(launch)) return over
  if (launch.leaseUntil > now) return { is: "later", until: launch.leaseUntil }
  return launch.state === "created" ? null : { is: "unsettled" }
}

/**
 * Ends the machine of one launch if its lease has run out, as a sweep does with all of them: for those who are woken up for it.
 *
 * - The ledger is read first: whatever the caller believes, only what it says counts.
 * - Fails as `terminate` does, and with `ProviderFault` when the ledger cannot be read.
 */
export const endDue = Effect.fnUntraced(
  function* (
    providers: ReadonlyArray<AnyProvider>,
    ledger: Ledger,
    marker: string
  ): Effect.fn.Return<DueOutcome, GpuError> {
    const readAt = yield* monotonicMillis
    const [launch] = yield* ledger.launches({ marker })
    if (launch === undefined) return over
    const now = yield* ledger.now()
    const said = saidOf(launch, now)
    const ref = refOf(launch)
    if (said !== null || ref === null) return said ?? { is: "unsettled" }
    const provider = providers.find((one) => one.provider === ref.provider && one.kind === ref.kind)
    if (provider === undefined) return { is: "unknown" }
    if (yield* isOver(ledger, launch, yield* ledger.machine(ref))) return over
    const ended = yield* endClaimed({
      ledger,
      marker,
      readAt,
      terminate: withCost(ledger, provider.terminate(ref))
    })
    if (ended !== null) return { is: "ended", ended, late: now - (launch.leaseUntil ?? now) }
    const [present = launch] = yield* ledger.launches({ marker })
    return saidOf(present, yield* ledger.now()) ?? { is: "elsewhere" }
  },
  (effect, _, ledger) => Effect.provideService(effect, CurrentLedger, ledger)
)
