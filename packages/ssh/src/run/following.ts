import type { GpuError, RunAttempt } from "@anygpu/core"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { JobStatus } from "../jobs/job-status.ts"
import { keepSnapshots } from "./checkpoint.ts"
import { orInterrupted } from "./interruption.ts"
import { type Running, type RunSession, reserveOf } from "./parts.ts"

/** How often it is written down how far the outputs were handed over. */
const saveEvery = "5 seconds"

/** How long what a command wrote may take to come after its end was asked for, beyond its grace; milliseconds. */
const lastWords = 60_000

/** How many bytes of each output were handed over. */
interface Offsets {
  out: number
  err: number
}

/** Hands over one output from where it was handed over last. */
const tellOutput = (
  { tell }: Running,
  { number, job }: RunAttempt,
  session: RunSession,
  offsets: Offsets,
  stream: "out" | "err"
): Effect.Effect<void, GpuError> =>
  Stream.runForEach(session.job(job).output({ stream, from: offsets[stream] }), (bytes) =>
    Effect.sync(() => {
      const from = offsets[stream]
      offsets[stream] = from + bytes.length
      tell({ type: "output", attempt: number, stream, from, bytes })
    })
  )

/** Writes down how far the outputs were handed over, again and again. */
const saveOffsets = (running: Running, attempt: RunAttempt, offsets: Offsets): Effect.Effect<never, GpuError> => {
  let saved = { ...offsets }
  return Effect.forever(
    Effect.gen(function* () {
      yield* Effect.sleep(saveEvery)
      if (saved.out === offsets.out && saved.err === offsets.err) return
      saved = { ...offsets }
      yield* running.book.advance(attempt, saved)
    })
  )
}

/** Follows a command to its end: its outputs are handed over, its checkpoint comes home. Of one that is not there nothing is. */
const follow = Effect.fnUntraced(function* (
  running: Running,
  attempt: RunAttempt,
  offsets: Offsets
): Effect.fn.Return<JobStatus, GpuError> {
  const session = yield* running.session(attempt)
  const outputs = Effect.all(
    [tellOutput(running, attempt, session, offsets, "out"), tellOutput(running, attempt, session, offsets, "err")],
    { concurrency: "unbounded" }
  )
  const { status } = session.job(attempt.job)
  const followed = yield* Effect.result(
    Effect.raceAllFirst([outputs, saveOffsets(running, attempt, offsets), keepSnapshots(running, attempt, session)])
  )
  if (followed._tag === "Success") return yield* status
  if (followed.failure._tag !== "RemoteFailed") return yield* followed.failure
  const found = yield* status
  return found.state === "none" ? found : yield* followed.failure
})

/** Asks the command to end, and hands over what it still writes. */
const stopCommand = Effect.fnUntraced(function* (
  running: Running,
  attempt: RunAttempt,
  offsets: Offsets,
  because: "stopped" | "out-of-time"
): Effect.fn.Return<void, GpuError> {
  const { book, plan, tell } = running
  tell({ type: "stopping", attempt: attempt.number, because })
  if (because === "stopped") yield* book.askStop
  const asked = Effect.gen(function* () {
    const session = yield* running.session(attempt)
    yield* session.job(attempt.job).stop({ grace: plan.graceMillis })
    const rest = Effect.asVoid(follow(running, attempt, offsets))
    yield* Effect.timeoutOrElse(rest, { duration: lastWords, orElse: () => Effect.void })
    return yield* session.job(attempt.job).status
  })
  const result = yield* orInterrupted(running, attempt, asked, {
    stop: false,
    reserve: Math.floor(reserveOf(plan) / 2)
  })
  if (result._tag === "Lost") {
    yield* book.advance(attempt, { ...offsets, state: "ending", end: because, note: result.note })
    return
  }
  const { code, oomKills } = result._tag === "Done" ? result.value : { code: null, oomKills: null }
  if (yield* book.advance(attempt, { ...offsets, state: "collecting", end: because, code, oomKills })) {
    tell({ type: "ended", attempt: attempt.number, code, oomKills })
  }
})

/** What a command that has ended means for its attempt. */
const afterEnd = Effect.fnUntraced(function* (
  running: Running,
  attempt: RunAttempt,
  offsets: Offsets,
  { state, code, stopped, oomKills }: JobStatus
): Effect.fn.Return<void, GpuError> {
  const { book, tell } = running
  if (state === "exited") {
    const end = stopped || book.run().isStopAsked ? "stopped" : "exited"
    if (yield* book.advance(attempt, { ...offsets, state: "collecting", end, code, oomKills })) {
      tell({ type: "ended", attempt: attempt.number, code, oomKills })
    }
    return
  }
  const note =
    state === "lost"
      ? "it was restarted under the command"
      : state === "none"
        ? "it does not know the command any more"
        : "the command never began there"
  yield* book.advance(attempt, { ...offsets, state: "ending", end: "lost", note, oomKills })
})

/** Follows the command of an attempt until it has ended, its machine is lost, or somebody asks for its end. */
export const runningStep = Effect.fnUntraced(function* (
  running: Running,
  attempt: RunAttempt
): Effect.fn.Return<void, GpuError> {
  const { out, err } = attempt
  const offsets: Offsets = { out, err }
  const result = yield* orInterrupted(
    running,
    attempt,
    Effect.suspend(() => follow(running, attempt, offsets))
  )
  if (result._tag === "Done") return yield* afterEnd(running, attempt, offsets, result.value)
  if (result._tag === "Stop") return yield* stopCommand(running, attempt, offsets, "stopped")
  if (result._tag === "OutOfTime") return yield* stopCommand(running, attempt, offsets, "out-of-time")
  yield* running.book.advance(attempt, { ...offsets, state: "ending", end: "lost", note: result.note })
})
