import {
  type CloudEnd,
  Conflict,
  CurrentLedger,
  cloudEndOf,
  currentMoment,
  endsByItself,
  type GpuError,
  type Instance,
  type InstanceRef,
  type LaunchRecord,
  type LaunchSpec,
  type Ledger,
  type Moment,
  type Money,
  ProviderFault,
  withContext
} from "@anygpu/core"
import * as Cause from "effect/Cause"
import type * as DateTime from "effect/DateTime"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import { paidUntil, rateOf } from "../cost/rate.ts"
import type { Ended } from "../spent/ended.ts"
import { clockLead } from "./clock-lead.ts"
import { holdHere } from "./held-here.ts"
import { holdLease } from "./hold.ts"
import { endOnSignal } from "./signals.ts"
import { endsAhead, type LeaseOptions, leaseTime } from "./terms.ts"

/** A machine that is rented for a time. */
export interface Lease {
  readonly ref: InstanceRef
  /** The machine as it was when it was rented. */
  readonly machine: Instance
  /** When it ends, as things stand; `renew` moves it. */
  readonly until: DateTime.Utc
  /**
   * Aborted as soon as its end begins, with a `Conflict` that says why: for the work that is done on the machine.
   *
   * - Within a minute also when somebody else has ended it, or made it an ordinary machine, by the same ledger.
   */
  readonly signal: AbortSignal
  /**
   * Lets it end so long from now, and answers when that is.
   *
   * - Never later than `maxTotal` pays for.
   * - In the ledger before it holds. `Conflict` once its end has begun, here or elsewhere: then `signal` is aborted too.
   */
  renew(ttl: Duration.Input): Effect.Effect<DateTime.Utc, GpuError>
  /**
   * Ends it now, verified. A second call, during its end or later, gets the same answer; after a failure it is
   * asked for again.
   */
  end(): Effect.Effect<Ended, GpuError>
  /** Makes it an ordinary machine that nothing ends by itself. `Conflict` once its end has begun, here or elsewhere. */
  keep(): Effect.Effect<void, GpuError>
}

/** What leases are made of. */
export interface LeaseParts {
  readonly rent: (spec: LaunchSpec) => Effect.Effect<Instance, GpuError>
  readonly terminate: (ref: InstanceRef) => Effect.Effect<Ended, GpuError>
  /**
   * Has the cloud itself end a machine, where it can, and answers the machine as it was read afterwards; null where the cloud
   * has no switch of its own. Without it, only processes end what is leased.
   */
  readonly scheduleEnd?: (ref: InstanceRef, end: CloudEnd | null) => Effect.Effect<Instance | null, GpuError>
  /** The ledger that `launch` writes to; the one of the fiber otherwise. */
  readonly ledger?: Ledger | undefined
}

const noSwitch = () => Effect.succeed(null)

/** The machine is there, and what the ledger should say of it could not be read or written. */
const unleased = (ref: InstanceRef, error: GpuError): GpuError =>
  withContext(error, {
    message:
      `${ref} is rented and costs money, but its lease could not be kept here (${error.message}): ` +
      "end it; sweep() does so when its time has run out",
    ref,
    leftovers: [ref]
  })

const microsPerCent = 10_000

/**
 * When the cloud itself ends a leased machine: some minutes after its lease, or once `maxTotal` is spent, in whole cents and in
 * the currency that the cloud counts in.
 */
const endAtCloud = (until: number | null, { pricePerHour }: Instance, maxTotal: Money | undefined): CloudEnd | null => {
  const end = cloudEndOf(until)
  const micros = Math.floor((maxTotal?.micros ?? 0) / microsPerCent) * microsPerCent
  if (end === null || maxTotal === undefined || micros === 0 || pricePerHour?.currency !== maxTotal.currency) return end
  return { ...end, spent: { ...maxTotal, micros } }
}

/** The launch behind a leased machine; a machine that is not leased, or has ended, is not made a lease of. */
const leasedLaunch = Effect.fnUntraced(function* (
  ledger: Ledger,
  { ref, status }: Instance
): Effect.fn.Return<LaunchRecord & { readonly leaseUntil: number }, GpuError> {
  const { provider, kind, id } = ref
  const launches = yield* ledger
    .launches({ provider, kind, instanceId: id })
    .pipe(Effect.mapError((fault) => unleased(ref, fault)))
  const record = launches.at(-1)
  if (!record) {
    const message = "the ledger of this lease knows no launch of it"
    return yield* Effect.fail(unleased(ref, new ProviderFault({ message, retry: "permanent", operation: "lease" })))
  }
  const { leaseUntil } = record
  if (status === "terminated" || leaseUntil === null) {
    const what = status === "terminated" ? "has ended" : "is an ordinary machine, which nothing ends by itself"
    const message = `The key "${record.key}" names ${ref}, which ${what}: nothing was rented, lease with another key`
    return yield* new Conflict({ message, retry: "permanent", operation: "lease", ref })
  }
  return { ...record, leaseUntil }
})

/**
 * The moments of a lease on both clocks, by those of its ledger.
 *
 * - Counted from the launch when this call has opened it; from the call's beginning when the launch was there before.
 */
const clockOf = (record: LaunchRecord, began: Moment): ((wall: number) => Moment) => {
  const { at, monotonicAt } = record
  const isOwn = monotonicAt !== undefined && monotonicAt >= began.monotonic
  const from: Moment = isOwn ? { wall: at, monotonic: monotonicAt } : began
  return (wall) => ({ wall, monotonic: from.monotonic + (wall - from.wall) })
}

/**
 * Makes `lease`: launching with an end.
 *
 * - The end is in the ledger before the launch's request leaves. Whatever becomes of this process, `sweep()` finds it.
 * - The machine is ended, verified, when the scope closes, when its time or `maxTotal` runs out, and when the process gets
 *   SIGINT or SIGTERM; then the signal takes its usual course. Where these meet, one end is asked for.
 * - Its end is counted by the ledger's own clock: where that is a server's, a wrong clock of this computer ends nothing early.
 * - Its time has run out as soon as either the wall clock has reached its end, or so much time has passed: the wall
 *   clock set back does not lengthen it. Set forward, it ends early.
 * - Where the cloud has a switch of its own (`endsItself`), the end is set there too, some minutes later, and `maxTotal`: the
 *   machine ends though every process of its user is gone. `renew` moves that end, `keep` removes it; `machine.endsAt` says
 *   what the cloud shows of it.
 * - When its time has run out and its end fails, that is tried again every minute while the scope is open.
 * - When its end fails as the scope closes, the scope ends with that error as a defect, since a finalizer has no other
 *   way to say it: it names the machine in its `leftovers`, and the ledger keeps the lease.
 * - With a `key` that was used before, it is the lease of that machine, with that machine's end: `renew` moves it.
 *   `Conflict` when that machine has ended or is no lease (any more).
 *
 * @example
 * ```ts
 * import { leaseWith, makeGpu, money, type Offer } from "anygpu/effect"
 * import { sqliteLedger } from "anygpu/sqlite"
 * import { vast } from "@anygpu/vast"
 * import * as Effect from "effect/Effect"
 *
 * using ledger = sqliteLedger("/var/lib/my-service/ledger.db")
 * const { rent, terminate, waitUntilReady } = makeGpu({ clouds: [vast({ apiKey: "..." })], ledger })
 * const lease = leaseWith({ rent, terminate, ledger })
 *
 * const train = (offer: Offer) =>
 *   Effect.scoped(
 *     Effect.gen(function* () {
 *       const spec = { offer, name: "train", image: "pytorch/pytorch" }
 *       const { ref } = yield* lease(spec, { ttl: "2 hours", maxTotal: money(5) })
 *       return yield* waitUntilReady(ref)
 *     })
 *   )
 * ```
 */
export const leaseWith = ({ rent, terminate, scheduleEnd = noSwitch, ledger: given }: LeaseParts) =>
  Effect.fnUntraced(function* (
    spec: LaunchSpec,
    options: LeaseOptions
  ): Effect.fn.Return<Lease, GpuError, Scope.Scope> {
    const ledger = given ?? (yield* CurrentLedger)
    const began = yield* currentMoment
    const ttl = yield* leaseTime(spec, options, began.wall)
    const scope = yield* Scope.Scope
    const context = yield* Effect.context<never>()

    return yield* Effect.uninterruptibleMask((restore) => {
      // A signal that comes while the launch is under way waits for the machine, to end it.
      const made = Deferred.makeUnsafe<Effect.Effect<unknown, GpuError>>()
      const leave = endOnSignal(async () => {
        const ended = await Effect.runPromiseExitWith(context)(Effect.flatten(Deferred.await(made)))
        return Exit.isSuccess(ended) ? null : `a lease could not be ended: ${String(Cause.squash(ended.cause))}`
      })
      const { maxTotal } = options
      return Effect.gen(function* () {
        const rented = yield* restore(rent({ ...spec, ttl: Duration.millis(ttl) }))
        const record = yield* leasedLaunch(ledger, rented)
        const paid = maxTotal ? paidUntil(rateOf(spec, rented), record.at, maxTotal) : null
        const most = paid === null ? Number.POSITIVE_INFINITY : paid - endsAhead
        const ahead = yield* clockLead(ledger).pipe(Effect.mapError((fault) => unleased(rented.ref, fault)))
        const leaseEnd = record.leaseUntil - ahead
        const until = Math.min(leaseEnd, most)
        if (until < leaseEnd) {
          const renewed = ledger.renewLease(record.marker, until + ahead)
          yield* renewed.pipe(Effect.mapError((fault) => unleased(rented.ref, fault)))
        }
        const atCloud = (moment: number | null) => scheduleEnd(rented.ref, endAtCloud(moment, rented, maxTotal))
        // The launch has set an end by its time alone, and read it back. That it cannot be moved is said by `endsAt`.
        const moved = maxTotal ? yield* Effect.orElseSucceed(atCloud(until + ahead), () => null) : null
        const machine = moved ?? rented
        const onBoth = clockOf(record, began)
        const held = {
          machine,
          atCloud,
          marker: record.marker,
          isFixed: endsByItself(record),
          until: onBoth(until),
          most: onBoth(most)
        }
        const release = holdHere(ledger, record.marker)
        const leaveAll = () => {
          release()
          leave()
        }
        const lease = yield* holdLease({ ...held, ledger, terminate, scope, leave: leaveAll })
        yield* Deferred.succeed(made, lease.end())
        return lease
      }).pipe(Effect.onError(() => Effect.andThen(Deferred.succeed(made, Effect.void), Effect.sync(leave))))
    })
  })
