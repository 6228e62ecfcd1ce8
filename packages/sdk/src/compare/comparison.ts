import type { Estimate, Job, Kind, Offer, OutOfFunds, Problem } from "@anygpu/core"
import type * as DateTime from "effect/DateTime"

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

/** Offers that were left out, and by which rule. */
export interface Exclusion {
  readonly provider: string
  readonly kind: Kind
  /** The name of the filter, or of the launch option that the offer cannot run, or `maxTotal`, or `unknown price`. */
  readonly rule: string
  readonly count: number
  /** What is wrong with the launch option there, of the first such offer; only for launch options. */
  readonly problem?: string
}

/**
 * The offers that fit, ranked by what the job costs on them. Iterate it directly.
 *
 * - `complete: false`: a cloud, a page or a row is missing, and `problems` says which and why.
 * - `why` counts what was left out. What a cloud that filters itself did not send is not in it.
 */
export class Comparison implements Iterable<Candidate> {
  readonly candidates: ReadonlyArray<Candidate>
  readonly job: Job
  /**
   * When `maxTotal` or `maxPerHour` left nothing: the error that says so, with the cheapest offer that fits otherwise in its
   * message, what it costs as `needed` and the limit as `available`. Null when there are candidates, or nothing fits anyway.
   */
  readonly outOfLimits: OutOfFunds | null
  readonly why: ReadonlyArray<Exclusion>
  readonly complete: boolean
  readonly problems: ReadonlyArray<Problem>
  readonly observedAt: DateTime.Utc

  constructor(fields: Omit<Comparison, typeof Symbol.iterator>) {
    this.candidates = fields.candidates
    this.job = fields.job
    this.outOfLimits = fields.outOfLimits
    this.why = fields.why
    this.complete = fields.complete
    this.problems = fields.problems
    this.observedAt = fields.observedAt
  }

  [Symbol.iterator](): Iterator<Candidate> {
    return this.candidates[Symbol.iterator]()
  }
}
