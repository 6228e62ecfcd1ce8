import type { GpuError, RunAttempt } from "@anygpu/core"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { Entry } from "../copy/entry.ts"
import type { JobStatus } from "../jobs/job-status.ts"
import { noteProblem, type Running, type RunSession } from "./parts.ts"
import type { RunPlan } from "./request.ts"

/** How long a folder must have been left alone before it is copied. */
const quiet = "3 seconds"

/** How often a folder that is being written is looked at again before the next turn. */
const tries = 5

type Checkpoint = NonNullable<RunPlan["checkpoint"]>

const textOf = (entries: ReadonlyArray<Entry>): string =>
  JSON.stringify(
    [...entries]
      .sort((a, b) => (a.path < b.path ? -1 : 1))
      .map(({ path, size, changed, mode, target }) => [path, size, changed, mode, target])
  )

/** Whether a command may be trusted to have written whole files: one that was ended may have been writing. */
const isSound = ({ state, code }: JobStatus): boolean =>
  state === "running" || state === "starting" || (state === "exited" && code === 0)

/**
 * Brings a folder home once, if it is still: the same for three seconds before, and the same after it was copied. Null when it
 * is not.
 *
 * - After the command it is brought home only where that ended with 0: what is still by then may be half a file.
 */
const trySnapshot = Effect.fnUntraced(function* (
  { parts: { snapshots } }: Running,
  job: RunAttempt["job"],
  session: RunSession,
  { folder, store }: Checkpoint
): Effect.fn.Return<string | null | "empty" | "unsound", GpuError> {
  const first = yield* session.list(folder)
  if (first.every(({ type }) => type === "directory")) return "empty"
  yield* Effect.sleep(quiet)
  const before = yield* session.list(folder)
  if (textOf(first) !== textOf(before)) return null
  const at = yield* Clock.currentTimeMillis
  const paths = before.map(({ path }) => path)
  const copy = (home: string) =>
    Effect.gen(function* () {
      yield* session.download("**", home, { from: folder })
      const after = yield* session.list(folder)
      if (textOf(before) !== textOf(after)) return null
      if (!isSound(yield* session.job(job).status)) return "unsound" as const
      return yield* snapshots.keep(store, home, at, paths)
    })
  return yield* Effect.acquireUseRelease(snapshots.begin(store), copy, snapshots.drop)
})

/** Brings the checkpoint home, as soon as it is still; what goes wrong with it ends nothing. */
export const takeSnapshot = Effect.fnUntraced(function* (
  running: Running,
  attempt: RunAttempt,
  session: RunSession,
  checkpoint: Checkpoint
): Effect.fn.Return<void> {
  for (let left = tries; left > 0; left--) {
    const result = yield* Effect.result(trySnapshot(running, attempt.job, session, checkpoint))
    if (result._tag === "Failure") return noteProblem(running, attempt, result.failure)
    const snapshot = result.success
    if (snapshot === "empty" || snapshot === "unsound") return
    if (snapshot !== null) return running.tell({ type: "checkpoint", attempt: attempt.number, snapshot })
    yield* Effect.sleep("2 seconds")
  }
})

/** Brings the checkpoint home again and again, for as long as it is not interrupted. */
export const keepSnapshots = (running: Running, attempt: RunAttempt, session: RunSession): Effect.Effect<never> => {
  const { checkpoint } = running.plan
  if (checkpoint === null) return Effect.never
  return Effect.forever(
    Effect.andThen(Effect.sleep(checkpoint.everyMillis), takeSnapshot(running, attempt, session, checkpoint))
  )
}

/** Puts the latest snapshot onto a machine, before the command begins there. */
export const restoreSnapshot = Effect.fnUntraced(function* (
  { parts, plan: { checkpoint }, tell }: Running,
  attempt: RunAttempt,
  session: RunSession
): Effect.fn.Return<void, GpuError> {
  if (checkpoint === null) return
  const snapshot = yield* parts.snapshots.latest(checkpoint.store)
  if (snapshot === null) return
  yield* session.upload(snapshot, checkpoint.folder, { ignore: false })
  tell({ type: "restored", attempt: attempt.number, snapshot })
})
