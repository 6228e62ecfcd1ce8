import type * as Effect from "effect/Effect"
import type { Conflict, OutOfFunds, ProviderFault } from "../errors.ts"
import type { Kind } from "../model/kind.ts"
import type { Money } from "../model/money.ts"
import type { InstanceRef } from "../model/ref.ts"
import type { Intent } from "../model/status.ts"
import type { Tags } from "../model/tags.ts"
import type { AccountCalls } from "./account-name.ts"
import type { Commitment, Reservation } from "./budget.ts"
import type { EndClaims, EndFence } from "./end-claim.ts"
import type { Failure } from "./failures.ts"
import type { BillingInterval, BillingLook, HistoryQuery, OpenInterval } from "./history.ts"
import type { KeeperCalls } from "./keepers.ts"
import type { OrderCalls } from "./order.ts"
import type { PriceLedger } from "./prices.ts"
import type { RunQuery, RunRecord } from "./run.ts"

/**
 * What became of a launch.
 *
 * - `open`: written before the request left; the process may have died since.
 * - `created`: its machine is known.
 * - `refused`: the cloud said no, nothing was made.
 * - `absent`: the answer was lost, and the machine did not appear while we looked; it is looked for again.
 * - `lapsed`: the answer was lost, and a machine would have ended by itself before anybody looked: paid for, its key not free.
 * - `unsettled`: the answer was lost, and the cloud could not be asked.
 */
export type LaunchState = "open" | "created" | "refused" | "absent" | "lapsed" | "unsettled"

/** One launch as the ledger keeps it. Holds no env values, no registry passwords, and of ssh keys the public half. */
export interface LaunchRecord {
  /** Unique; also part of the machine's name or label. */
  readonly marker: string
  /** The caller's own name for this logical launch; unique where it is given. */
  readonly key: string | null
  /** Sent to clouds that take one, the same on every attempt. */
  readonly idempotencyKey: string
  readonly provider: string
  readonly kind: Kind
  /** The account that it was launched with, as `Account` gives it; absent where it is not known. */
  readonly account?: string
  /** What that account is called here, as its cloud's factory was given it; absent where it has no name. */
  readonly accountName?: string
  /** What it is for; absent where nothing was said. */
  readonly tags?: Tags
  /** Whose it is, as the `owner` of its options said; absent where nothing was said. */
  readonly ownedBy?: string
  readonly name: string
  readonly offerId: string
  readonly pricePerHour: Money | null
  /** What was asked, redacted, for people and for recovery. */
  readonly spec: Readonly<Record<string, unknown>>
  /** Epoch milliseconds. */
  readonly at: number
  /**
   * The same moment by the monotonic clock of the computer that opened it, in milliseconds: another process of that
   * computer sees by it how long ago that was, whatever was done to the wall clock. Absent where it is not known.
   */
  readonly monotonicAt?: number
  readonly state: LaunchState
  /** The machine, once known. */
  readonly instanceId: string | null
  /** Why it is refused, absent or unsettled. */
  readonly note: string | null
  /**
   * Epoch milliseconds, by the ledger's own clock, until which its machine is rented, from the launch's `ttl`: there before
   * the request leaves, so that a process that dies leaves its end behind. Null when it is rented until somebody ends it.
   */
  readonly leaseUntil: number | null
  /**
   * How many milliseconds after it was opened its request could leave; null before, and in records of earlier versions.
   * Counted by a clock that is never set.
   */
  readonly sentAfter: number | null
  /**
   * The call that may still send its request or make a machine of it; null once that call has said for sure what came
   * of it (its machine, or a refusal), and in records of earlier versions.
   */
  readonly owner: string | null
  /**
   * How often the launch was taken: by its owner, to send it, or by somebody else, to give it up. Who acts on an older
   * number has lost it.
   */
  readonly fence: number
}

/** What became of a launch, as the ledger takes it. */
export interface Outcome {
  readonly state: LaunchState
  /** The machine: needed for `created`, and to say that a created one was ended (`refused`). */
  readonly instanceId?: string
  readonly note?: string
  /** Epoch milliseconds when its machine was made, for `created`; the launch's own time when absent. */
  readonly at?: number
  /** The `owner` of the launch, when it is he who says this: then nobody acts on the launch any more. */
  readonly by?: string
  /**
   * For those who give up what somebody else launched: the launch's `fence` as it was before they looked. Nothing is
   * written when it was taken since, because its request may have left after they looked.
   */
  readonly fence?: number
}

/** Which launches to read; all of them when empty. */
export interface LaunchQuery {
  readonly states?: ReadonlyArray<LaunchState>
  readonly provider?: string
  readonly kind?: Kind
  readonly key?: string
  readonly marker?: string
  readonly instanceId?: string
  /** true: only those that are leased, false: only those that are not. */
  readonly leased?: boolean
  /** Only those whose lease ends before this moment, in epoch milliseconds by the ledger's own clock. */
  readonly endsBefore?: number
  /** true: only those whose `owner` has not said what came of them, false: only the others. */
  readonly owned?: boolean
}

/** What the ledger knows of one machine. */
export interface MachineRecord {
  readonly ref: InstanceRef
  /** The last thing asked of it. */
  readonly intent: Intent | null
  /** Epoch milliseconds of the first time it was seen on the account; null while only its launch is known. */
  readonly firstSeen: number | null
  /** Epoch milliseconds when it was verified gone; null again once it was seen after that. */
  readonly goneAt: number | null
  /** The account on which it was launched, or seen last, as `Account` gives it; absent where it is not known. */
  readonly account?: string
  /**
   * Epoch milliseconds when it was seen after the end that was asked for it had been verified: it has to be ended
   * again. Absent otherwise, and once it is verified gone again or something else is asked of it.
   */
  readonly backAt?: number
  /**
   * What its user calls it, whole, whatever a cloud keeps of that: from its launch, or a later rename through this
   * library. Absent for machines that this library neither launched nor renamed.
   */
  readonly name?: string
  /** What its launch was for, and whose it was. Absent where its launch did not say. */
  readonly tags?: Tags
  readonly ownedBy?: string
  /** What it costs since when, by the looks at it; absent where it costs nothing, or was never looked at. */
  readonly paid?: OpenInterval
  /** Epoch milliseconds until when what it cost is over and kept; absent where nothing is. */
  readonly paidUntil?: number
  /** The host key that it showed at the first login by ssh, such as `ssh-ed25519 AAAAC3...`; absent where none is kept. */
  readonly hostKey?: string
}

/**
 * The memory that no cloud gives back: each launch before its request leaves, each intent with its time, each outcome.
 *
 * - Each write is durable when its effect succeeds; a failed write stops the operation before anything is sent.
 * - `openLaunch` is atomic per `key`: of two callers with the same key one gets its own record back, the other the
 *   first one's.
 * - A launch is given up when another process than its owner writes `absent` or `refused`: that raises its `fence`, so
 *   that an owner who slept through it neither sends it nor keeps what comes of it. `refused` is final.
 * - It keeps budgets: what a launch may cost is held in the same step that opens it, so that launches in several
 *   processes cannot pass a limit together, and a restart does not refill one.
 */
export interface Ledger extends AccountCalls, EndClaims, KeeperCalls, OrderCalls, PriceLedger {
  /**
   * Writes the launch, or answers the record that already holds its key.
   *
   * - With reservations, each in a budget of its own, what the launch may cost is held in these with it. `OutOfFunds`
   *   with `ownLimit` when that would pass one of them: then nothing is written. A key that is held reserves nothing.
   */
  openLaunch(
    launch: LaunchRecord,
    ...reservations: ReadonlyArray<Reservation | undefined>
  ): Effect.Effect<LaunchRecord, ProviderFault | OutOfFunds>
  /**
   * Changes what a budget holds for a launch, to what it turned out to cost, and answers whether the budget is passed
   * by that: null when it is not.
   *
   * - The change is written also when it passes the budget. What another budget, or none, holds stays as it is.
   */
  recommit(marker: string, reservation: Reservation): Effect.Effect<OutOfFunds | null, ProviderFault>
  /** What a budget holds, the oldest launch first; see {@link Commitment}. */
  commitments(budget: string): Effect.Effect<ReadonlyArray<Commitment>, ProviderFault>
  /**
   * Takes a launch for its owner, who sends its request now, so many milliseconds after he opened it: raises its fence
   * and notes that. Null, and nothing is written, when somebody raised the fence since the owner read it: it must not
   * be sent.
   */
  claimLaunch(marker: string, fence: number, sentAfter: number): Effect.Effect<LaunchRecord | null, ProviderFault>
  /**
   * Records what became of a launch, and answers the launch as it is then: not as it was said, where somebody else
   * knows better.
   */
  settleLaunch(marker: string, outcome: Outcome): Effect.Effect<LaunchRecord, ProviderFault>
  /**
   * Records until when a launch's machine is rented (epoch milliseconds by the ledger's own clock: `now()` and some time); null
   * makes it an ordinary machine.
   *
   * - `Conflict`, and nothing changes, when it is no lease (any more), or somebody has asked for the machine's end.
   *   Once that end is verified, null is taken: what is gone is no lease.
   */
  renewLease(marker: string, until: number | null): Effect.Effect<void, ProviderFault | Conflict>
  /** Launches, oldest first. */
  launches(query?: LaunchQuery): Effect.Effect<ReadonlyArray<LaunchRecord>, ProviderFault>
  /**
   * Records that something was asked of a machine, before it is asked; what was asked before, or null, again when the
   * cloud refused.
   *
   * - For who ends a machine that is due, under his `claim`: `ProviderFault`, and nothing is written, when another process has
   *   taken the end over.
   */
  intend(ref: InstanceRef, intent: Intent | null, claim?: EndFence): Effect.Effect<void, ProviderFault>
  /**
   * Records that machines were seen on the account, in an answer that was asked for at `at`, and on which account, as
   * `Account` gives it; those verified gone by then are not gone any more.
   */
  seen(refs: ReadonlyArray<InstanceRef>, at: number, account?: string): Effect.Effect<void, ProviderFault>
  /**
   * Records what machines were seen to cost, in an answer that was asked for at `at`: when that changes, and otherwise
   * every ten minutes.
   */
  billed(looks: ReadonlyArray<BillingLook>, at: number): Effect.Effect<void, ProviderFault>
  /** What machines were seen to cost, in the order of their beginnings. What goes on is there as well. */
  history(query?: HistoryQuery): Effect.Effect<ReadonlyArray<BillingInterval>, ProviderFault>
  /** Records what a machine is called from now on, whole. */
  named(ref: InstanceRef, name: string): Effect.Effect<void, ProviderFault>
  /**
   * Keeps the host key of a machine; null forgets it. A container that is started or restarted forgets it too: it may be
   * made of its image again, with new keys.
   */
  keepHostKey(ref: InstanceRef, key: string | null): Effect.Effect<void, ProviderFault>
  /** Records that a machine was verified gone. */
  gone(ref: InstanceRef, at: number): Effect.Effect<void, ProviderFault>
  /** Everything known of the machines of one provider and kind, by id. */
  machines(provider: string, kind: Kind): Effect.Effect<ReadonlyMap<string, MachineRecord>, ProviderFault>
  /** What is known of one machine; null when nothing is. */
  machine(ref: InstanceRef): Effect.Effect<MachineRecord | null, ProviderFault>
  /** Records that a machine of a host failed; what counts for nothing any more is forgotten. */
  failed(host: string, at: number): Effect.Effect<void, ProviderFault>
  /** The hosts whose machines failed lately, the latest last. */
  failures(): Effect.Effect<ReadonlyArray<Failure>, ProviderFault>
  /** Writes a run, or answers the one that holds its key: whatever became of it. */
  openRun(run: RunRecord): Effect.Effect<RunRecord, ProviderFault>
  /**
   * Writes how far a run is (`state`, `isStopAsked` and `attempts`) and raises its version. Null, and nothing is written, when
   * it was changed since the version that `run` names.
   */
  changeRun(run: RunRecord): Effect.Effect<RunRecord | null, ProviderFault>
  /** Runs, oldest first. */
  runs(query?: RunQuery): Effect.Effect<ReadonlyArray<RunRecord>, ProviderFault>
}
