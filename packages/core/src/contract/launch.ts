import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Semaphore from "effect/Semaphore"
import { OverBy } from "../adapter/limiter.ts"
import { currentMoment } from "../elapsed.ts"
import {
  type GpuError,
  isGpuError,
  LaunchUnsettled,
  mayHaveTakenEffect,
  OutOfFunds,
  ProviderFault,
  withContext
} from "../errors.ts"
import { CurrentLedger } from "../ledger/current-ledger.ts"
import type { LaunchRecord } from "../ledger/ledger.ts"
import type { Instance } from "../model/instance.ts"
import type { Kind } from "../model/kind.ts"
import { type LaunchOption, type LaunchSpec, leaseMillis } from "../model/launch-spec.ts"
import { newMarker } from "../model/marker.ts"
import { compareAtPar, formatMoney } from "../model/money.ts"
import type { InstanceRef } from "../model/ref.ts"
import { Aftermath, leavesSomething } from "./aftermath.ts"
import { checkLaunch } from "./check-launch.ts"
import { checkFunds } from "./funds.ts"
import { differenceOf, redactedSpec } from "./launch-record.ts"
import type { AnyDefinition, Observer } from "./observe.ts"
import { type Settler, unnoted } from "./settle.ts"
import type { terminator } from "./terminate.ts"

/** A launch that was opened here, just now. */
type Fresh = LaunchRecord & { readonly monotonicAt: number }

type Restore = <A, E>(effect: Effect.Effect<A, E>) => Effect.Effect<A, E>

/** The error of a failed create; an adapter that broke down in the midst of it may have sent it. */
const errorIn = (cause: Cause.Cause<GpuError>): GpuError => {
  const error: unknown = Cause.squash(cause)
  return isGpuError(error)
    ? error
    : new ProviderFault({ message: `the adapter failed while it launched: ${String(error)}`, retry: "permanent" })
}

const tellAftermath = (error: GpuError): Effect.Effect<void> =>
  leavesSomething(error) ? Effect.map(Aftermath, (tell) => tell(error)) : Effect.void

const refusal = (error: GpuError) => ({ state: "refused", note: error.message }) as const

/**
 * Safe launching: written down first, sent once, and settled whatever the answer.
 *
 * request -> ledger -> create -> (answer lost? look for the marker) -> ledger -> instance
 */
export const launcher = <P extends string, K extends Kind, N>(
  definition: AnyDefinition<P, K, N>,
  { refOf, get, look, unseen }: Observer<P, K, N>,
  { settle, opened }: Settler<P, K, N>,
  terminate: ReturnType<typeof terminator<P, K, N>>
) => {
  const { provider, kind } = definition

  /** Ends the machines that a refusal made; what cannot be ended is named in the error. */
  const discard = Effect.fnUntraced(function* ({ marker }: LaunchRecord, ids: ReadonlyArray<string>, error: GpuError) {
    const left: InstanceRef[] = []
    let because = ""
    for (const id of ids) {
      const ended = yield* Effect.result(terminate(refOf(id)))
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
    yield* Effect.ignore(ledger.settleLaunch(marker, { ...refusal(error), instanceId: ids[0] ?? "" }))
    return withContext(error, { ...(ids[0] !== undefined && { ref: refOf(ids[0]) }), leftovers: [] })
  })

  const unsettled = (record: LaunchRecord, because: string, cause?: GpuError) =>
    new LaunchUnsettled({
      message:
        `The launch "${record.name}" was sent to ${provider} and its outcome is not known: ${because}. ` +
        `Do not launch again: call recover() later, or look for "${record.marker}" in the console`,
      retry: "temporary",
      marker: record.marker,
      cause
    })

  /** Sends the create and establishes what came of it: the machine's id, or an error that is the whole truth. */
  const send = Effect.fnUntraced(function* (record: Fresh, prepared: unknown): Effect.fn.Return<string, GpuError> {
    const ledger = yield* CurrentLedger
    const overBy = record.monotonicAt + Duration.toMillis(definition.timing.createWithin)
    const create = Effect.provideService(definition.create(prepared, record), OverBy, overBy)
    const outcome = yield* Effect.exit(create)
    const at = yield* Clock.currentTimeMillis
    if (Exit.isSuccess(outcome)) {
      const ref = refOf(outcome.value)
      yield* ledger
        .settleLaunch(record.marker, { state: "created", instanceId: ref.id, at })
        .pipe(Effect.mapError((fault) => unnoted(ref, fault)))
      return ref.id
    }
    const error = errorIn(outcome.cause)
    const [leftover, ...more] = error.leftovers ?? []
    if (leftover) {
      const made = { state: "created", instanceId: leftover.id, note: error.message, at } as const
      yield* Effect.ignore(ledger.settleLaunch(record.marker, made))
      return yield* Effect.fail(
        yield* discard(
          record,
          [leftover, ...more].map(({ id }) => id),
          error
        )
      )
    }
    if (!mayHaveTakenEffect(error)) {
      // A ledger that cannot note it leaves the launch open, which recover() settles: the cloud's word goes first.
      yield* Effect.ignore(ledger.settleLaunch(record.marker, refusal(error)))
      return yield* Effect.fail(error)
    }
    const settlement = yield* settle(record, true)
    if (settlement.found === "machine") return settlement.id
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

  /** Opens the launch in the ledger; a key that was used before answers its machine instead of sending. */
  const open = Effect.fnUntraced(function* (
    spec: LaunchSpec<P, K>
  ): Effect.fn.Return<{ readonly fresh: Fresh } | { readonly known: string }, GpuError> {
    const ledger = yield* CurrentLedger
    const lease = spec.ttl === undefined ? null : leaseMillis(spec.ttl)
    for (;;) {
      const now = yield* currentMoment
      const at = now.wall
      const record: Fresh = {
        marker: newMarker(),
        key: spec.key ?? null,
        idempotencyKey: crypto.randomUUID(),
        provider,
        kind,
        name: spec.name,
        offerId: spec.offer.id,
        price: spec.offer.price,
        spec: redactedSpec(spec),
        at,
        monotonicAt: now.monotonic,
        state: "open",
        instanceId: null,
        note: null,
        leaseUntil: lease === null ? null : at + lease
      }
      opened(record, now)
      const held = yield* ledger.openLaunch(record)
      if (held.marker === record.marker) return { fresh: record }
      const differs = differenceOf(held, record)
      if (differs) return yield* Effect.fail(differs)
      if (held.instanceId !== null) return { known: held.instanceId }
      const settlement = yield* settle(held, false)
      if (settlement.found === "machine") return { known: settlement.id }
      if (settlement.found === "unclear") return yield* unsettled(held, settlement.because)
      yield* ledger.settleLaunch(held.marker, {
        state: "refused",
        note: "no machine came of it; its key is free again"
      })
    }
  })

  /** Creates wait for one another here, where an abort still finds nothing sent. */
  const oneAtATime = Semaphore.makeUnsafe(1)

  /** Sends when it is its turn, if there is money for it; an abort before that leaves nothing behind. */
  const sendInTurn = (record: Fresh, prepared: unknown, { offer }: LaunchSpec<P, K>, restore: Restore) =>
    Effect.flatMap(CurrentLedger, (ledger) =>
      restore(Effect.andThen(checkFunds(definition.operations, offer), Semaphore.take(oneAtATime, 1))).pipe(
        Effect.onInterrupt(() =>
          Effect.ignore(ledger.settleLaunch(record.marker, { state: "refused", note: "aborted before it was sent" }))
        ),
        Effect.tapError((error) => Effect.ignore(ledger.settleLaunch(record.marker, refusal(error)))),
        Effect.andThen(Effect.ensuring(send(record, prepared), Semaphore.release(oneAtATime, 1)))
      )
    )

  /**
   * The new machine as it is now; one that costs more than the caller's limit, or is not wanted any more, is ended.
   *
   * - One that somebody else ended meanwhile is told as the cloud shows it; one that no read shows is not visible yet.
   */
  const welcome = Effect.fnUntraced(function* (
    record: LaunchRecord,
    id: string,
    { maxPerHour }: LaunchSpec<P, K>,
    restore: Restore
  ): Effect.fn.Return<Instance<P, K>, GpuError> {
    const now = yield* Clock.currentTimeMillis
    const looked = yield* Effect.exit(restore(look(id)))
    if (Exit.isFailure(looked) && Cause.hasInterrupts(looked.cause)) {
      yield* terminate(refOf(id))
      return yield* Effect.interrupt
    }
    const seen = Exit.isSuccess(looked) ? looked.value?.instance : undefined
    if (!seen?.price || !maxPerHour || seen.status === "terminated") return seen ?? unseen(id, record, now)
    const { price } = seen
    if (compareAtPar(price, maxPerHour) < (definition.priceRoundedTo ?? 1)) return seen
    const message =
      `The machine turned out to cost ${formatMoney(price)} per hour, above maxPerHour ${formatMoney(maxPerHour)}: ` +
      "its price changed since it was offered; it was ended again"
    const error = new OutOfFunds({ message, retry: "permanent", needed: price, available: maxPerHour, ownLimit: true })
    return yield* Effect.fail(yield* discard(record, [id], error))
  })

  return (spec: LaunchSpec<P, K, LaunchOption>): Effect.Effect<Instance<P, K>, GpuError> =>
    Effect.gen(function* () {
      yield* checkLaunch(definition, spec)
      const prepared = yield* definition.prepare(spec)
      return yield* Effect.uninterruptibleMask((restore) =>
        Effect.gen(function* () {
          const launch = yield* restore(open(spec))
          if ("known" in launch) return yield* restore(get(launch.known))
          const id = yield* sendInTurn(launch.fresh, prepared, spec, restore)
          return yield* welcome(launch.fresh, id, spec, restore)
        }).pipe(Effect.tapError(tellAftermath))
      )
    })
}
