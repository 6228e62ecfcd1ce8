import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { BeforeSending } from "../../context/before-sending.ts"
import { CurrentDeadline } from "../../context/deadline.ts"
import { currentMoment } from "../../elapsed.ts"
import { type Conflict, type GpuError, mayHaveTakenEffect, withContext } from "../../errors.ts"
import { CurrentLedger } from "../../ledger/current-ledger.ts"
import type { LaunchRecord } from "../../ledger/ledger.ts"
import type { Kind } from "../../model/kind.ts"
import { cloudEndOf } from "../cloud-end.ts"
import type { Named } from "../named.ts"
import { cameLate, claimNow, errorIn, type Guard, givenUp, guardOf, refusal } from "./claim.ts"
import { discard } from "./discard.ts"
import type { Launching } from "./launching.ts"
import { ledgerWriteFailed, type Restore } from "./settlement.ts"

/** The machine that sending made, with what was read of it where it shows already. */
export interface SentMachine<N> {
  readonly id: string
  readonly seen?: Extract<Named<N>, { readonly is: "own" }>
}

/** What sending came to; `unsent` and `late`: somebody else gave the launch up, before its request left or after. */
export type Sent<N> = SentMachine<N> | { readonly unsent: Conflict } | { readonly late: Conflict }

/** A machine that a create answered, and what speaks for it being this launch's. */
type Created<N> = { readonly id: string; readonly made: Exclude<Named<N>, { readonly is: "other" }> }

/** Sends the create, checked just before each attempt; an answer that names another machine is an error. */
const create = Effect.fnUntraced(function* <P extends string, K extends Kind, N>(
  { definition, named }: Launching<P, K, N>,
  record: LaunchRecord,
  prepared: unknown,
  guard: Guard
): Effect.fn.Return<Created<N>, GpuError> {
  const { monotonic } = yield* currentMoment
  const id = yield* guard.check.pipe(
    Effect.andThen(
      Effect.suspend(() => definition.create(prepared, { ...record, end: cloudEndOf(record.leaseUntil) }))
    ),
    Effect.provideService(CurrentDeadline, monotonic + Duration.toMillis(definition.timing.createWithin)),
    Effect.provideService(BeforeSending, guard.check)
  )
  const made = yield* named(record, id)
  return made.is === "other" ? yield* Effect.fail(made.error) : { id, made }
})

/**
 * Writes a created machine down; one whose launch somebody else gave up meanwhile is ended: its key may have another.
 */
const keep = Effect.fnUntraced(function* <P extends string, K extends Kind, N>(
  { machines: { refOf }, settling: { endLate } }: Launching<P, K, N>,
  record: LaunchRecord,
  { id, made }: Created<N>
): Effect.fn.Return<Sent<N>, GpuError> {
  const ledger = yield* CurrentLedger
  const at = yield* Clock.currentTimeMillis
  const ref = refOf(id)
  const kept = yield* ledger
    .settleLaunch(record.marker, { state: "created", instanceId: ref.id, at, by: record.owner ?? "" })
    .pipe(Effect.mapError((fault) => ledgerWriteFailed(ref, fault)))
  if (kept.state === "created" && kept.instanceId === ref.id) {
    return { id: ref.id, ...(made.is === "own" && { seen: made }) }
  }
  yield* endLate(record, ref.id, record.owner)
  return { late: cameLate(record, ref.id) }
})

/** A refusal that names machines which are not known to be this launch's: its own is looked for, and ended. */
const refused = Effect.fnUntraced(function* <P extends string, K extends Kind, N>(
  on: Launching<P, K, N>,
  record: LaunchRecord,
  error: GpuError,
  restore: Restore
): Effect.fn.Return<never, GpuError> {
  const bare = withContext(error, { leftovers: [] })
  const settlement = yield* on.settling.settle(record, "answered", restore)
  if (settlement.found === "machine") return yield* Effect.fail(yield* discard(on, record, [settlement.id], bare))
  if (settlement.found === "unclear") return yield* on.opening.unsettled(record, settlement.because, error)
  const ledger = yield* CurrentLedger
  yield* Effect.ignore(ledger.settleLaunch(record.marker, refusal(record, error)))
  return yield* Effect.fail(bare)
})

const nothingMade = (error: GpuError, { marker }: LaunchRecord): GpuError =>
  withContext(error, {
    message:
      `${error.message}. No machine with the marker ${marker} appeared in complete lists afterwards, ` +
      `so the cloud shows that nothing was made; recover() looks again for an hour`,
    retry: "temporary"
  })

/** What came of a create whose answer says nothing of it: by the list. */
const settleLost = Effect.fnUntraced(function* <P extends string, K extends Kind, N>(
  { settling, opening }: Launching<P, K, N>,
  record: LaunchRecord,
  error: GpuError,
  restore: Restore
): Effect.fn.Return<Sent<N>, GpuError> {
  // Only an answer says that the request is over: one whose answer never came may still arrive, as late as a create
  // may.
  const finished = error.http?.status === undefined ? "unanswered" : "answered"
  const settlement = yield* settling.settle(record, finished, restore)
  if (settlement.found === "machine") return { id: settlement.id }
  if (settlement.found === "late") return { late: cameLate(record, settlement.ended.ref.id) }
  if (settlement.found === "unclear") return yield* opening.unsettled(record, settlement.because, error)
  return yield* Effect.fail(nothingMade(error, record))
})

/** What a create that failed left: its own machines are ended, and what nobody knows is looked for. */
const afterFailure = Effect.fnUntraced(function* <P extends string, K extends Kind, N>(
  on: Launching<P, K, N>,
  record: LaunchRecord,
  error: GpuError,
  guard: Guard,
  restore: Restore
): Effect.fn.Return<Sent<N>, GpuError> {
  const ledger = yield* CurrentLedger
  const leftovers = (error.leftovers ?? []).map(({ id }) => id)
  const own = yield* Effect.filter(leftovers, (id) => Effect.map(on.named(record, id), ({ is }) => is === "own"))
  const [leftover] = own
  if (leftover !== undefined) {
    const made = { instanceId: leftover, note: error.message, at: yield* Clock.currentTimeMillis }
    const kept = { state: "created", ...made, by: record.owner ?? "" } as const
    yield* Effect.ignore(ledger.settleLaunch(record.marker, kept))
    return yield* Effect.fail(yield* discard(on, record, own, error))
  }
  if (leftovers.length > 0) return yield* refused(on, record, error, restore)
  if (guard.sentNothing() || !mayHaveTakenEffect(error)) {
    // A ledger that cannot note it leaves the launch open, which recover() settles: the cloud's word goes first.
    yield* Effect.ignore(ledger.settleLaunch(record.marker, refusal(record, error)))
    return guard.isLost() ? { unsent: givenUp(record) } : yield* Effect.fail(error)
  }
  return yield* settleLost(on, record, error, restore)
})

/**
 * Claims the launch, sends the create, and establishes what came of it: the machine's id, or an error that is the whole
 * truth.
 *
 * - When the launch was given up elsewhere meanwhile, nothing of it is left.
 * - An abort waits for the request's own end, and ends what looks for its machine.
 */
export const send = Effect.fnUntraced(function* <P extends string, K extends Kind, N>(
  on: Launching<P, K, N>,
  opened: LaunchRecord,
  prepared: unknown,
  restore: Restore
): Effect.fn.Return<Sent<N>, GpuError> {
  const record = yield* claimNow(opened)
  if (record === null) {
    const ledger = yield* CurrentLedger
    yield* Effect.ignore(ledger.settleLaunch(opened.marker, refusal(opened, givenUp(opened))))
    return { unsent: givenUp(opened) }
  }
  const guard = guardOf(record)
  const outcome = yield* Effect.exit(create(on, record, prepared, guard))
  return Exit.isSuccess(outcome)
    ? yield* keep(on, record, outcome.value)
    : yield* afterFailure(on, guard.claimed(), errorIn(outcome.cause), guard, restore)
})
