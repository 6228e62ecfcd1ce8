import { type GpuError, type Money, type RunAttempt, type RunEnd, type RunRecord, sumsOf } from "@anygpu/core"
import type { Transferred } from "../copy/entry.ts"
import { isLeft } from "./parts.ts"
import type { RunPlan } from "./request.ts"

/** What came of a run. */
export interface RunOutcome {
  readonly id: string
  readonly key: string
  /** `open` while the command runs, or what comes after it is left to do. */
  readonly state: "open" | "over"
  /** How its last attempt ended; null while it has not. */
  readonly end: RunEnd | null
  /** The exit code of the command, as `sh` has it; null without one. */
  readonly code: number | null
  /**
   * How many processes the kernel ended for want of memory while the command ran; null where the machine did not say. On
   * some clouds a container sees the count of its whole host, with those of others.
   */
  readonly oomKills: number | null
  /** What all its machines cost together, by their time and their price, one amount for each currency. */
  readonly spent: ReadonlyArray<Money>
  /** Every machine that it was on, the first one first. */
  readonly attempts: ReadonlyArray<RunAttempt>
  /** The text of the ref of the machine that is there still: kept, not the run's own, or under an open run. */
  readonly machine: string | null
  /** What was brought home now, and where to; null without a download, and when this call has brought nothing. */
  readonly results: { readonly to: string; readonly transferred: Transferred } | null
  /** What went wrong without ending the run, such as a download that failed. */
  readonly problems: ReadonlyArray<GpuError>
}

/** What a run has come to, as it stands in the ledger, with what only this call knows. */
export const outcomeOf = (
  { id, key, state, attempts, plan }: RunRecord,
  { results, problems }: Pick<RunOutcome, "results" | "problems">
): RunOutcome => {
  const last = attempts.at(-1)
  const isThere = last !== undefined && (last.state !== "over" || isLeft(plan as unknown as RunPlan, last))
  return {
    ...{ id, key, state, attempts, results, problems },
    end: last?.end ?? null,
    code: last?.code ?? null,
    oomKills: last?.oomKills ?? null,
    spent: sumsOf(attempts.flatMap(({ spent }) => spent)),
    machine: isThere ? last.ref : null
  }
}
