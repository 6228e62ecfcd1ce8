import type { GpuError, RunAttempt, RunRecord } from "@anygpu/core"
import * as Effect from "effect/Effect"
import { type Running, reserveOf, usedMillis } from "./parts.ts"
import type { RunPlan } from "./request.ts"

/** Whether an attempt was one of those that a retry is for: its command had begun. */
const isCounted = ({ startedAt }: RunAttempt): boolean => startedAt !== null

/**
 * Whether a run goes on on another machine, by how its last attempt ended.
 *
 * - A machine that was lost before its command began costs no retry: nothing ran there.
 */
export const goesOn = ({ attempts, isStopAsked }: RunRecord, plan: RunPlan, now: number): boolean => {
  const last = attempts.at(-1)
  if (!last) return true
  const isLost = last.end === "lost"
  const isFailure = last.end === "exited" && last.code !== 0 && plan.retryOnExit
  if (isStopAsked || plan.on !== null || !(isLost || isFailure)) return false
  if (attempts.filter(isCounted).length > plan.retry) return false
  const left = plan.durationMillis === null ? null : plan.durationMillis - usedMillis(attempts, now)
  if (left !== null && left <= reserveOf(plan)) return false
  const spent = attempts.flatMap((attempt) => attempt.spent).reduce((sum, { micros }) => sum + micros, 0)
  if (plan.maxTotal !== null && spent >= plan.maxTotal.micros) return false
  return attempts.filter((attempt) => !isCounted(attempt)).length < plan.maxAttempts
}

/** Begins the next attempt, or says that nothing is left to do. */
export const nextStep = Effect.fnUntraced(function* ({ book, plan, parts }: Running): Effect.fn.Return<void, GpuError> {
  const run = book.run()
  const now = yield* parts.now
  if (!goesOn(run, plan, now)) {
    yield* book.close
    return
  }
  const number = run.attempts.length + 1
  yield* book.begin({
    ...{ number, state: "launching", at: now, ref: null, job: `${run.id}-${number}`, pricePerHour: null },
    ...{ startedAt: null, out: 0, err: 0, code: null, oomKills: null, end: null, endedAt: null, spent: [], note: null }
  })
})
