import type { LeasedRef, Sweep } from "anygpu"
import type { OperationContext } from "./context.ts"
import type { SweepJson } from "./protocol/answers/sweep.ts"
import { errorJson } from "./protocol/errors.ts"
import { type Gathered, gatheredJson, spentSumJson, timeJson } from "./protocol/model.ts"

/** What a sweep came to. */
export interface Swept extends Sweep, Gathered {}

/** Ends what has run out, and nothing else. */
export const run = async ({ gpu, now, out, signal }: OperationContext): Promise<Swept> => {
  const client = await gpu()
  const swept = await out.during("ending what has run out", () => client.sweep({ signal }))
  return { ...swept, complete: swept.problems.length === 0, observedAt: { epochMilliseconds: now() } }
}

const leasedJson = ({ ref, marker, until }: LeasedRef) => ({
  ref: ref === null ? null : String(ref),
  marker,
  until: timeJson(until)
})

/** The sweep in JSON. */
export const encode = ({ ended, failed, underWay, kept, ...gathered }: Swept, interrupted: boolean): SweepJson => ({
  ended: ended.map(({ ref, alreadyGone, leftovers, cost }) => ({
    ...{ ref: String(ref), alreadyGone, leftovers: [...leftovers], cost: cost && spentSumJson(cost) }
  })),
  failed: failed.map((one) => ({ ...leasedJson(one), error: errorJson(one.error, interrupted) })),
  underWay: underWay.map(leasedJson),
  kept: kept.map(leasedJson),
  ...gatheredJson(gathered)
})
