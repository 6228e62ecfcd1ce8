import type { Attempt, GpuError, Instance, Job, LaunchOptions, LaunchRecord, Money, Offer, Problem } from "@anygpu/core"
import type * as Duration from "effect/Duration"
import type { CompareRequest } from "../compare/compare.ts"
import type { Candidate, Exclusion } from "../compare/comparison.ts"

/** How far a launch on the best of several offers may go. */
export interface LaunchLimits {
  /** What the machine may cost per hour, checked on its price read again just before the create. */
  readonly maxPerHour?: Money
  /**
   * What the launch may cost as a whole: the job, by the same price, and what earlier tries have cost that came to nothing.
   * A boot is cut short before it has used up what is left.
   */
  readonly maxTotal?: Money
  /** How many machines may be rented for it, one after the other or two at once: 5 by default. What was refused is not counted. */
  readonly maxAttempts?: number
  /** For the whole search; what was made by then is ended. */
  readonly deadline?: Duration.Input
  /** For each machine to become ready; the cloud's own boot time otherwise. */
  readonly readyWithin?: Duration.Input
}

/**
 * A launch on the best of several offers.
 *
 * - `candidates`: a comparison, its first candidates, or what to compare; without it, everything that fits the job.
 * - `image` is for containers and `os` for the other kinds: where both are given, each cloud gets the one it takes.
 * - `adapt` gives what differs from cloud to cloud, such as the name of an `os`.
 * - `key` names the launch: a second call with it answers the machine of the first one, or waits for it. Once that
 *   machine has ended it is `Conflict`: nothing is rented twice under one key. So it is for another launch: another name,
 *   option or filter, as far as the ledger keeps them. Limits, bids and keys that may log in may differ. Not together with
 *   `strategy: "race"`.
 * - A disk of `job.storageMiB` is asked for where its size is chosen at the launch.
 * - What `adapt` or `onProgress` throws ends the launch and what it made: `InvalidRequest`, with what was thrown as its
 *   `cause`.
 */
export interface AnywhereRequest extends Partial<LaunchOptions> {
  readonly job: Job
  readonly name: string
  readonly key?: string
  readonly ttl?: Duration.Input
  readonly candidates?: Iterable<Candidate> | Omit<CompareRequest, "job">
  readonly adapt?: (offer: Offer) => Partial<LaunchOptions>
  readonly limits?: LaunchLimits
  /** One after the other (the default), or two at once of which the first ready one is kept. */
  readonly strategy?: "order" | "race"
  /**
   * What to do when a cloud refuses the account (no money, a quota, the key, a permission, a rate limit): `stop` the launch
   * with that error (the default), or go on with the `next` cloud. Its other offers are not tried either way.
   */
  readonly onCloudTrouble?: "next" | "stop"
  /** Hears of every step. */
  readonly onProgress?: (step: Step) => void
}

/** How an earlier launch is answered. */
export interface EarlierOptions {
  /** Its machine once it is ready (the default), or as soon as it is known. */
  readonly until?: "ready" | "made"
}

/**
 * What is going on.
 *
 * - `waiting`: it is not known yet what came of an earlier launch with the same key, and it is waited for: mostly some
 *   seconds, `within` minutes at most. Launching past it could pay twice.
 */
export type Step =
  | { readonly type: "waiting"; readonly launch: LaunchRecord; readonly within: Duration.Duration }
  | { readonly type: "trying"; readonly offer: Offer }
  | { readonly type: "booting"; readonly offer: Offer; readonly instance: Instance }
  | { readonly type: "ended"; readonly attempt: Attempt }

/** A machine that is ready. */
export interface Launched {
  readonly instance: Instance
  /** What was tried for it, in the order in which the tries ended. */
  readonly trail: ReadonlyArray<Attempt>
  /** What was left out: by the filters, and offers that cannot run the launch by the option that they cannot. */
  readonly why: ReadonlyArray<Exclusion>
  /** What the tries before it cost together, one amount for each currency; empty when nothing was made in vain. */
  readonly spent: ReadonlyArray<Money>
  /**
   * What may cost money besides: machines that lost a race and could not be ended (in `leftovers`), launches that are not
   * settled. Empty unless the clouds failed.
   */
  readonly unended: ReadonlyArray<GpuError>
  /** Clouds that could not be asked when the candidates were compared: there may have been a better one. */
  readonly problems: ReadonlyArray<Problem>
}
