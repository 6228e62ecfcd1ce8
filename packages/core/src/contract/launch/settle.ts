import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { CurrentPriority } from "../../context/priority.ts"
import { type Ages, currentMoment, type Moment, makeAges, monotonicMillis } from "../../elapsed.ts"
import type { GpuError } from "../../errors.ts"
import { CurrentLedger } from "../../ledger/current-ledger.ts"
import type { LaunchRecord } from "../../ledger/ledger.ts"
import { cameToNothing, endsByItself } from "../../ledger/rules.ts"
import type { Kind } from "../../model/kind.ts"
import { cloudEndOf } from "../cloud-end.ts"
import type { Termination } from "../ops.ts"
import type { AnyDefinition } from "../read/any-definition.ts"
import type { Reader } from "../read/reader.ts"
import type { Terminator } from "../terminate/terminate.ts"
import { clearAfter } from "./claim.ts"
import { type Looking, lookFor, lookForAll } from "./look-for.ts"
import { SettleFully } from "./settle-fully.ts"
import { type Finished, ledgerWriteFailed, machineOf, type Restore, type Settlement } from "./settlement.ts"

/** How long a launch that was aborted while it was looked for is looked for still, as most machines show at once. */
const lastLooks = "5 seconds"

/** Seconds between looks while a lost answer is settled: soon at first, since most machines show at once. */
const waits = [0, 2, 4, 8, 15, 30]

/** What settling needs; `ages`: how long each launch is under way, by the monotonic clock. */
interface Settling<P extends string, K extends Kind, N> extends Looking<P, K, N> {
  readonly ages: Ages
}

/** What a long look came to: the launch as it was before the last look; `isOver`: the ledger itself says so. */
interface Look<P extends string, K extends Kind> {
  readonly record: LaunchRecord
  readonly settlement: Settlement<P, K>
  readonly isOver: boolean
}

/** The last looks for one whose launch was aborted, who waits no more: a machine is found, and absence is not proven. */
const lookLast = <P extends string, K extends Kind, N>(
  on: Settling<P, K, N>,
  record: LaunchRecord
): Effect.Effect<Look<P, K>> => {
  const unclear = { found: "unclear", because: "the call was aborted while its machine was looked for" } as const
  const looks = Effect.gen(function* () {
    for (;;) {
      const settlement = yield* lookFor(on, record)
      if (settlement.found === "machine") return settlement
      yield* Effect.sleep("2 seconds")
    }
  })
  const found = Effect.raceFirst(Effect.interruptible(looks), Effect.as(Effect.sleep(lastLooks), unclear))
  return Effect.map(found, (settlement) => ({ record, settlement, isOver: false }))
}

/** For how many milliseconds the launch's request can still take effect, or its machine still be invisible. */
const unclearFor = <P extends string, K extends Kind, N>(
  { definition, ages }: Settling<P, K, N>,
  record: LaunchRecord,
  now: Moment
): number => clearAfter(record, definition.timing) - ages.of(record.marker, record, now)

/**
 * Ends a machine that came of a launch which had been given up, verified; `owner`: the launch's, when it is he who does.
 *
 * - Nobody uses it: its launcher got the answer that nothing came of it, or ends it here.
 */
const endLate = Effect.fnUntraced(function* <P extends string, K extends Kind, N>(
  { refOf, terminate }: Settling<P, K, N>,
  { marker, leaseUntil }: LaunchRecord,
  id: string,
  owner: string | null
): Effect.fn.Return<Termination<P, K>, GpuError> {
  const ledger = yield* CurrentLedger
  const late = { state: "refused", instanceId: id, note: "its machine came after it had been given up" } as const
  yield* Effect.ignore(ledger.settleLaunch(marker, late))
  const termination = yield* terminate(refOf(id))
  if (leaseUntil !== null) yield* Effect.ignore(ledger.renewLease(marker, null))
  // Once more: before the end it may not have been written.
  yield* Effect.ignore(ledger.settleLaunch(marker, owner === null ? late : { ...late, by: owner }))
  return termination
})

/** Writes a found machine down; one of a launch that was given up meanwhile is ended. */
const noteMachine = Effect.fnUntraced(function* <P extends string, K extends Kind, N>(
  on: Settling<P, K, N>,
  record: LaunchRecord,
  id: string,
  owner: string | null
): Effect.fn.Return<Settlement<P, K>, GpuError> {
  const ledger = yield* CurrentLedger
  const ref = on.refOf(id)
  const at = yield* Clock.currentTimeMillis
  const kept = yield* ledger
    .settleLaunch(record.marker, { state: "created", instanceId: ref.id, at, ...byOf(record, owner) })
    .pipe(Effect.mapError((fault) => ledgerWriteFailed(ref, fault)))
  if (kept.state === "created" && kept.instanceId === ref.id) return { found: "machine", id }
  const ended = yield* endLate(on, record, ref.id, owner)
  return kept.state === "created" ? machineOf(kept) : { found: "late", ended }
})

/** Who writes: the launch's owner, or somebody who read it at this fence. */
const byOf = ({ fence }: LaunchRecord, owner: string | null) => (owner === null ? { fence } : { by: owner })

const absent = { state: "absent", note: "no machine with this marker in complete lists" } as const
const lapsed = {
  state: "lapsed",
  note: "no machine with this marker, and one would have ended by itself before this look: what it cost counts as spent"
} as const

/**
 * What it means that no machine of a launch is there.
 *
 * - One that was sent, and would have ended by itself by now, proves nothing by its absence, unless it is its own owner who looks:
 *   he has an answer.
 */
const outcomeOfNothing = Effect.fnUntraced(function* <P extends string, K extends Kind, N>(
  { definition }: Settling<P, K, N>,
  record: LaunchRecord,
  owner: string | null
) {
  const end = cloudEndOf(record.leaseUntil)
  const endsAlone = definition.operations.scheduleEnd !== undefined || endsByItself(record)
  if (owner !== null || record.sentAfter === null || end === null || !endsAlone) return absent
  const ledger = yield* CurrentLedger
  return (yield* ledger.now()) >= end.at.getTime() ? lapsed : absent
})

/**
 * Writes down what was found, and answers what counts then; null when the launch was sent since it was read, so that it
 * has to be looked for again.
 */
const note = Effect.fnUntraced(function* <P extends string, K extends Kind, N>(
  on: Settling<P, K, N>,
  record: LaunchRecord,
  settlement: Settlement<P, K>,
  owner: string | null
): Effect.fn.Return<Settlement<P, K> | null, GpuError> {
  if (settlement.found === "machine") return yield* noteMachine(on, record, settlement.id, owner)
  const ledger = yield* CurrentLedger
  const outcome =
    settlement.found === "unclear"
      ? ({ state: "unsettled", note: settlement.because } as const)
      : yield* outcomeOfNothing(on, record, owner)
  const kept = yield* ledger.settleLaunch(record.marker, { ...outcome, ...byOf(record, owner) })
  if (kept.state === "created") return machineOf(kept)
  if (cameToNothing(kept)) return { found: "nothing" }
  return settlement.found === "unclear" && kept.state === "unsettled" ? settlement : null
})

/** Looks until the machine shows or its absence is sure. */
const lookLong = Effect.fnUntraced(function* <P extends string, K extends Kind, N>(
  on: Settling<P, K, N>,
  record: LaunchRecord,
  finished: Finished
): Effect.fn.Return<Look<P, K>, GpuError> {
  const ledger = yield* CurrentLedger
  const from = yield* currentMoment
  const { monotonic } = from
  const appears = Duration.toMillis(on.definition.timing.appearWithin)
  const overAt = monotonic + (finished === "unanswered" ? Math.max(appears, unclearFor(on, record, from)) : appears)
  let present = record
  let last: Settlement<P, K> = { found: "unclear", because: "it was not looked for yet" }
  for (let look = 0, begun = monotonic, until = monotonic; look === 0 || begun < until; look++) {
    const now = yield* currentMoment
    if (!finished) {
      present = (yield* ledger.launches({ marker: record.marker }))[0] ?? record
      if (present.state === "created") return { record: present, settlement: machineOf(present), isOver: true }
      if (present.state === "refused") return { record: present, settlement: { found: "nothing" }, isOver: true }
    }
    until = finished ? overAt : now.monotonic + unclearFor(on, present, now)
    const wait = waits[Math.min(look, waits.length - 1)] ?? 30
    yield* Effect.sleep(Math.min(wait * 1000, Math.max(0, until - now.monotonic)))
    begun = yield* monotonicMillis
    last = yield* lookFor(on, record)
    if (last.found === "machine") break
  }
  return { record: present, settlement: last, isOver: false }
})

/**
 * Looks until the machine shows or its absence is sure, and writes that down.
 *
 * - `finished`: it is the launch's owner who looks, and waits for his request no more. After an answer only the cloud's own
 *   delay is waited for. One that was never answered may still arrive, as late as a create may.
 * - Where `restore` lets an abort through, it ends the looking after a few seconds more, and what is known then is noted;
 *   unless `SettleFully` says that it is waited for.
 */
const settle = Effect.fnUntraced(function* <P extends string, K extends Kind, N>(
  on: Settling<P, K, N>,
  record: LaunchRecord,
  finished: Finished,
  restore: Restore
): Effect.fn.Return<Settlement<P, K>, GpuError> {
  const isWaitedFor = yield* SettleFully
  for (;;) {
    const looked = yield* Effect.exit(restore(lookLong(on, record, finished)))
    const isAborted = Exit.isFailure(looked) && Cause.hasInterrupts(looked.cause)
    const look = yield* isAborted ? (isWaitedFor() ? lookLong(on, record, finished) : lookLast(on, record)) : looked
    if (look.isOver) return look.settlement
    const noted = yield* note(on, look.record, look.settlement, finished ? record.owner : null)
    if (noted) return noted
  }
})

/**
 * Settling launches whose outcome is not known: by the marker, from complete lists only.
 *
 * - Absence is only concluded when the last look was complete and the launch can no longer be under way. How long ago it
 *   was opened is read from the monotonic clock: a wall clock that was set forward makes no launch absent.
 */
export const settler = <P extends string, K extends Kind, N>(
  definition: AnyDefinition<P, K, N>,
  { refOf }: Reader<P, K, N>,
  terminate: Terminator<P, K>
) => {
  const on: Settling<P, K, N> = { definition, refOf, terminate, ages: makeAges() }
  return {
    settle: (record: LaunchRecord, finished: Finished, restore: Restore = (effect) => effect) =>
      Effect.provideService(settle(on, record, finished, restore), CurrentPriority, "urgent"),
    endLate: (record: LaunchRecord, id: string, owner: string | null) => endLate(on, record, id, owner),
    note: (record: LaunchRecord, settlement: Settlement<P, K>, owner: string | null) =>
      note(on, record, settlement, owner),
    lookFor: (record: LaunchRecord) => lookFor(on, record),
    lookForAll: () => lookForAll(on),
    unclearFor: (record: LaunchRecord, now: Moment) => unclearFor(on, record, now),
    /** A launch that is opened now: how long it is under way is known from its first moment. */
    opened: (record: LaunchRecord, now: Moment): void => void on.ages.of(record.marker, record, now)
  }
}

/** What {@link settler} makes. */
export type Settler<P extends string, K extends Kind, N> = ReturnType<typeof settler<P, K, N>>
