import * as Effect from "effect/Effect"
import { currentMoment, type Moment } from "../../elapsed.ts"
import { type Conflict, type GpuError, LaunchUnsettled } from "../../errors.ts"
import { CurrentLedger } from "../../ledger/current-ledger.ts"
import type { LaunchRecord } from "../../ledger/ledger.ts"
import type { Kind } from "../../model/kind.ts"
import { type LaunchSpec, leaseMillis } from "../../model/launch-spec.ts"
import { newMarker } from "../../model/marker.ts"
import type { AnyDefinition } from "../read/any-definition.ts"
import { differenceOf, freed, lapsedBy, redactedSpec } from "./record.ts"
import type { Settler } from "./settle.ts"

/** What opening a launch came to: it is to be sent, or its key has a machine already. */
export type Opened = { readonly fresh: LaunchRecord } | { readonly known: string }

/** Opening launches in the ledger, by their keys where they have one. */
export const opener = <P extends string, K extends Kind, N>(
  { provider, kind, account }: AnyDefinition<P, K, N>,
  { settle, opened }: Settler<P, K, N>
) => {
  const unsettled = (record: LaunchRecord, because: string, cause?: GpuError) =>
    new LaunchUnsettled({
      message:
        `The launch "${record.name}" was sent to ${provider} and its outcome is not known: ${because}. ` +
        `Do not launch again: call recover() later, or look for "${record.marker}" in the console`,
      retry: "temporary",
      marker: record.marker,
      cause
    })

  const recordOf = (
    spec: LaunchSpec<P, K>,
    { wall: at, monotonic: monotonicAt }: Moment,
    leaseUntil: number | null,
    whose: string | undefined
  ): LaunchRecord => ({
    marker: newMarker(),
    key: spec.key ?? null,
    idempotencyKey: crypto.randomUUID(),
    provider,
    kind,
    ...(whose !== undefined && { account: whose }),
    ...(spec.offer.account !== undefined && { accountName: spec.offer.account }),
    ...(spec.tags !== undefined && { tags: spec.tags }),
    ...(spec.owner !== undefined && { ownedBy: spec.owner }),
    name: spec.name,
    offerId: spec.offer.id,
    pricePerHour: spec.offer.pricePerHour,
    spec: redactedSpec(spec),
    at,
    monotonicAt,
    state: "open",
    instanceId: null,
    note: null,
    leaseUntil,
    sentAfter: null,
    owner: crypto.randomUUID(),
    fence: 0
  })

  /** The machine of the launch that holds a key; null when no machine came of it, and the key is free again. */
  const join = Effect.fnUntraced(function* (
    held: LaunchRecord,
    asked: LaunchRecord
  ): Effect.fn.Return<string | null, GpuError> {
    const differs = differenceOf(held, asked)
    if (differs) return yield* Effect.fail(differs)
    if (held.instanceId !== null) return held.instanceId
    const settlement = yield* settle(held, false)
    if (settlement.found === "machine") return settlement.id
    if (settlement.found === "unclear") return yield* unsettled(held, settlement.because)
    const ledger = yield* CurrentLedger
    const kept = yield* ledger.settleLaunch(held.marker, freed)
    return kept.state === "lapsed" ? yield* lapsedBy(kept) : null
  })

  /** When a launch that is opened now ends by its ttl, by the ledger's own clock: this computer's may be wrong. */
  const leaseEnd = Effect.fnUntraced(function* ({ ttl }: LaunchSpec<P, K>): Effect.fn.Return<number | null, GpuError> {
    const lease = ttl === undefined ? null : leaseMillis(ttl)
    if (lease === null) return null
    const ledger = yield* CurrentLedger
    return (yield* ledger.now()) + lease
  })

  /** Opens the launch in the ledger; a key that was used before answers its machine instead of sending. */
  const open = Effect.fnUntraced(function* (spec: LaunchSpec<P, K>): Effect.fn.Return<Opened, GpuError> {
    const ledger = yield* CurrentLedger
    const whose = account && (yield* account.asked)
    for (;;) {
      const now = yield* currentMoment
      const record = recordOf(spec, now, yield* leaseEnd(spec), whose)
      opened(record, now)
      const held = yield* ledger.openLaunch(record)
      if (held.marker === record.marker) return { fresh: record }
      const known = yield* join(held, record)
      if (known !== null) return { known }
    }
  })

  /** The machine launched under the same key since this launch was given up; the launch's own error without one. */
  const follow = Effect.fnUntraced(function* (lost: LaunchRecord, error: Conflict): Effect.fn.Return<string, GpuError> {
    const ledger = yield* CurrentLedger
    for (;;) {
      const holders = lost.key === null ? [] : yield* ledger.launches({ key: lost.key })
      const held = holders.findLast(({ state }) => state !== "refused")
      if (!held) return yield* error
      const known = yield* join(held, lost)
      if (known !== null) return known
    }
  })

  return { open, follow, unsettled }
}

/** What {@link opener} makes. */
export type Opener<P extends string, K extends Kind> = ReturnType<typeof opener<P, K, unknown>>
