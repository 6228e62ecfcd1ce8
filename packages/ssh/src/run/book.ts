import type { GpuError, Ledger, RunAttempt, RunRecord } from "@anygpu/core"
import * as Effect from "effect/Effect"

/** What of an attempt may change. */
export type Patch = Partial<Omit<RunAttempt, "number" | "at" | "job">>

/**
 * A run as the ledger has it, and what changes it.
 *
 * - Two processes may bring one run to its end: of two that go on from the same place, one is taken, and the other one sees
 *   where the run is by then.
 */
export interface Book {
  /** As it was read or written last. */
  readonly run: () => RunRecord
  /** Writes how far an attempt is. False when somebody else has gone on with it: then nothing is written. */
  readonly advance: (from: Pick<RunAttempt, "number" | "state">, patch: Patch) => Effect.Effect<boolean, GpuError>
  /** Begins an attempt, unless a later one has begun. */
  readonly begin: (attempt: RunAttempt) => Effect.Effect<boolean, GpuError>
  /** Says that nothing is left to do. */
  readonly close: Effect.Effect<boolean, GpuError>
  /** Says that somebody asked for its end. */
  readonly askStop: Effect.Effect<boolean, GpuError>
}

const withPatch = (run: RunRecord, patch: Patch): RunRecord => ({
  ...run,
  attempts: run.attempts.map((attempt, index) =>
    index === run.attempts.length - 1
      ? {
          ...{ ...attempt, ...patch },
          // Two that follow the same output: what was handed over by either of them was.
          out: Math.max(attempt.out, patch.out ?? 0),
          err: Math.max(attempt.err, patch.err ?? 0)
        }
      : attempt
  )
})

/** Opens the book of a run. */
export const openBook = (ledger: Ledger, opened: RunRecord): Book => {
  let held = opened
  const change = Effect.fnUntraced(function* (
    next: (run: RunRecord) => RunRecord | null
  ): Effect.fn.Return<boolean, GpuError> {
    for (;;) {
      const wanted = next(held)
      if (wanted === null) return false
      const written = yield* ledger.changeRun(wanted)
      if (written !== null) {
        held = written
        return true
      }
      const [now] = yield* ledger.runs({ id: held.id })
      held = now ?? held
    }
  })
  const isAt = ({ state, attempts }: RunRecord, from: Pick<RunAttempt, "number" | "state">): boolean => {
    const last = attempts.at(-1)
    return state === "open" && last?.number === from.number && last.state === from.state
  }
  return {
    run: () => held,
    advance: (from, patch) => change((run) => (isAt(run, from) ? withPatch(run, patch) : null)),
    begin: (attempt) =>
      change((run) =>
        run.state === "open" && run.attempts.length === attempt.number - 1
          ? { ...run, attempts: [...run.attempts, attempt] }
          : null
      ),
    close: change((run) => (run.state === "open" ? { ...run, state: "over" } : null)),
    askStop: change((run) => (run.state === "open" && !run.isStopAsked ? { ...run, isStopAsked: true } : null))
  }
}
