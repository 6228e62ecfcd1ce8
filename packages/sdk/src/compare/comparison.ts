import type { Estimate, Excluded, Job, Offer, OutOfFunds, Problem } from "@anygpu/core"
import type * as DateTime from "effect/DateTime"
import type { Filters } from "./request.ts"

/** One offer and what the job costs on it. */
export interface Candidate {
  readonly offer: Offer
  /** The whole job by the cloud's own rules, line by line; `cost.upfront` must be on the account at the launch. */
  readonly cost: Estimate
  /** From 1: the cheapest job first. */
  readonly rank: number
  /** By how much its cost was raised for its rank because its machine failed lately: 0.5 is half of it again. */
  readonly penalty: number
}

/**
 * The offers that fit, ranked by what the job costs on them. Iterate it directly.
 *
 * - `complete: false`: a cloud, a page or a row is missing, and `problems` says which and why.
 * - `excluded` counts what was left out. What a cloud that filters itself did not send is not in it.
 */
export class Comparison implements Iterable<Candidate> {
  readonly candidates: ReadonlyArray<Candidate>
  readonly job: Job
  /** By what they were found: all of the request but its job and its workload. */
  readonly filters: Filters
  /**
   * When `maxTotal` or `maxPerHour` left nothing: the error that says so, with the cheapest offer that fits otherwise in its
   * message, what it costs as `needed` and the limit as `available`. Null when there are candidates, or nothing fits anyway.
   */
  readonly outOfLimits: OutOfFunds | null
  readonly excluded: ReadonlyArray<Excluded>
  readonly complete: boolean
  readonly problems: ReadonlyArray<Problem>
  readonly observedAt: DateTime.Utc

  constructor(fields: Omit<Comparison, typeof Symbol.iterator>) {
    this.candidates = fields.candidates
    this.job = fields.job
    this.filters = fields.filters
    this.outOfLimits = fields.outOfLimits
    this.excluded = fields.excluded
    this.complete = fields.complete
    this.problems = fields.problems
    this.observedAt = fields.observedAt
  }

  [Symbol.iterator](): Iterator<Candidate> {
    return this.candidates[Symbol.iterator]()
  }
}
