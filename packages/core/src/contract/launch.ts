import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { OverBy } from "../adapter/limiter.ts"
import { type GpuError, LaunchUnsettled, mayHaveTakenEffect, withContext } from "../errors.ts"
import { CurrentLedger } from "../ledger/current-ledger.ts"
import type { LaunchRecord } from "../ledger/ledger.ts"
import type { Instance } from "../model/instance.ts"
import type { Kind } from "../model/kind.ts"
import type { LaunchOption, LaunchSpec } from "../model/launch-spec.ts"
import { newMarker } from "../model/marker.ts"
import type { AnyDefinition, Observer } from "./observe.ts"
import type { Settler } from "./settle.ts"
import type { terminator } from "./terminate.ts"
import { checkSpec } from "./validate.ts"

/** The spec as the ledger keeps it: what people need to recognise a launch, without env values, keys and passwords. */
const redactedSpec = <P extends string, K extends Kind>(spec: LaunchSpec<P, K>): Record<string, unknown> => {
  const { offer, env, registry, sshKeys, onStart, ...plain } = spec
  return {
    ...plain,
    offer: { id: offer.id, gpu: offer.gpu, location: offer.location },
    ...(env && { env: Object.keys(env) }),
    ...(registry && { registry: registry.host }),
    ...(sshKeys && { sshKeys: sshKeys.length }),
    ...(onStart !== undefined && { onStart: `${onStart.length} characters` })
  }
}

const refusal = (error: GpuError) => ({ state: "refused", note: error.message }) as const

/**
 * Safe launching: written down first, sent once, and settled whatever the answer.
 *
 * request -> ledger -> create -> (answer lost? look for the marker) -> ledger -> instance
 */
export const launcher = <P extends string, K extends Kind, N>(
  definition: AnyDefinition<P, K, N>,
  { refOf, get, unseen }: Observer<P, K, N>,
  { settle }: Settler<P, K, N>,
  terminate: ReturnType<typeof terminator<P, K, N>>
) => {
  const { provider, kind } = definition

  /** Ends a machine that a refusal made; when that fails, the error says what is left. */
  const discard = ({ marker }: LaunchRecord, id: string, error: GpuError): Effect.Effect<GpuError> =>
    terminate(refOf(id)).pipe(
      Effect.andThen(Effect.flatMap(CurrentLedger, (ledger) => ledger.settleLaunch(marker, refusal(error)))),
      Effect.as(withContext(error, { leftovers: [] })),
      Effect.catch((left) =>
        Effect.succeed(
          withContext(error, {
            message: `${error.message}. It left ${refOf(id)} behind, which could not be ended (${left.message}): end it`,
            leftovers: [refOf(id)]
          })
        )
      )
    )

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
  const send = Effect.fnUntraced(function* (
    record: LaunchRecord,
    prepared: unknown
  ): Effect.fn.Return<string, GpuError> {
    const ledger = yield* CurrentLedger
    const overBy = record.at + Duration.toMillis(definition.timing.createWithin)
    const create = Effect.provideService(definition.create(prepared, record), OverBy, overBy)
    const outcome = yield* Effect.result(create)
    if (outcome._tag === "Success") {
      const ref = refOf(outcome.success)
      yield* ledger.settleLaunch(record.marker, { state: "created", instanceId: ref.id }).pipe(
        Effect.mapError((fault) =>
          withContext(fault, {
            message: `${ref} is rented and costs money, but the ledger could not note it: ${fault.message}`,
            leftovers: [ref]
          })
        )
      )
      return ref.id
    }
    const error = outcome.failure
    const [leftover] = error.leftovers ?? []
    if (leftover) {
      yield* ledger.settleLaunch(record.marker, { state: "created", instanceId: leftover.id, note: error.message })
      return yield* Effect.fail(yield* discard(record, leftover.id, error))
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
  ): Effect.fn.Return<{ readonly fresh: LaunchRecord } | { readonly known: string }, GpuError> {
    const ledger = yield* CurrentLedger
    for (;;) {
      const record: LaunchRecord = {
        marker: newMarker(),
        key: spec.key ?? null,
        idempotencyKey: crypto.randomUUID(),
        provider,
        kind,
        name: spec.name,
        offerId: spec.offer.id,
        price: spec.offer.price,
        spec: redactedSpec(spec),
        at: yield* Clock.currentTimeMillis,
        state: "open",
        instanceId: null,
        note: null
      }
      const held = yield* ledger.openLaunch(record)
      if (held.marker === record.marker) return { fresh: record }
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

  return (spec: LaunchSpec<P, K, LaunchOption>): Effect.Effect<Instance<P, K>, GpuError> =>
    Effect.gen(function* () {
      yield* checkSpec(definition, spec)
      const prepared = yield* definition.prepare(spec)
      return yield* Effect.uninterruptibleMask((restore) =>
        Effect.gen(function* () {
          const opened = yield* restore(open(spec))
          if ("known" in opened) return yield* restore(get(opened.known))
          const id = yield* send(opened.fresh, prepared)
          const now = yield* Clock.currentTimeMillis
          return yield* restore(get(id)).pipe(
            Effect.onInterrupt(() => Effect.ignore(terminate(refOf(id)))),
            Effect.catch(() => Effect.succeed(unseen(id, opened.fresh, now)))
          )
        })
      )
    })
}
