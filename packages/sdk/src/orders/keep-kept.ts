import type { GpuError, Ledger, OrderError, OrderOutcome } from "@anygpu/core"
import * as Effect from "effect/Effect"
import type { Gpu } from "../client/gpu.ts"
import { leasedOf } from "../pool/places.ts"
import type { Missing, PoolRequest } from "../pool/request.ts"
import { isOver, refOf } from "../upkeep/leased.ts"

/** The time between two rounds of a pool, in milliseconds. */
const every = 60_000

/** What places lack, as the error of an order: the tag of the first, and what each says. */
const errorOf = (missing: ReadonlyArray<Missing>): OrderError | null => {
  const [first] = missing
  const message = missing.map(({ place, error }) => `place ${place}: ${error.message}`).join("; ")
  return first ? { tag: first.error._tag, message } : null
}

/** Whether a pool has no machine any more, and no launch that may become one. */
const isEmpty = Effect.fnUntraced(function* (ledger: Ledger, name: string): Effect.fn.Return<boolean, GpuError> {
  for (const { launch } of yield* leasedOf(ledger, name)) {
    const ref = refOf(launch)
    if (!ref || !(yield* isOver(ledger, launch, yield* ledger.machine(ref)))) return false
  }
  return true
})

/**
 * One round of a pool that keepers keep.
 *
 * - A round that fails is made again, whatever it failed with: machines of the pool may be there, and need their leases.
 */
export const keepKept = Effect.fnUntraced(function* (
  ledger: Ledger,
  round: Gpu["pool"],
  request: PoolRequest,
  hide: (error: GpuError) => GpuError
): Effect.fn.Return<OrderOutcome, GpuError> {
  const made = yield* Effect.result(round(request))
  if (made._tag === "Failure") return failedRound(hide(made.failure))
  const missing = made.success.missing.map(({ place, error }) => ({ place, error: hide(error) }))
  if (request.size === 0 && missing.length === 0 && (yield* isEmpty(ledger, request.name))) return { is: "over" }
  return { is: "again", after: every, error: errorOf(missing) }
})

/** A round that came to nothing. */
export const failedRound = ({ _tag: tag, message }: GpuError): OrderOutcome => ({
  is: "again",
  after: every,
  error: { tag, message }
})
