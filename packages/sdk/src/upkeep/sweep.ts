import {
  type AnyProvider,
  CurrentLedger,
  cameToNothing,
  type GpuError,
  InvalidRequest,
  type Ledger
} from "@anygpu/core"
import * as Effect from "effect/Effect"
import { withCost } from "../spent/ended.ts"
import { leasedOf, leasedRef, nothing, refOf, type Sweep, type SweepPart, together } from "./leased.ts"
import { sweepOne } from "./sweep-one.ts"

export type { LeasedRef, Sweep } from "./leased.ts"

/** The leases of clouds that are not among the client's clouds: those that have run out cannot be ended here. */
const strangers = Effect.fnUntraced(function* (providers: ReadonlyArray<AnyProvider>, ledger: Ledger) {
  const now = yield* ledger.now()
  const sweeps: SweepPart[] = []
  for (const launch of yield* leasedOf(ledger, {})) {
    const { provider, kind, leaseUntil } = launch
    if (cameToNothing(launch) || providers.some((one) => one.provider === provider && one.kind === kind)) continue
    const ref = refOf(launch)
    if (ref && (yield* ledger.machine(ref))?.goneAt != null) continue
    const error = InvalidRequest.of("clouds", `no ${provider} ${kind} provider was given, which its end needs`)
    sweeps.push(
      leaseUntil <= now
        ? { ...nothing, failed: [{ ...leasedRef(launch), error }] }
        : { ...nothing, kept: [leasedRef(launch)] }
    )
  }
  return sweeps
})

/**
 * Ends every machine whose lease has run out according to the ledger, also those of processes that have died.
 *
 * - Launches whose outcome is not known, and whose lease has run out, are looked for first: their machine may exist. Those of
 *   which nothing seemed to come are looked for in one list of each provider, for 30 days: a create may arrive late.
 * - One failure costs only its own machine; a cloud that is down or hangs, only its own machines. Ends are not cut short.
 * - A machine that came when its launch had been given up is ended too: see `recover`.
 * - Other machines without a lease are never touched, those of others neither.
 * - A machine of this ledger that shows again after its verified end is ended again, leased or not: a list of each provider
 *   is asked for that for a day after each end.
 * - A lease has run out by the ledger's own clock: that of this computer may be wrong.
 * - Call it as often as you like, from several processes too: a machine that is gone is not asked for again, and one that another
 *   process is ending at this moment is `underWay`.
 * - Fails only when the ledger cannot be read.
 *
 * @example
 * ```ts
 * import { sweep } from "anygpu/effect"
 * import { sqliteLedger } from "anygpu/sqlite"
 * import { vast } from "@anygpu/vast"
 * import * as Effect from "effect/Effect"
 *
 * using ledger = sqliteLedger("/var/lib/my-service/ledger.db")
 * const { containers, vms } = vast({ apiKey: "..." }).kinds
 * const { ended, failed } = await Effect.runPromise(sweep([containers, vms], ledger))
 * for (const { ref } of ended) console.log(`${ref} is gone`)
 * for (const { ref, marker, error } of failed) console.error(`${ref ?? marker} may still cost money: ${error.message}`)
 * ```
 */
export const sweep = Effect.fnUntraced(
  function* (providers: ReadonlyArray<AnyProvider>, ledger: Ledger): Effect.fn.Return<Sweep, GpuError> {
    // A ledger that fails for one provider does not stop the ends that are under way for the others.
    const sweeps = yield* Effect.forEach(providers, (provider) => Effect.result(sweepOne(provider, ledger)), {
      concurrency: "unbounded"
    })
    const done = yield* Effect.forEach(sweeps, Effect.fromResult)
    const swept = together([...done, ...(yield* strangers(providers, ledger))])
    const ended = yield* Effect.forEach(swept.ended, (one) => withCost(ledger, Effect.succeed(one)))
    return { ...swept, ended }
  },
  (effect, _, ledger) => Effect.provideService(effect, CurrentLedger, ledger)
)
