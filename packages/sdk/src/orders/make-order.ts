import {
  type Cloud,
  cameToNothing,
  type GpuError,
  type InstanceRef,
  InvalidRequest,
  isOrderOver,
  type LaunchRecord,
  type Ledger,
  type OrderOutcome,
  type OrderRecord,
  sameRef
} from "@anygpu/core"
import * as Effect from "effect/Effect"
import type { Gpu } from "../client/gpu.ts"
import { makeGpu } from "../client/make-gpu.ts"
import { mayBeHadLater, pauseAfter } from "../placement/look-again.ts"
import { refOf } from "../upkeep/leased.ts"
import { heldLedger, heldPoolLedger, lasts, whileHeld } from "./hold.ts"
import { failedRound, keepKept } from "./keep-kept.ts"
import { type KeptPool, poolOf } from "./kept-pool.ts"
import { launchOf, type OrderRequest, type SecretValues, secretNamesOf } from "./request.ts"
import { type StoredRequest, withMoments } from "./stored.ts"

/** What a keeper makes orders with. */
export interface OrderParts {
  readonly clouds: ReadonlyArray<Cloud>
  readonly ledger: Ledger
  /** The keeper's own name. */
  readonly by: string
  /** The value of a secret; null where the keeper does not have it. */
  readonly secretOf: (name: string) => Effect.Effect<string | null>
  /** Takes values out of an error that is about to be shown. */
  readonly hide: (values: ReadonlyArray<string>, error: GpuError) => GpuError
}

/**
 * What came of a keeper's turn with an order.
 *
 * - `settled`: it was at it, and `order` is how it is now. `over`: nothing is to be done for it (any more).
 * - `later`: it is to be looked at at `at`, in epoch milliseconds by the ledger's own clock.
 * - `elsewhere`: another keeper is at it, or at one that may be on the same account. `unknown`: its clouds are not among those
 *   given.
 */
export type OrderTurn =
  | { readonly is: "settled"; readonly order: OrderRecord }
  | { readonly is: "later"; readonly at: number }
  | { readonly is: "over" | "elsewhere" | "unknown" }

/** The clouds that an order may be on, of those that there are. */
const cloudsFor = ({ clouds }: OrderRecord, { clouds: all }: OrderParts): ReadonlyArray<Cloud> =>
  clouds.length === 0 ? all : all.filter(({ name }) => clouds.includes(name))

/** The values of the secrets of an order; `InvalidRequest` with the names of those that this keeper does not have. */
const valuesOf = Effect.fnUntraced(function* (
  { secretOf, by }: OrderParts,
  { workload = {} }: Pick<OrderRequest, "workload">
): Effect.fn.Return<SecretValues, InvalidRequest> {
  const found = yield* Effect.forEach(secretNamesOf(workload), (name) =>
    Effect.map(secretOf(name), (value) => ({ name, value }))
  )
  const missing = found.filter(({ value }) => value === null).map(({ name }) => name)
  if (missing.length > 0) {
    return yield* InvalidRequest.of("workload", `the keeper ${by} has no secret ${missing.join(", ")}: give it to it`)
  }
  return Object.fromEntries(found.map(({ name, value }) => [name, value ?? ""]))
})

/** The launch under an order's key that is its own, and of which a machine may be there or was; with what is known of that. */
const ownLaunch = Effect.fnUntraced(function* (ledger: Ledger, { id, key }: OrderRecord) {
  const [order] = yield* ledger.orders({ id })
  const noted = order?.noted ?? []
  const launches = yield* ledger.launches({ key: key ?? id })
  const own = launches.findLast((launch) => noted.includes(launch.marker) && !cameToNothing(launch))
  const ref = own ? refOf(own) : null
  return own ? { launch: own, ref, isEndedByKeeper: noted.includes(String(ref)) } : null
})

/** A machine of the order's own that its keeper did not see through, and that is not as it should be, is ended. */
const endOwn = Effect.fnUntraced(function* (
  { ledger }: OrderParts,
  gpu: Gpu,
  { marker, instanceId }: LaunchRecord,
  ref: InstanceRef
): Effect.fn.Return<void, GpuError> {
  yield* gpu.terminate(ref)
  const note = "ended: it did not come up, and its keeper was gone"
  yield* ledger.settleLaunch(marker, { state: "refused", ...(instanceId !== null && { instanceId }), note })
})

/**
 * What a failure means for an order.
 *
 * - Where a machine of its own may be there, that is settled first, however often that takes.
 */
const outcomeOf = Effect.fnUntraced(function* (
  parts: OrderParts,
  gpu: Gpu,
  held: OrderRecord,
  failure: GpuError
): Effect.fn.Return<OrderOutcome, GpuError> {
  const error = { tag: failure._tag, message: failure.message }
  const own = yield* ownLaunch(parts.ledger, held)
  if (own) {
    const { launch, ref, isEndedByKeeper } = own
    const isLeft = (one: InstanceRef): boolean => ref !== null && sameRef(one, ref)
    if (ref && (isEndedByKeeper || failure.leftovers?.some(isLeft))) {
      const ended = yield* Effect.result(endOwn(parts, gpu, launch, ref))
      return { is: "unsettled", after: ended._tag === "Success" ? 0 : pauseAfter(1), error }
    }
    // Its user ended it: that is the end of the order.
    const isOver = failure._tag === "Conflict" && failure.ref !== undefined && isLeft(failure.ref)
    return isOver ? { is: "failed", error } : { is: "unsettled", after: pauseAfter(1), error }
  }
  if (failure._tag === "LaunchUnsettled" || mayBeHadLater(failure)) {
    return { is: "again", after: pauseAfter(held.looks), error }
  }
  return { is: "failed", error }
})

/** Makes the launch of an order, or only looks what came of it where its time is over, or it is cancelled. */
const launchOnce = Effect.fnUntraced(function* (
  parts: OrderParts,
  held: OrderRecord,
  now: number
): Effect.fn.Return<OrderOutcome, GpuError> {
  const { request, spendLimit } = held.request as unknown as StoredRequest
  const ledger = heldLedger(parts.ledger, held)
  const gpu = makeGpu({ clouds: cloudsFor(held, parts), ledger, ...(spendLimit && { spendLimit }) })
  const values = yield* Effect.result(valuesOf(parts, request))
  if (values._tag === "Failure") return yield* outcomeOf(parts, gpu, held, values.failure)
  const launch = { ...launchOf(withMoments(request), values.success), key: held.key ?? held.id }
  const isTooLate = held.asked === "cancel" || (held.until !== null && held.until <= now)
  const made = yield* Effect.result(
    isTooLate ? gpu.earlierLaunch(launch) : Effect.map(gpu.launch(launch), ({ instance }) => instance)
  )
  if (made._tag === "Failure") {
    return yield* outcomeOf(parts, gpu, held, parts.hide(Object.values(values.success), made.failure))
  }
  return made.success === null
    ? { is: "again", after: 0, error: held.error }
    : { is: "placed", ref: String(made.success.ref) }
})

/** Makes one round of a pool; none where it is not to be kept any more. */
const roundOnce = Effect.fnUntraced(function* (
  parts: OrderParts,
  held: OrderRecord
): Effect.fn.Return<OrderOutcome, GpuError> {
  if (held.asked === "cancel") return { is: "again", after: 0, error: held.error }
  const { request, spendLimit } = held.request as unknown as StoredRequest<KeptPool>
  const ledger = heldPoolLedger(parts.ledger, held)
  const gpu = makeGpu({ clouds: cloudsFor(held, parts), ledger, ...(spendLimit && { spendLimit }) })
  // What only ends needs no secret.
  const values = yield* Effect.result(request.size === 0 ? Effect.succeed({}) : valuesOf(parts, request))
  if (values._tag === "Failure") return failedRound(values.failure)
  const hide = (error: GpuError) => parts.hide(Object.values(values.success), error)
  return yield* keepKept(ledger, gpu.pool, poolOf(withMoments(request), values.success), hide)
})

/**
 * Makes the launch of one order, or a round of its pool, if it is due and nobody else is at it: for those who are woken up for it.
 *
 * - The ledger is read first, and its clock decides. A keeper that died in the midst of it is replaced, and what it made is
 *   found by the key of the launch: an order has one machine at most.
 * - Nothing to be had is looked for again until the order's time is over. Anything else that fails is the order's own error.
 * - Fails with `ProviderFault` when the ledger cannot be asked.
 */
export const makeOrder = Effect.fnUntraced(function* (
  parts: OrderParts,
  id: string
): Effect.fn.Return<OrderTurn, GpuError> {
  const { ledger, by } = parts
  const read = Effect.map(ledger.orders({ id }), ([order]) => order)
  const order = yield* read
  if (order === undefined || isOrderOver(order)) return { is: "over" }
  if (cloudsFor(order, parts).length === 0) return { is: "unknown" }
  const now = yield* ledger.now()
  if (order.nextAt > now) return { is: "later", at: order.nextAt }
  const held = yield* ledger.claimOrder(id, { by, lasts })
  if (held === null) {
    const present = yield* read
    return { is: present === undefined || isOrderOver(present) ? "over" : "elsewhere" }
  }
  const outcome = yield* whileHeld(
    ledger,
    held,
    held.what === "pool" ? roundOnce(parts, held) : launchOnce(parts, held, now)
  ).pipe(
    // A keeper that has to end ends what it was making: the next one begins again.
    Effect.onInterrupt(() => Effect.ignore(ledger.settleOrder(held, { is: "unsettled", after: 0, error: null })))
  )
  const settled = yield* ledger.settleOrder(held, outcome)
  return settled === null ? { is: "elsewhere" } : { is: "settled", order: settled }
})
