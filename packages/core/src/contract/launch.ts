import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Semaphore from "effect/Semaphore"
import { BeforeSending, OverBy } from "../adapter/limiter.ts"
import { currentMoment } from "../elapsed.ts"
import { type Conflict, type GpuError, mayHaveTakenEffect, OutOfFunds, withContext } from "../errors.ts"
import { CurrentLedger } from "../ledger/current-ledger.ts"
import type { LaunchRecord } from "../ledger/ledger.ts"
import type { Instance } from "../model/instance.ts"
import type { Kind } from "../model/kind.ts"
import type { LaunchOption, LaunchSpec } from "../model/launch-spec.ts"
import { compareAtPar, formatMoney } from "../model/money.ts"
import type { InstanceRef } from "../model/ref.ts"
import { Aftermath, leavesSomething } from "./aftermath.ts"
import { checkLaunch } from "./check-launch.ts"
import { cameLate, errorIn, givenUp, guardOf, passedSince, refusal } from "./claim.ts"
import { EarlierMachine } from "./earlier-machine.ts"
import { onceShown } from "./first-look.ts"
import { checkFunds } from "./funds.ts"
import { type Named, naming } from "./named.ts"
import type { AnyDefinition, Observer } from "./observe.ts"
import { opener } from "./open.ts"
import { type Restore, type Settler, unnoted } from "./settle.ts"
import type { terminator } from "./terminate.ts"

/** What sending came to; `unsent` and `late`: somebody else gave the launch up, before its request left or after. */
type Sent<N> =
  | { readonly id: string; readonly seen?: Extract<Named<N>, { readonly is: "own" }> }
  | { readonly unsent: Conflict }
  | { readonly late: Conflict }

const tellAftermath = (error: GpuError): Effect.Effect<void> =>
  leavesSomething(error) ? Effect.map(Aftermath, (tell) => tell(error)) : Effect.void

/**
 * Safe launching: written down first, sent once, and settled whatever the answer.
 *
 * request -> ledger -> (its turn) -> claim -> create -> (answer lost? look for the marker) -> ledger -> instance
 *
 * A launch that somebody else gave up meanwhile is not sent; a machine that came of it all the same is ended.
 */
export const launcher = <P extends string, K extends Kind, N>(
  definition: AnyDefinition<P, K, N>,
  { refOf, get, look, admit, unseen }: Observer<P, K, N>,
  settling: Settler<P, K, N>,
  terminate: ReturnType<typeof terminator<P, K, N>>
) => {
  const { settle, endLate } = settling
  const { open, follow, unsettled } = opener(definition, settling)
  const named = naming(definition)

  /** Ends the machines that a refusal made; what cannot be ended is named in the error. */
  const discard = Effect.fnUntraced(function* (record: LaunchRecord, ids: ReadonlyArray<string>, error: GpuError) {
    const left: InstanceRef[] = []
    let because = ""
    for (const id of ids) {
      const ended = yield* Effect.result(terminate(refOf(id), {}, ids))
      if (ended._tag === "Success") continue
      left.push(refOf(id))
      because = ended.failure.message
    }
    if (left.length > 0) {
      const which = left.length === 1 ? String(left[0]) : `${left.length} machines (${left.join(", ")})`
      const message = `${error.message}. It left ${which} behind, which could not be ended (${because}): end it`
      return withContext(error, { message, leftovers: left })
    }
    const ledger = yield* CurrentLedger
    yield* Effect.ignore(ledger.settleLaunch(record.marker, { ...refusal(record, error), instanceId: ids[0] ?? "" }))
    return withContext(error, { ...(ids[0] !== undefined && { ref: refOf(ids[0]) }), leftovers: [] })
  })

  /** Ends the machine of a launch that somebody else gave up meanwhile: its key may have another one by now. */
  const giveBack = (record: LaunchRecord, id: string) =>
    Effect.as(endLate(record, id, record.owner), { late: cameLate(record, id) })

  /** A refusal that names machines which are not known to be this launch's: its own is looked for, and ended. */
  const refused = Effect.fnUntraced(function* (
    record: LaunchRecord,
    error: GpuError,
    restore: Restore
  ): Effect.fn.Return<never, GpuError> {
    const bare = withContext(error, { leftovers: [] })
    const settlement = yield* settle(record, "answered", restore)
    if (settlement.found === "machine") return yield* Effect.fail(yield* discard(record, [settlement.id], bare))
    if (settlement.found === "unclear") return yield* unsettled(record, settlement.because, error)
    const ledger = yield* CurrentLedger
    yield* Effect.ignore(ledger.settleLaunch(record.marker, refusal(record, error)))
    return yield* Effect.fail(bare)
  })

  /**
   * Claims the launch, sends the create, and establishes what came of it: the machine's id, or an error that is the whole
   * truth.
   *
   * - When the launch was given up elsewhere meanwhile, nothing of it is left.
   * - An abort waits for the request's own end, and ends what looks for its machine.
   */
  const send = Effect.fnUntraced(function* (
    opened: LaunchRecord,
    prepared: unknown,
    restore: Restore
  ): Effect.fn.Return<Sent<N>, GpuError> {
    const ledger = yield* CurrentLedger
    const now = yield* currentMoment
    const record = yield* ledger.claimLaunch(opened.marker, opened.fence, passedSince(opened, now))
    if (record === null) {
      yield* Effect.ignore(ledger.settleLaunch(opened.marker, refusal(opened, givenUp(opened))))
      return { unsent: givenUp(opened) }
    }
    const by = record.owner ?? ""
    const guard = guardOf(record)
    const outcome = yield* guard.check.pipe(
      Effect.andThen(Effect.suspend(() => definition.create(prepared, record))),
      Effect.provideService(OverBy, now.monotonic + Duration.toMillis(definition.timing.createWithin)),
      Effect.provideService(BeforeSending, guard.check),
      Effect.flatMap((id) => Effect.map(named(record, id), (made) => ({ id, made }))),
      Effect.flatMap(({ id, made }) => (made.is === "other" ? Effect.fail(made.error) : Effect.succeed({ id, made }))),
      Effect.exit
    )
    const at = yield* Clock.currentTimeMillis
    if (Exit.isSuccess(outcome)) {
      const { id, made } = outcome.value
      const ref = refOf(id)
      const kept = yield* ledger
        .settleLaunch(record.marker, { state: "created", instanceId: ref.id, at, by })
        .pipe(Effect.mapError((fault) => unnoted(ref, fault)))
      if (kept.state !== "created" || kept.instanceId !== ref.id) return yield* giveBack(record, ref.id)
      return { id: ref.id, ...(made.is === "own" && { seen: made }) }
    }
    const error = errorIn(outcome.cause)
    const leftovers = (error.leftovers ?? []).map(({ id }) => id)
    const own = yield* Effect.filter(leftovers, (id) => Effect.map(named(record, id), ({ is }) => is === "own"))
    const [leftover] = own
    if (leftover !== undefined) {
      const kept = { state: "created", instanceId: leftover, note: error.message, at, by } as const
      yield* Effect.ignore(ledger.settleLaunch(record.marker, kept))
      return yield* Effect.fail(yield* discard(record, own, error))
    }
    if (leftovers.length > 0) return yield* refused(record, error, restore)
    if (guard.sentNothing() || !mayHaveTakenEffect(error)) {
      // A ledger that cannot note it leaves the launch open, which recover() settles: the cloud's word goes first.
      yield* Effect.ignore(ledger.settleLaunch(record.marker, refusal(record, error)))
      return guard.isLost() ? { unsent: givenUp(record) } : yield* Effect.fail(error)
    }
    // Only an answer says that the request is over: one whose answer never came may still arrive, as late as a create may.
    const settlement = yield* settle(record, error.http?.status === undefined ? "unanswered" : "answered", restore)
    if (settlement.found === "machine") return { id: settlement.id }
    if (settlement.found === "late") return { late: cameLate(record, settlement.ended.ref.id) }
    if (settlement.found === "unclear") return yield* unsettled(record, settlement.because, error)
    return yield* Effect.fail(
      withContext(error, {
        message:
          `${error.message}. No machine with the marker ${record.marker} appeared in complete lists afterwards, ` +
          `so nothing was made, as far as the cloud tells; recover() looks again for an hour`,
        retry: "temporary"
      })
    )
  })

  /** Creates wait for one another here, where an abort still finds nothing sent. */
  const oneAtATime = Semaphore.makeUnsafe(1)

  /** Sends when it is its turn, if there is money for it; an abort before that leaves nothing behind. */
  const sendInTurn = (record: LaunchRecord, prepared: unknown, { offer }: LaunchSpec<P, K>, restore: Restore) =>
    Effect.flatMap(CurrentLedger, (ledger) =>
      restore(Effect.andThen(checkFunds(definition, offer), Semaphore.take(oneAtATime, 1))).pipe(
        Effect.onInterrupt(() =>
          Effect.ignore(ledger.settleLaunch(record.marker, refusal(record, { message: "aborted before it was sent" })))
        ),
        Effect.tapError((error) => Effect.ignore(ledger.settleLaunch(record.marker, refusal(record, error)))),
        Effect.andThen(Effect.ensuring(send(record, prepared, restore), Semaphore.release(oneAtATime, 1)))
      )
    )

  /**
   * The new machine as it is now; one that costs more than the caller's limit, or is not wanted any more, is ended.
   *
   * - One that somebody else ended meanwhile is told as the cloud shows it; one that no read shows is not visible yet. With a
   *   limit on its price it is waited for until it shows, as long as it may take.
   */
  const welcome = Effect.fnUntraced(function* (
    record: LaunchRecord,
    id: string,
    read: Extract<Named<N>, { readonly is: "own" }> | undefined,
    { maxPerHour }: LaunchSpec<P, K>,
    restore: Restore
  ): Effect.fn.Return<Instance<P, K>, GpuError> {
    const now = yield* Clock.currentTimeMillis
    const found = maxPerHour ? onceShown(look(id), definition.timing) : look(id)
    const shown = read ? Effect.andThen(Effect.yieldNow, admit(id, read.native, "read", read.began)) : found
    const looked = yield* Effect.exit(restore(shown))
    if (Exit.isFailure(looked) && Cause.hasInterrupts(looked.cause)) {
      yield* terminate(refOf(id))
      return yield* Effect.interrupt
    }
    const seen = Exit.isSuccess(looked) ? looked.value?.instance : undefined
    // What was read when it was made may be from before its end.
    if (!seen || read) {
      const ledger = yield* CurrentLedger
      const known = yield* Effect.result(ledger.machine(refOf(id)))
      if (known._tag === "Success" && known.success?.goneAt != null) return yield* restore(get(id))
    }
    if (!seen?.price || !maxPerHour || seen.status === "terminated") return seen ?? unseen(id, record, now)
    const { price } = seen
    if (compareAtPar(price, maxPerHour) < (definition.priceRoundedTo ?? 1)) return seen
    const message =
      `The machine turned out to cost ${formatMoney(price)} per hour, above maxPerHour ${formatMoney(maxPerHour)}: ` +
      "its price changed since it was offered; it was ended again"
    const error = new OutOfFunds({ message, retry: "permanent", needed: price, available: maxPerHour, ownLimit: true })
    return yield* Effect.fail(yield* discard(record, [id], error))
  })

  /** The machine of another launch under the same key, as it is now. */
  const ofAnother = Effect.fnUntraced(function* (id: string, restore: Restore) {
    const tell = yield* EarlierMachine
    tell(refOf(id))
    return yield* restore(get(id))
  })

  const rent = Effect.fnUntraced(function* (
    spec: LaunchSpec<P, K>,
    prepared: unknown,
    restore: Restore
  ): Effect.fn.Return<Instance<P, K>, GpuError> {
    for (;;) {
      const opened = yield* restore(open(spec))
      if ("known" in opened) return yield* ofAnother(opened.known, restore)
      const sent = yield* sendInTurn(opened.fresh, prepared, spec, restore)
      if ("id" in sent) return yield* welcome(opened.fresh, sent.id, sent.seen, spec, restore)
      if ("late" in sent) return yield* ofAnother(yield* restore(follow(opened.fresh, sent.late)), restore)
      // Whoever gave it up wants its key, and has it, or does not any more. Without one nobody here knows what became of it.
      if (spec.key === undefined) return yield* sent.unsent
    }
  })

  return (spec: LaunchSpec<P, K, LaunchOption>): Effect.Effect<Instance<P, K>, GpuError> =>
    Effect.gen(function* () {
      yield* checkLaunch(definition, spec)
      const prepared = yield* definition.prepare(spec)
      return yield* Effect.uninterruptibleMask((restore) =>
        Effect.tapError(rent(spec, prepared, restore), tellAftermath)
      )
    })
}
