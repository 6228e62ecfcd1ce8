import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { Anew } from "../adapter/joined.ts"
import { Urgency } from "../adapter/limiter.ts"
import { currentMoment, type Moment, makeAges, monotonicMillis } from "../elapsed.ts"
import { type GpuError, type ProviderFault, withContext } from "../errors.ts"
import { CurrentLedger } from "../ledger/current-ledger.ts"
import type { LaunchRecord } from "../ledger/ledger.ts"
import type { Kind } from "../model/kind.ts"
import type { Listing } from "../model/listing.ts"
import type { InstanceRef } from "../model/ref.ts"
import { clearAfter } from "./claim.ts"
import { earlier } from "./named.ts"
import type { AnyDefinition, Observer } from "./observe.ts"
import type { Termination } from "./ops.ts"
import { SettleFully } from "./settle-fully.ts"
import type { terminator } from "./terminate.ts"

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

/** How long a launch that was aborted while it was looked for is looked for still, as most machines show at once. */
const lastLooks = "5 seconds"

/** Seconds between looks while a lost answer is settled: soon at first, since most machines show at once. */
const waits = [0, 2, 4, 8, 15, 30]

/** A machine is rented and the ledger does not know: the error names it. */
export const unnoted = (ref: InstanceRef, fault: ProviderFault): ProviderFault =>
  withContext(fault, {
    message: `${ref} is rented and costs money, but the ledger could not note it: ${fault.message}`,
    leftovers: [ref]
  })

/** What a launch that is known to have a machine comes to. */
const machineOf = ({ instanceId }: LaunchRecord): Settlement<never, never> =>
  instanceId === null
    ? { found: "unclear", because: "the ledger holds no id of its machine" }
    : { found: "machine", id: instanceId }

/**
 * Settling launches whose outcome is not known: by the marker, from complete lists only.
 *
 * - Found once: adopted. Found more than once: one is adopted, the others are ended.
 * - Absence is only concluded when the last look was complete and the launch can no longer be under way. How long ago it
 *   was opened is read from the monotonic clock: a wall clock that was set forward makes no launch absent.
 */
export const settler = <P extends string, K extends Kind, N>(
  definition: AnyDefinition<P, K, N>,
  { refOf }: Observer<P, K, N>,
  terminate: ReturnType<typeof terminator<P, K, N>>
) => {
  const { timing } = definition
  const wasBefore = earlier(definition)

  /** What a list that shows no machine with a launch's marker says of the launch. */
  const withoutIt = Effect.fnUntraced(function* (record: LaunchRecord, listing: Listing<N>) {
    if (!listing.complete) {
      const problem = listing.problems.find(({ field }) => field === undefined)
      return { found: "unclear", because: problem?.error.message ?? "the list is incomplete" } as const
    }
    for (const native of listing.items.filter((one) => definition.hidesMarker(one))) {
      const { id } = definition.describe(native)
      if (yield* Effect.orElseSucceed(wasBefore(record, id), () => false)) continue
      const because = `the marker of ${refOf(id)} cannot be read: it may be the machine of this launch`
      return { found: "unclear", because } as const
    }
    return { found: "nothing" } as const
  })

  /** One look at the cloud's list for a launch's marker. */
  const lookOnce = (record: LaunchRecord): Effect.Effect<Settlement<P, K>, GpuError> =>
    Effect.provideService(definition.find(record.marker), Anew, true).pipe(
      Effect.flatMap((listing) =>
        Effect.gen(function* () {
          const described = listing.items.map((native) => definition.describe(native))
          const own = described.filter((machine) => machine.marker === record.marker)
          // One machine may come twice in a list that changed while its pages were read: that is no double.
          const [first, ...extras] = new Set(own.map(({ id }) => id))
          for (const extra of extras) yield* terminate(refOf(extra))
          return first === undefined ? yield* withoutIt(record, listing) : ({ found: "machine", id: first } as const)
        })
      )
    )

  /** The same, where a list that fails says nothing. */
  const lookAt = (record: LaunchRecord): Effect.Effect<Settlement<P, K>> =>
    Effect.catch(lookOnce(record), (error) => Effect.succeed({ found: "unclear", because: error.message } as const))

  /** The last looks for one whose launch was aborted, who waits no more: a machine is found, and absence is not proven. */
  const lookLast = (record: LaunchRecord): Effect.Effect<readonly [LaunchRecord, Settlement<P, K>, over: boolean]> => {
    const unclear = { found: "unclear", because: "the call was aborted while its machine was looked for" } as const
    const looks = Effect.gen(function* () {
      for (;;) {
        const settlement = yield* lookAt(record)
        if (settlement.found === "machine") return settlement
        yield* Effect.sleep("2 seconds")
      }
    })
    const found = Effect.raceFirst(Effect.interruptible(looks), Effect.as(Effect.sleep(lastLooks), unclear))
    return Effect.map(found, (settlement) => [record, settlement, false] as const)
  }

  const ages = makeAges()

  /** For how many milliseconds the launch's request can still take effect, or its machine still be invisible. */
  const unclearFor = (record: LaunchRecord, now: Moment): number =>
    clearAfter(record, timing) - ages.of(record.marker, record, now)

  /**
   * Ends a machine that came of a launch which had been given up, verified; `owner`: the launch's, when it is he who does.
   *
   * - Nobody uses it: whoever launched it was told that nothing came of it, or is the one who ends it.
   */
  const endLate = Effect.fnUntraced(function* ({ marker, leaseUntil }: LaunchRecord, id: string, owner: string | null) {
    const ledger = yield* CurrentLedger
    const late = { state: "refused", instanceId: id, note: "its machine came after it had been given up" } as const
    yield* Effect.ignore(ledger.settleLaunch(marker, late))
    const termination = yield* terminate(refOf(id))
    if (leaseUntil !== null) yield* Effect.ignore(ledger.renewLease(marker, null))
    // Once more: before the end it may not have been written.
    yield* Effect.ignore(ledger.settleLaunch(marker, owner === null ? late : { ...late, by: owner }))
    return termination
  })

  /**
   * Writes down what was found, and answers what counts then; null when the launch was sent since it was read, so that it
   * has to be looked for again.
   */
  const note = Effect.fnUntraced(function* (
    record: LaunchRecord,
    settlement: Settlement<P, K>,
    owner: string | null
  ): Effect.fn.Return<Settlement<P, K> | null, GpuError> {
    const ledger = yield* CurrentLedger
    const told = owner === null ? { fence: record.fence } : { by: owner }
    if (settlement.found === "machine") {
      const ref = refOf(settlement.id)
      const at = yield* Clock.currentTimeMillis
      const kept = yield* ledger
        .settleLaunch(record.marker, { state: "created", instanceId: ref.id, at, ...told })
        .pipe(Effect.mapError((fault) => unnoted(ref, fault)))
      if (kept.state === "created" && kept.instanceId === ref.id) return settlement
      const ended = yield* endLate(record, ref.id, owner)
      return kept.state === "created" ? machineOf(kept) : { found: "late", ended }
    }
    const kept = yield* ledger.settleLaunch(record.marker, {
      ...(settlement.found === "unclear"
        ? { state: "unsettled", note: settlement.because }
        : { state: "absent", note: "no machine with this marker in complete lists" }),
      ...told
    })
    if (kept.state === "created") return machineOf(kept)
    if (kept.state === "absent" || kept.state === "refused") return { found: "nothing" }
    return settlement.found === "unclear" && kept.state === "unsettled" ? settlement : null
  })

  /** Looks until the machine shows or its absence is sure, and answers the launch as it was before the last look. */
  const lookLong = Effect.fnUntraced(function* (
    record: LaunchRecord,
    finished: Finished
  ): Effect.fn.Return<readonly [LaunchRecord, Settlement<P, K>, over: boolean], GpuError> {
    const ledger = yield* CurrentLedger
    const from = yield* currentMoment
    const { monotonic } = from
    const appears = Duration.toMillis(timing.appearWithin)
    const overAt = monotonic + (finished === "unanswered" ? Math.max(appears, unclearFor(record, from)) : appears)
    let present = record
    let last: Settlement<P, K> = { found: "unclear", because: "it was not looked for yet" }
    for (let look = 0, begun = monotonic, until = monotonic; look === 0 || begun < until; look++) {
      const now = yield* currentMoment
      if (!finished) {
        present = (yield* ledger.launches({ marker: record.marker }))[0] ?? record
        if (present.state === "created") return [present, machineOf(present), true]
        if (present.state === "refused") return [present, { found: "nothing" }, true]
      }
      until = finished ? overAt : now.monotonic + unclearFor(present, now)
      const wait = waits[Math.min(look, waits.length - 1)] ?? 30
      yield* Effect.sleep(Math.min(wait * 1000, Math.max(0, until - now.monotonic)))
      begun = yield* monotonicMillis
      last = yield* lookAt(record)
      if (last.found === "machine") break
    }
    return [present, last, false]
  })

  /**
   * Looks until the machine shows or its absence is sure, and writes that down.
   *
   * - `finished`: it is the launch's owner who looks, and waits for his request no more. After an answer only the cloud's own
   *   delay is waited for. One that was never answered may still arrive, as late as a create may.
   * - Where `restore` lets an abort through, it ends the looking after a few seconds more, and what is known then is noted;
   *   unless `SettleFully` says that it is waited for.
   */
  const settle = Effect.fnUntraced(
    function* (
      record: LaunchRecord,
      finished: Finished,
      restore: Restore = (effect) => effect
    ): Effect.fn.Return<Settlement<P, K>, GpuError> {
      const isWaitedFor = yield* SettleFully
      for (;;) {
        const looked = yield* Effect.exit(restore(lookLong(record, finished)))
        const isAborted = Exit.isFailure(looked) && Cause.hasInterrupts(looked.cause)
        const looking = isAborted ? (isWaitedFor() ? lookLong(record, finished) : lookLast(record)) : looked
        const [present, found, isOver] = yield* looking
        const noted = isOver ? found : yield* note(present, found, finished ? record.owner : null)
        if (noted) return noted
      }
    },
    Effect.provideService(Urgency, "urgent")
  )

  /** One look for many launches at once: what a list of all machines says of each. */
  const lookForAll = (): Effect.Effect<(record: LaunchRecord) => Effect.Effect<Settlement<P, K>>> =>
    definition.readAll().pipe(
      Effect.map((listing) => {
        const facts = listing.items.map((native) => definition.describe(native))
        return (record: LaunchRecord): Effect.Effect<Settlement<P, K>> => {
          const machine = facts.find((one) => one.marker === record.marker)
          return machine ? Effect.succeed({ found: "machine", id: machine.id }) : withoutIt(record, listing)
        }
      }),
      Effect.catch((error) =>
        Effect.succeed(() => Effect.succeed({ found: "unclear", because: error.message } as const))
      )
    )

  /** A launch that is opened now: how long it is under way is known from its first moment. */
  const opened = (record: LaunchRecord, now: Moment): void => void ages.of(record.marker, record, now)

  return { settle, endLate, note, lookAt, lookForAll, unclearFor, opened }
}

/** What {@link settler} makes. */
export type Settler<P extends string, K extends Kind, N> = ReturnType<typeof settler<P, K, N>>
