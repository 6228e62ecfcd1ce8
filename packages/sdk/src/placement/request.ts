import type {
  Attempt,
  Excluded,
  GpuError,
  Instance,
  Job,
  LaunchOptions,
  LaunchRecord,
  Money,
  Offer,
  Problem,
  Tags,
  Verification,
  VerifyOptions
} from "@anygpu/core"
import type * as Duration from "effect/Duration"
import type { LoginWait } from "../client/login-proof.ts"
import type { Candidate } from "../compare/comparison.ts"
import type { Filters } from "../compare/request.ts"

/** How far a launch may go. */
export interface LaunchLimits {
  /** What the machine may cost per hour, checked on its price read again just before the create. */
  readonly maxPerHour?: Money
  /**
   * What the launch may cost as a whole: the job, by the same price, and what earlier tries have cost that came to nothing.
   * A boot is cut short before it has used up what is left.
   */
  readonly maxTotal?: Money
  /**
   * Where `maxTotal` is not given: how much more than the job on the best candidate all tries together may cost. 0.25 is a
   * quarter more; without it there is no such limit.
   *
   * - A yes to one price is no yes to a much higher one.
   * - With a `key` it is for this call: what earlier calls have cost comes on top.
   */
  readonly maxAbove?: number
  /**
   * How many machines may be rented for it, one after the other or two at once: 5 by default. What was refused is not
   * counted.
   */
  readonly maxAttempts?: number
  /** For the whole search; what was made by then is ended. */
  readonly deadline?: Duration.Input
  /** For each machine to become ready; the cloud's own boot time otherwise. */
  readonly readyWithin?: Duration.Input
}

/**
 * A launch on the best offer that can be had.
 *
 * - `workload`: what is to run. `image` is for containers and `os` for the other kinds: where both are given, each
 *   cloud gets the one it takes.
 * - `candidates`: a comparison, some of its candidates, `[{ offer }]` for one offer, or what to compare; without it,
 *   everything that fits the job. Offers that cannot run the workload are passed over.
 * - `job`: what the machine is wanted for; the `ttl` when it is not given. One of the two is needed.
 * - `until`: answers when the machine is ready (the default), or as soon as it is `created`. Limits hold for both.
 * - `adapt` gives what differs from cloud to cloud, such as the name of an `os`.
 * - `key` names the launch: a second call with it answers the machine of the first one, or waits for it. Once that
 *   machine has ended it is `Conflict`: nothing is rented twice under one key. So it is for another launch: another name,
 *   option or filter, as far as the ledger keeps them. Limits, bids and keys that may log in may differ. Not together with
 *   `strategy: "race"`.
 * - A disk of `job.storageMiB` is asked for where its size is chosen at the launch.
 * - `verify`: the machine is asked by ssh what it is, and its answer is compared with the offer. One that is not what was
 *   offered, or broken, is ended and the next is taken, within the same limits; its host is ranked down. What cannot be read
 *   ends nothing, and is reported in `verification`. It needs a client with `ssh`, and waits for the first login.
 * - What `adapt` or `onProgress` throws ends the launch and what it made: `InvalidRequest`, with what was thrown as its
 *   `cause`.
 */
export interface LaunchRequest {
  readonly name: string
  readonly workload?: Partial<LaunchOptions>
  readonly candidates?: Iterable<Pick<Candidate, "offer">> | Filters
  readonly job?: Job
  readonly until?: "created" | "ready"
  /**
   * Whether the machine is ready only once somebody was let in by ssh, and a command ran there; with a time, how long that is
   * tried once it is up: 5 minutes where it is left out. It needs a client with `ssh()`.
   *
   * - By default it is so where the client has ssh, the launch has `sshKeys` and the machine a way in. Where nobody here has
   *   a private key of the launch, it is enough then that sshd answers.
   * - A machine that cannot be reached is ended, and the next offer is tried. `LoginRefused` ends the launch: the next
   *   machine would be given the same keys.
   */
  readonly ssh?: LoginWait
  readonly key?: string
  /** Rented for so long: `sweep()` ends it afterwards. */
  readonly ttl?: Duration.Input
  /** What it is for, and whose it is: kept in the ledger, sent to no cloud, and what `spent` adds up by. */
  readonly tags?: Tags
  readonly owner?: string
  readonly limits?: LaunchLimits
  /**
   * Where nothing that fits can be had, look again for so long, every 30 seconds at first and every 5 minutes later, until
   * something can.
   *
   * - It waits for capacity, for prices within the limits, and for clouds that cannot be asked for now. What no later look can
   *   change ends the launch at once: a wrong key, a request that a cloud refuses.
   * - Nothing is rented between two looks. `limits.deadline` is for all of them together.
   * - `quote` waits so too, until there is something to show.
   */
  readonly waitForCapacity?: Duration.Input
  readonly adapt?: (offer: Offer) => Partial<LaunchOptions>
  /** One after the other (the default), or two at once of which the first ready one is kept. */
  readonly strategy?: "order" | "race"
  /**
   * What to do when a cloud refuses the account (no money, a quota, the key, a permission, a rate limit): `stop` the launch
   * with that error (the default), or go on with the `next` cloud. Its other offers are not tried either way.
   */
  readonly onCloudTrouble?: "next" | "stop"
  /** `true` looks at everything. It needs a machine that is ready, and not just `created`. */
  readonly verify?: boolean | VerifyOptions
  /** Hears of every step. */
  readonly onProgress?: (step: Step) => void
}

/**
 * What is going on.
 *
 * - `waiting`: it is not known yet what came of an earlier launch with the same key, and it is waited for: mostly some
 *   seconds, `within` minutes at most. Launching past it could pay twice.
 * - `looking-again`: nothing could be had, and the market is looked at again `after` that time.
 * - `booting`: the machine is made.
 * - `logging-in`: it is up, and somebody has to be let in by ssh.
 * - `verifying`: it is ready, and asked what it is.
 */
export type Step =
  | { readonly type: "waiting"; readonly launch: LaunchRecord; readonly within: Duration.Duration }
  | { readonly type: "looking-again"; readonly because: GpuError; readonly after: Duration.Duration }
  | { readonly type: "trying"; readonly offer: Offer }
  | { readonly type: "booting"; readonly offer: Offer; readonly instance: Instance }
  | { readonly type: "logging-in"; readonly offer: Offer; readonly instance: Instance }
  | { readonly type: "verifying"; readonly offer: Offer; readonly instance: Instance }
  | { readonly type: "ended"; readonly attempt: Attempt }

/** A machine that is ready, or made. */
export interface Launched {
  readonly instance: Instance
  /** Whether an earlier launch with the same key made it: then nothing was rented now. */
  readonly isEarlier: boolean
  /** How it compares with its offer, for a launch with `verify`; null without it, and for the machine of an earlier launch. */
  readonly verification: Verification | null
  /** What was tried for it, in the order in which the tries ended. */
  readonly trail: ReadonlyArray<Attempt>
  /** What was left out: by the filters, and offers that cannot run the launch by the option that they cannot. */
  readonly excluded: ReadonlyArray<Excluded>
  /** What the tries before it cost together, one amount for each currency; empty when nothing was made in vain. */
  readonly spent: ReadonlyArray<Money>
  /**
   * What may cost money besides: machines that lost a race and could not be ended (in `leftovers`), launches that are not
   * settled. Empty unless the clouds failed.
   */
  readonly leftoverErrors: ReadonlyArray<GpuError>
  /** Clouds that could not be asked when the candidates were compared: there may have been a better one. */
  readonly problems: ReadonlyArray<Problem>
}
