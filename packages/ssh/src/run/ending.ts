import { type GpuError, type Money, type RunAttempt, scaleMoney, sumsOf } from "@anygpu/core"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { takeSnapshot } from "./checkpoint.ts"
import { orInterrupted, refOfAttempt } from "./interruption.ts"
import { isLeft, noteProblem, type Running } from "./parts.ts"

const hour = 3_600_000

/** How long results may take to come home when the run's time is over: a finished command is not thrown away for it; milliseconds. */
const lateHome = 60_000

/** Brings home what the command wrote. */
const collect = Effect.fnUntraced(function* (running: Running, attempt: RunAttempt): Effect.fn.Return<void, GpuError> {
  const { plan, tell } = running
  const { checkpoint, download } = plan
  if (checkpoint === null && download === null) return
  const session = yield* running.session(attempt)
  if (checkpoint !== null) yield* takeSnapshot(running, attempt, session, checkpoint)
  if (download === null) return
  const { globs, to } = download
  const transferred = yield* session.download(globs, to, { from: plan.cwd })
  running.results = { to, transferred }
  tell({ type: "downloaded", attempt: attempt.number, transferred, to })
})

/**
 * Brings the results home.
 *
 * - A machine that is lost before they are home is a lost machine, whatever its command said.
 * - What cannot be brought home for another reason is a problem, and the machine is given back all the same.
 */
export const collectingStep = Effect.fnUntraced(function* (
  running: Running,
  attempt: RunAttempt
): Effect.fn.Return<void, GpuError> {
  const watched = { stop: false, reserve: 0, atLeast: lateHome }
  const result = yield* Effect.result(orInterrupted(running, attempt, collect(running, attempt), watched))
  if (result._tag === "Failure") noteProblem(running, attempt, result.failure)
  const isLost = result._tag === "Success" && result.success._tag === "Lost"
  const note = isLost
    ? `the command had ended, and its results were not home: ${result.success.note}`
    : result._tag === "Failure"
      ? `the results are not home: ${result.failure.message}`
      : result.success._tag === "OutOfTime"
        ? "the results are not home: the time was over"
        : null
  const end = isLost && attempt.end === "exited" ? "lost" : attempt.end
  yield* running.book.advance(attempt, { state: "ending", end, note })
})

/** What a machine of the run's own has cost until now, with the tries before it. */
const spentBy = ({ spent, pricePerHour, at }: RunAttempt, now: number): ReadonlyArray<Money> =>
  sumsOf(pricePerHour === null ? spent : [...spent, scaleMoney(pricePerHour, Math.max(0, now - at), hour)])

/** Ends the command on a machine that stays, should it run there; best done. */
const endCommand = (running: Running, attempt: RunAttempt): Effect.Effect<void> =>
  running.session(attempt).pipe(
    Effect.flatMap((session) => session.job(attempt.job).stop({ grace: running.plan.graceMillis })),
    Effect.timeoutOrElse({ duration: "1 minute", orElse: () => Effect.void }),
    Effect.ignore
  )

/** Gives the machine back, verified, unless it is to stay. Fails when that cannot be done: the attempt stays at this step. */
export const endingStep = Effect.fnUntraced(function* (
  running: Running,
  attempt: RunAttempt
): Effect.fn.Return<void, GpuError> {
  const { parts, plan, tell, book } = running
  const { number, ref, end } = attempt
  const stays = isLeft(plan, attempt)
  if (stays && end !== "exited" && end !== "lost") yield* endCommand(running, attempt)
  if (!stays) {
    yield* Effect.retry(parts.gpu.terminate(yield* refOfAttempt(attempt)), {
      schedule: Schedule.spaced("30 seconds"),
      times: 4
    })
  }
  const now = yield* parts.now
  if (!(yield* book.advance(attempt, { state: "over", endedAt: now, spent: spentBy(attempt, now) }))) return
  if (end === "lost") tell({ type: "lost", attempt: number, note: attempt.note ?? "" })
  if (ref !== null) tell({ type: stays ? "kept" : "given-back", attempt: number, ref })
})
