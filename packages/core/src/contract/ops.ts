import type * as DateTime from "effect/DateTime"
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type { GpuError } from "../errors.ts"
import type { LaunchRecord } from "../ledger/ledger.ts"
import type { Instance, NativeFacts } from "../model/instance.ts"
import type { Kind } from "../model/kind.ts"
import type { LaunchOption, LaunchOptions, LaunchSpec, RegistryLogin } from "../model/launch-spec.ts"
import type { Listing } from "../model/listing.ts"
import type { Money } from "../model/money.ts"
import type { Offer, OfferFilter } from "../model/offer.ts"
import type { InstanceRef } from "../model/ref.ts"
import type { SshKey } from "../model/ssh-key.ts"
import type { Volume } from "../model/volume.ts"

/** How to end a machine. */
export interface TerminateOptions {
  /** When the cloud cannot end it yet (still provisioning): wait until it can (the default), or fail `Conflict`. */
  readonly ifBusy?: "wait" | "fail"
  /** How long to keep asking and looking before `Timeout`; the provider's own default otherwise. */
  readonly within?: Duration.Input
  /**
   * "same": says that the machine, which the ledger has under another API key, is of this key's account all the same,
   * because the key was renewed. Only then is it believed gone when this key does not show it. Not needed where the
   * cloud itself says whose a key is, and of no use against its word.
   */
  readonly account?: "same"
  /**
   * "delete": also deletes, once the machine is gone, the `volumes` that its launch made, with all that is on them. Without it
   * they stay and cost on, and `leftovers` names them. Disks that were there before the launch are never deleted.
   *
   * - `Unsupported` before any request where the cloud keeps no such disks.
   */
  readonly volumes?: "delete"
}

/** A machine that is verified gone. */
export interface Termination<P extends string = string, K extends Kind = Kind> {
  readonly ref: InstanceRef<P, K>
  /** The cloud says that it was gone before we asked. */
  readonly alreadyGone: boolean
  /** What stays on the account and may still cost money, for people. */
  readonly leftovers: ReadonlyArray<string>
  readonly observedAt: DateTime.Utc
}

/** A machine that showed after its launch had been given up: its launcher got the answer that nothing came of it. */
export interface LateMachine<P extends string = string, K extends Kind = Kind> {
  readonly ref: InstanceRef<P, K>
  readonly launch: LaunchRecord
  /** Its end; null when it could not be ended. */
  readonly ended: Termination<P, K> | null
  /** Why it could not be ended, and may still cost money; null once it is verified gone. */
  readonly error: GpuError | null
}

/** What became of launches that a dead process, or a lost answer, left open. */
export interface Recovery<P extends string = string, K extends Kind = Kind, X extends NativeFacts = NativeFacts> {
  /** Their machines were found; the ledger knows them now. */
  readonly adopted: ReadonlyArray<Instance<P, K, X>>
  /** No machine came of them: complete lists show none. */
  readonly absent: ReadonlyArray<LaunchRecord>
  /** Still not known: too young to be sure, or the cloud could not be asked. */
  readonly unsettled: ReadonlyArray<LaunchRecord>
  /** Their machines came when they had been given up, and were ended. */
  readonly late: ReadonlyArray<LateMachine<P, K>>
}

/** Output of a workload, oldest line first. */
export interface Logs {
  readonly lines: ReadonlyArray<string>
  readonly observedAt: DateTime.Utc
}

/** Which output. An option that the provider lacks is `Unsupported`. */
export interface LogOptions {
  /** The last so many lines. */
  readonly tail?: number
  /** The workload's own output (the default), or the host's. */
  readonly source?: "workload" | "host"
  /** Only lines that contain this text. */
  readonly containing?: string
}

/** What can be spent. */
export interface Balance {
  readonly available: Money
  readonly observedAt: DateTime.Utc
}

/**
 * Changes to a running workload: what is given replaces the whole of what was there, what is left out stays.
 *
 * - Each provider and kind declares which of them it can do; another one is `Unsupported` before any request.
 */
export interface WorkloadUpdate
  extends Partial<Pick<LaunchOptions, "image" | "env" | "command" | "onStart" | "ports">> {
  readonly name?: string
  /** The login to the image's registry; null says that the image is public. */
  readonly registry?: RegistryLogin | null
  /**
   * Ports by which people log in (22) that `ports` leaves out and that shall be closed: not closed unless named here.
   */
  readonly closePorts?: ReadonlyArray<number>
}

/** The name of one thing that {@link WorkloadUpdate} can change. */
export type UpdateOption = keyof WorkloadUpdate

/** When the cloud itself ends a machine, whether or not any process of its user still lives then. */
export interface CloudEnd {
  /** The moment, to the second. A cloud may look every few minutes only, and be so late. */
  readonly at: Date
  /** Or, where that comes first, once the machine has cost so much by the cloud's own count. */
  readonly spent?: Money
}

/** An image that the cloud offers by name. */
export interface Image {
  readonly id: string
  readonly name: string
  readonly native: unknown
}

/** What every provider can do. */
export interface RequiredOps<
  P extends string,
  K extends Kind,
  L extends LaunchOption,
  X extends NativeFacts = NativeFacts
> {
  /**
   * The machines that can be rented now, cheapest first.
   *
   * - Filters are sent to the cloud where it can filter, and applied locally always.
   * - A wrong filter is `InvalidRequest` and sends nothing.
   * - What was sent and filtered out is counted in `excluded`.
   * - A row or page that cannot be read is a problem of the listing, not its end.
   */
  offers(filter?: OfferFilter): Effect.Effect<Listing<Offer<P, K>>, GpuError>
  /**
   * Whether a launch can succeed, as far as that is known without a request: what `launch` refuses before it sends
   * anything.
   *
   * - `Unsupported` and `InvalidRequest` as from `launch`, by the rules of all clouds and of this one. `OutOfFunds`:
   *   above `maxPerHour`, or a limit that cannot be promised.
   */
  check(spec: LaunchSpec<P, K, L>): Effect.Effect<void, GpuError>
  /**
   * Rents one machine, exactly once.
   *
   * - Returns before the machine runs.
   * - Written to the ledger before the request leaves. A create whose answer is lost is never sent again blindly: the
   *   machine is looked for by its marker and adopted. If it cannot be found nor ruled out: `LaunchUnsettled`.
   * - A refused launch leaves no machine behind, or names it in the error's `leftovers`.
   * - Interrupted while the request is under way, it ends what it made. Interrupted while its machine is looked for, it
   *   looks for seconds only; what is unclear then is `LaunchUnsettled`, and `LeftoverReporter` hears of it.
   * - Given up by somebody else before its request left (its process was frozen, say), it sends nothing; given up after
   *   that, it ends what it made. It answers the machine that its key has now, else `Conflict`.
   * - `NoCapacity`: the offer is gone. `OutOfFunds`: no money, or above `maxPerHour`. `InvalidRequest`,
   *   `Unsupported`: nothing was sent.
   */
  launch(spec: LaunchSpec<P, K, L>): Effect.Effect<Instance<P, K, X>, GpuError>
  /**
   * One machine as it is now.
   *
   * - A machine that was known and is gone answers `terminated`; one nobody knows is `NotFound`. One that the ledger
   *   has under another account, and that this key does not show, is `PermissionDenied`: nothing is known of it.
   * - A machine launched a moment ago that the cloud does not show yet answers `pending`.
   */
  get(ref: InstanceRef<P, K>): Effect.Effect<Instance<P, K, X>, GpuError>
  /** Every machine of this kind on the account, all pages; eventually consistent, as the clouds are. */
  list(): Effect.Effect<Listing<Instance<P, K, X>>, GpuError>
  /**
   * Ends a machine for good and makes sure that it is gone.
   *
   * - A missing or already ended machine is success.
   * - The cloud's word is not believed: succeeds only when the machine is seen gone, else `Timeout`.
   * - Overtakes everything else that waits for the rate limit.
   * - A machine that the ledger has under another account is not asked for, and never said to be gone:
   *   `PermissionDenied`.
   */
  terminate(ref: InstanceRef<P, K>, options?: TerminateOptions): Effect.Effect<Termination<P, K>, GpuError>
  /**
   * Settles the launches that the ledger holds open for this provider and kind; see {@link Recovery}.
   *
   * - Launches that were given up while their sender was not heard of are looked for during 30 days: a machine that
   *   comes late is ended, since its key may have another one by now.
   */
  recover(): Effect.Effect<Recovery<P, K, X>, GpuError>
}

/**
 * What some providers can do; `supports` says which, and a missing one does not compile where the provider is known.
 */
export interface OptionalOps<P extends string, K extends Kind, X extends NativeFacts = NativeFacts> {
  /** Starts a stopped machine. May have to wait for capacity: then the status is `pending`. */
  start(ref: InstanceRef<P, K>): Effect.Effect<Instance<P, K, X>, GpuError>
  /** Halts a machine and keeps its disk, which may go on costing money. */
  stop(ref: InstanceRef<P, K>): Effect.Effect<Instance<P, K, X>, GpuError>
  /** Restarts the workload on the same machine. Never repeated by itself. */
  restart(ref: InstanceRef<P, K>): Effect.Effect<Instance<P, K, X>, GpuError>
  /** Gives the machine another name; the launch marker is kept. */
  rename(ref: InstanceRef<P, K>, name: string): Effect.Effect<Instance<P, K, X>, GpuError>
  /**
   * Replaces parts of the workload, which may restart it.
   *
   * - `Conflict` while the cloud still applies an earlier update.
   */
  update(ref: InstanceRef<P, K>, changes: WorkloadUpdate): Effect.Effect<Instance<P, K, X>, GpuError>
  /**
   * Has the cloud itself end the machine, or no more where `end` is null; what was set before is replaced.
   *
   * - The cloud's word is not believed: what it shows afterwards is compared with what was asked. `Conflict` where that
   *   differs, also after a second attempt.
   * - `InvalidRequest`: a moment that is over.
   */
  scheduleEnd(ref: InstanceRef<P, K>, end: CloudEnd | null): Effect.Effect<Instance<P, K, X>, GpuError>
  /** What the workload has printed. */
  logs(ref: InstanceRef<P, K>, options?: LogOptions): Effect.Effect<Logs, GpuError>
  /** What the cloud did with the machine. */
  events(ref: InstanceRef<P, K>, options?: LogOptions): Effect.Effect<Logs, GpuError>
  /** Sets what is paid per hour at most for an interruptible machine. */
  changeBid(ref: InstanceRef<P, K>, perHour: Money): Effect.Effect<Instance<P, K, X>, GpuError>
  /** The account's public keys. */
  sshKeys(): Effect.Effect<Listing<SshKey>, GpuError>
  /** Registers a public key with the account; one that is there already is answered, not doubled. */
  addSshKey(publicKey: string, name?: string): Effect.Effect<SshKey, GpuError>
  /** Removes a key from the account; one that is gone already is success. */
  removeSshKey(id: string): Effect.Effect<void, GpuError>
  /** The keys of one machine. */
  machineSshKeys(ref: InstanceRef<P, K>): Effect.Effect<Listing<SshKey>, GpuError>
  /** Lets a public key into one machine; one that is in already is success. */
  attachSshKey(ref: InstanceRef<P, K>, publicKey: string): Effect.Effect<void, GpuError>
  /** Takes a key out of one machine; one that is out already is success. */
  detachSshKey(ref: InstanceRef<P, K>, id: string): Effect.Effect<void, GpuError>
  /** What the account can spend. */
  balance(): Effect.Effect<Balance, GpuError>
  /** The images that `image` or `os` may name. */
  images(): Effect.Effect<Listing<Image>, GpuError>
  /** The disks of the account that live by themselves, which `attach` may name. They cost until they are deleted. */
  volumes(): Effect.Effect<Listing<Volume>, GpuError>
}

/** The name of one optional operation. */
export type OptionalOp = keyof OptionalOps<string, Kind>
