import * as Effect from "effect/Effect"
import { type GpuError, withContext } from "../../errors.ts"
import { CurrentLedger } from "../../ledger/current-ledger.ts"
import type { LaunchRecord } from "../../ledger/ledger.ts"
import type { Kind } from "../../model/kind.ts"
import type { InstanceRef } from "../../model/ref.ts"
import { refusal } from "./claim.ts"
import type { Launching } from "./launching.ts"

/** Ends the machines that a refusal made; what cannot be ended is named in the error. */
export const discard = Effect.fnUntraced(function* <P extends string, K extends Kind, N>(
  { machines: { refOf }, terminate }: Launching<P, K, N>,
  record: LaunchRecord,
  ids: ReadonlyArray<string>,
  error: GpuError
) {
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
