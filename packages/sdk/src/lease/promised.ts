import { forCaller, type GpuError, type Instance, type InstanceRef, type LaunchSpec, placeOfCall } from "@anygpu/core"
import type * as DateTime from "effect/DateTime"
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import { type CallOptions, promised, type Run } from "../client/promised.ts"
import type { Ended } from "../spent/ended.ts"
import type { Lease } from "./lease.ts"
import type { LeaseOptions } from "./terms.ts"

/**
 * A machine that is rented for a time, in Promises: `await using machine = await gpu.lease(...)`.
 *
 * - Leaving the block ends it, verified, also when the block throws. When that fails, leaving throws: the error names the
 *   machine in its `leftovers`, and the ledger keeps the lease, so that `sweep()` ends it.
 *
 * @example
 * ```ts
 * import type { LeasedMachine } from "anygpu"
 *
 * // Renews a lease while there is work, and stops as soon as the machine's end begins.
 * const workOn = async (machine: LeasedMachine, jobs: ReadonlyArray<(signal: AbortSignal) => Promise<void>>) => {
 *   for (const job of jobs) {
 *     await machine.renew("30 minutes")
 *     await job(machine.signal)
 *   }
 * }
 * ```
 */
export interface LeasedMachine extends AsyncDisposable {
  readonly ref: InstanceRef
  /** The machine as it was when it was rented. */
  readonly machine: Instance
  /** When it ends, as things stand; `renew` moves it. */
  readonly until: DateTime.Utc
  /** Aborted as soon as its end begins, with a `Conflict` that says why: for the work that is done on the machine. */
  readonly signal: AbortSignal
  /** See {@link Lease.renew}. */
  renew(ttl: Duration.Input, options?: CallOptions): Promise<DateTime.Utc>
  /** See {@link Lease.end}. A signal stops the wait, not the end. */
  end(options?: CallOptions): Promise<Ended>
  /** See {@link Lease.keep}. */
  keep(options?: CallOptions): Promise<void>
  /** Ends it unless it was kept, and waits until it is verified gone. */
  [Symbol.asyncDispose](): Promise<void>
}

/** Leases a machine for a caller of Promises. */
export type LeaseMachine = (spec: LaunchSpec, options: LeaseOptions & CallOptions) => Promise<LeasedMachine>

/**
 * `lease` for callers of Promises.
 *
 * - An abort of the `signal` ends the lease, whether the launch is still under way or long over.
 */
export const leasePromised = (
  lease: (spec: LaunchSpec, options: LeaseOptions) => Effect.Effect<Lease, GpuError, Scope.Scope>,
  run: Run
): LeaseMachine => {
  const leaseFor: LeaseMachine = async (spec, options) => {
    const place = placeOfCall(leaseFor)
    const scope = Scope.makeUnsafe()
    const { close } = promised({ close: () => Scope.close(scope, Exit.void) }, run)
    const { rent } = promised(
      { rent: (of: LaunchSpec, how: LeaseOptions) => Scope.provide(lease(of, how), scope) },
      run
    )
    // An abort can come when the machine is leased already: then nobody else would close the scope.
    const held = await rent(spec, options).catch(async (error: unknown) => {
      await close()
      throw forCaller(error, place)
    })
    const { renew, end, keep } = promised({ renew: held.renew, end: held.end, keep: held.keep }, run)
    const { signal } = options
    const abort = () => {
      // What fails here is tried again when the block is left, and said there.
      end().catch(() => {})
    }
    signal?.addEventListener("abort", abort, { once: true })
    if (signal?.aborted) abort()
    held.signal.addEventListener("abort", () => signal?.removeEventListener("abort", abort), { once: true })
    return {
      ref: held.ref,
      machine: held.machine,
      get until() {
        return held.until
      },
      signal: held.signal,
      renew,
      end,
      keep,
      [Symbol.asyncDispose]: close
    }
  }
  return leaseFor
}
