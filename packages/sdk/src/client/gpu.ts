import type {
  Cloud,
  CloudWithoutKey,
  GpuError,
  Instance,
  InstanceRef,
  LaunchSpec,
  Ledger,
  Listing,
  Offer,
  OfferFilter,
  PriceChange,
  Status,
  TerminateOptions,
  WaitOptions
} from "@anygpu/core"
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type * as Stream from "effect/Stream"
import type { Comparison } from "../compare/comparison.ts"
import type { Portability, PortabilityRequest } from "../compare/portability.ts"
import type { CompareRequest } from "../compare/request.ts"
import type { Extended } from "../lease/extend.ts"
import type { Lease } from "../lease/lease.ts"
import type { LeaseOptions } from "../lease/terms.ts"
import type { Market, MarketRequest, PricesRequest } from "../market/market.ts"
import type { RecordedPrices } from "../market/record.ts"
import type { OrderingCalls } from "../orders/calls.ts"
import type { Quote } from "../placement/quote.ts"
import type { Launched, LaunchRequest } from "../placement/request.ts"
import type { PoolRequest, PoolRound } from "../pool/request.ts"
import type { SpendLimit } from "../spending/spending.ts"
import type { Ended } from "../spent/ended.ts"
import type { Spent, SpentRequest } from "../spent/spent.ts"
import type { Audit } from "../upkeep/audit.ts"
import type { Sweep } from "../upkeep/sweep.ts"
import type { Change } from "../watch/change.ts"
import type { WatchOptions } from "../watch/options.ts"
import type { AccountAnswer, AccountAnswers, AccountRead } from "./accounts.ts"
import type { CloudsByName } from "./clouds-by-name.ts"
import type { AskOptions } from "./gather.ts"
import type { ReadyOptions } from "./login-proof.ts"
import type { MachineAnswer, MachineArgs, MachineOp } from "./machine-op.ts"
import type { Recoveries } from "./recover.ts"
import type { SshExtension } from "./ssh-extension.ts"

/** Which clouds, and where launches are remembered. */
export interface GpuOptions<
  Clouds extends ReadonlyArray<Cloud | CloudWithoutKey>,
  Ssh extends SshExtension | undefined = SshExtension | undefined
> {
  /**
   * What the adapters' factories make: `vast({ apiKey })`, or `vast.fromEnv()` and so on.
   *
   * - Several accounts of one cloud are several entries, each under a name: `vast({ apiKey, account: "team" })`.
   * - One that has no key is left out, and stands in `withoutKey`; all of them without one are `InvalidRequest`.
   */
  readonly clouds: Clouds
  /**
   * Remembers every launch: a memory of this client's own by default, a file with `sqliteLedger(path)`. It keeps which
   * account a name means.
   */
  readonly ledger?: Ledger
  /** The most that this client may spend, over all launches through it; none by default. */
  readonly spendLimit?: SpendLimit
  /**
   * How long each cloud may take to answer what is asked of all of them (`offers`, `compare`, `list`, `audit`,
   * `accounts`, and a launch that compares); 20 seconds by default.
   *
   * - It runs while a request is with the cloud, or rests before it is sent again. Turns of this client's own rate limit
   *   do not count, and may take as long again.
   * - Ends and launches are not cut short by it.
   */
  readonly answerWithin?: Duration.Input
  /** Lets this client use its machines: `ssh()` of `@anygpu/ssh`, which adds `connect`. */
  readonly ssh?: Ssh
}

/** Which machine: a ref, or its text such as `vast/container/123`. */
export type Target = InstanceRef | string

/** Several clouds behind one interface. */
export interface Gpu<Clouds extends ReadonlyArray<Cloud | CloudWithoutKey> = ReadonlyArray<Cloud>>
  extends OrderingCalls {
  readonly clouds: CloudsByName<Clouds>
  /** The clouds that were left out because there is no key for them, and the variables that would hold it. */
  readonly withoutKey: ReadonlyArray<CloudWithoutKey>
  /**
   * The offers of all clouds, cheapest first.
   *
   * - A cloud that fails costs only its own rows: `complete` is false and `problems` says which one and why. When every
   *   that was asked fails, the first one's error is the answer, and its `problems` name all: failure never looks like
   *   an empty market. A kind that the filter leaves out is not asked.
   * - A cloud that takes longer than `within` is one that fails: `Timeout`, or what failed before. `RateLimited` with
   *   `ownLimit` is a turn of this client's own rate limit that would have come too late.
   * - A wrong filter is `InvalidRequest` and sends nothing.
   * - Machines without a GPU are only among them when `kind` names `cpu-vm`: they would come before everything else.
   */
  offers(filter?: OfferFilter & AskOptions): Effect.Effect<Listing<Offer>, GpuError>
  /**
   * The offers that fit, ranked by what a job costs on them: with each cloud's minimums, steps, disk and traffic, not by
   * the price per hour alone.
   *
   * - Each cost has its lines, its assumptions, and what must be on the account at the launch.
   * - `excluded` counts what was left out by which rule. A cloud that fails or is too slow costs only its own rows.
   * - With `workload`, offers that cannot run it are left out by the launch option that they cannot.
   */
  compare(request: CompareRequest): Effect.Effect<Comparison, GpuError>
  /** Refuses a launch on one offer that cannot succeed, as `rent` does, and sends nothing: before anybody is asked. */
  check(spec: LaunchSpec): Effect.Effect<void, GpuError>
  /** What each cloud would make one lose for such a launch; no request is sent. */
  portability(request?: PortabilityRequest): ReadonlyArray<Portability>
  /**
   * Rents the best machine that can be had, and answers when it is ready, or as soon as it is made (`until: "created"`).
   *
   * - The machine of an earlier launch with the same `key` goes before everything else.
   * - Tries candidates in order, or two at once (`strategy: "race"`). The next one is only tried when nothing is left of
   *   the one before: refused, proven absent, or ended and seen gone.
   * - Moves on for no capacity, a gone offer, a price above the limits by now, a cloud that cannot be reached or cannot
   *   do what is asked, and a machine that is not ready in time. Stops for anything else.
   * - Machines that failed lately are ranked down by the next comparison, less and less over some hours.
   * - Every error carries the `trail` of what was tried, and what it cost.
   */
  launch(request: LaunchRequest): Effect.Effect<Launched, GpuError>
  /**
   * What a launch would rent and cost, without renting it: for those who ask a person first. Its `request` goes to `launch`
   * after a yes, and is held to what was shown.
   *
   * - The machine of an earlier launch with the request's `key`, where there is one.
   */
  quote(request: LaunchRequest): Effect.Effect<Quote, GpuError>
  /**
   * Rents one machine on one offer, exactly once: what `launch` does with each of its candidates. It does not look at the
   * market again, and answers before the machine is ready. See `RequiredOps.launch` for everything it promises.
   */
  rent(spec: LaunchSpec): Effect.Effect<Instance, GpuError>
  /**
   * The machine of an earlier launch with the key of a request, also of one that is under way in another process, without
   * asking the market; null when the key is free, or the request has none.
   *
   * - `launch` and `quote` ask this by themselves.
   * - `InvalidRequest` for a request that `launch` would refuse. `Conflict` when the key names another launch, or one whose
   *   machine has ended.
   */
  earlierLaunch(request: LaunchRequest): Effect.Effect<Instance | null, GpuError>
  /** One machine as it is now. */
  get(target: Target): Effect.Effect<Instance, GpuError>
  /** Every machine on all accounts; a cloud that fails is a problem of the listing, as in `offers`. */
  list(options?: AskOptions): Effect.Effect<Listing<Instance>, GpuError>
  /**
   * What every cloud that can says of its account: `balance`, `sshKeys`, `volumes`, `images` (once for each kind).
   *
   * - A cloud that fails is a problem of the answer, as in `offers`; those that cannot are `lacking`.
   */
  accounts<O extends AccountRead>(
    op: O,
    options?: AskOptions
  ): Effect.Effect<AccountAnswers<AccountAnswer<O>>, GpuError>
  /** Ends a machine and makes sure that it is gone. */
  terminate(target: Target, options?: TerminateOptions): Effect.Effect<Ended, GpuError>
  /**
   * Waits until a machine is up and names a way in; ends early when it cannot get there.
   *
   * - `ssh: true` waits until somebody is let in, in a client with `ssh()`.
   */
  waitUntilReady(target: Target, options?: ReadyOptions): Effect.Effect<Instance, GpuError>
  /** Waits until a machine has a status. */
  waitFor(target: Target, status: Status, options?: WaitOptions): Effect.Effect<Instance, GpuError>
  /**
   * Calls an operation that not every cloud has, by its name: `act(ref, "stop")`, `act(ref, "logs", { tail: 50 })`.
   *
   * - `Unsupported`, with nothing sent, where the machine's cloud and kind lack it.
   */
  act<O extends MachineOp>(target: Target, op: O, ...args: MachineArgs<O>): Effect.Effect<MachineAnswer<O>, GpuError>
  /**
   * Settles the launches that a dead process or a lost answer left open, on all clouds.
   *
   * - What one cloud takes, or fails with, stops no other: it is a problem of the answer, and what is open there stays
   *   open. A cloud may take two minutes unless `within` says otherwise.
   */
  recover(options?: AskOptions): Effect.Effect<Recoveries, GpuError>
  /**
   * What changes on all accounts, as it changes: machines that appear and vanish, their status, endpoints, billing and
   * price, and clouds that cannot be asked for a while.
   *
   * - It looks at lists, never at single machines, and the less often the quieter it is.
   */
  watch(options?: WatchOptions): Stream.Stream<Change, GpuError>
  /**
   * Rents a machine for a time, on one offer: it is ended, verified, when the scope closes, when its time or `maxTotal`
   * runs out, and when the process gets SIGINT or SIGTERM. After a crash `sweep()` ends it.
   */
  lease(spec: LaunchSpec, options: LeaseOptions): Effect.Effect<Lease, GpuError, Scope.Scope>
  /**
   * Lets a leased machine end so long from now, where it would have ended earlier: a call that is sent twice moves it once.
   *
   * - The client's budget holds the longer time first: `OutOfFunds`, and nothing is moved, above a limit or in another budget.
   * - The end that the cloud itself keeps is moved too, or nothing is. `Conflict` without an end, and once it has begun.
   */
  extend(target: Target, ttl: Duration.Input): Effect.Effect<Extended, GpuError>
  /**
   * Keeps so many machines that fit, once: replaces what is lost, holds what is there, ends what is too much. Call it every
   * minute or so, in as many processes as you like.
   *
   * - Nothing is rented twice: each place of the pool has a key, and everything is in the ledger.
   * - A machine that cannot be read is not replaced. Machines that nobody keeps any more end by their leases.
   * - What a place cannot have is in `missing`, with its error; the next round tries again.
   */
  pool(request: PoolRequest): Effect.Effect<PoolRound, GpuError>
  /** Ends every machine whose lease has run out, according to the ledger: also those of processes that died. */
  sweep(): Effect.Effect<Sweep, GpuError>
  /** Compares the ledger with the accounts: who pays for what, which machines nobody claims, and what is lost. */
  audit(options?: AskOptions): Effect.Effect<Audit, GpuError>
  /**
   * What machines have cost, by machine, cloud, GPU or day, as far as the ledger saw them. No cloud is asked.
   *
   * - An estimate: see {@link Spent}. What was not observed, and what has no known price, is said beside each amount.
   * - `InvalidRequest` for moments and groups that are not understood.
   */
  spent(request?: SpentRequest): Effect.Effect<Spent, GpuError>
  /**
   * Looks at the offers of all clouds, and writes down what they cost where that changed since the last look.
   *
   * - One that fails costs only its own prices: `complete` is false, and `problems` says which.
   */
  recordPrices(options?: AskOptions): Effect.Effect<RecordedPrices, GpuError>
  /** What GPUs have cost by the hour, as far as `recordPrices` saw it, in whatever process on this ledger. */
  market(request: MarketRequest): Effect.Effect<Market, GpuError>
  /** What one offer has cost: its changes of price, in the order of time. */
  prices(request: PricesRequest): Effect.Effect<ReadonlyArray<PriceChange>, GpuError>
}
