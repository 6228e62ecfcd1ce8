import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type * as Result from "effect/Result"
import type { Account } from "../adapter/account.ts"
import type { GpuError } from "../errors.ts"
import type { LaunchRecord } from "../ledger/ledger.ts"
import type { Facts, Lifecycle } from "../lifecycle.ts"
import type { BootFault } from "../model/boot-words.ts"
import type { InstanceFacts, NativeFacts } from "../model/instance.ts"
import type { Kind } from "../model/kind.ts"
import type { LaunchOption, LaunchSpec } from "../model/launch-spec.ts"
import type { Listing } from "../model/listing.ts"
import type { Money } from "../model/money.ts"
import type { Offer } from "../model/offer.ts"
import type { SshKey } from "../model/ssh-key.ts"
import type { Intent } from "../model/status.ts"
import type { Volume } from "../model/volume.ts"
import type { ResolvedFilter } from "./offer-filter.ts"
import type { Balance, CloudEnd, Image, LogOptions, UpdateOption, WorkloadUpdate } from "./ops.ts"

/** How fast a cloud is, from its documents or, where they are silent, with room to spare. */
export interface Timing {
  /** Between two looks at one machine. */
  readonly pollEvery: Duration.Input
  /** How long a boot may take before a wait gives up. */
  readonly bootWithin: Duration.Input
  /** The longest that one create can be under way, all attempts and waits included. */
  readonly createWithin: Duration.Input
  /** How long a new machine may stay invisible to reads and lists. */
  readonly appearWithin: Duration.Input
  /** How long a terminate keeps asking and looking. */
  readonly terminateWithin: Duration.Input
}

/** What identifies one logical launch to the cloud. */
export interface LaunchIdentity {
  /** To be part of the machine's name or label. */
  readonly marker: string
  /** For clouds that take one; the same on every attempt. */
  readonly idempotencyKey: string
  /** When the cloud itself shall end the machine, of a leased launch: for clouds with `scheduleEnd`, in the same request. */
  readonly end?: CloudEnd | null
}

/** A machine as an operation of an adapter sees it: just read, in both forms. */
export interface Target<N> {
  readonly id: string
  readonly native: N
  readonly described: InstanceFacts
  /** What the ledger keeps of its launch; null when it knows of none. */
  readonly launch: LaunchRecord | null
}

/**
 * From which fields of a row something is read, by their names at its top: what an unreadable one may decide is not
 * decided.
 *
 * - `facts`: of each fact that a status depends on; a fact left out depends on no field.
 */
export interface FieldsOf<F extends Facts> {
  readonly marker: ReadonlyArray<string>
  readonly facts: { readonly [Name in keyof F]?: ReadonlyArray<string> }
}

/** What a machine is judged with besides its payload. */
export interface Asked {
  readonly intent: Intent | null
  /** Epoch milliseconds. */
  readonly now: number
}

/**
 * The optional operations as an adapter supplies them: the bare calls. Core reads the machine first, refuses what its
 * status forbids, and writes the intent to the ledger.
 */
export interface Operations<N> {
  start(target: Target<N>): Effect.Effect<void, GpuError>
  stop(target: Target<N>): Effect.Effect<void, GpuError>
  restart(target: Target<N>): Effect.Effect<void, GpuError>
  rename(target: Target<N>, name: string): Effect.Effect<void, GpuError>
  update(target: Target<N>, changes: WorkloadUpdate): Effect.Effect<void, GpuError>
  changeBid(target: Target<N>, perHour: Money): Effect.Effect<void, GpuError>
  scheduleEnd(target: Target<N>, end: CloudEnd | null): Effect.Effect<void, GpuError>
  logs(target: Target<N>, options: LogOptions): Effect.Effect<ReadonlyArray<string>, GpuError>
  events(target: Target<N>, options: LogOptions): Effect.Effect<ReadonlyArray<string>, GpuError>
  machineSshKeys(target: Target<N>): Effect.Effect<ReadonlyArray<SshKey> | Listing<SshKey>, GpuError>
  attachSshKey(target: Target<N>, publicKey: string): Effect.Effect<void, GpuError>
  detachSshKey(target: Target<N>, id: string): Effect.Effect<void, GpuError>
  /** A listing where rows may be missing from it. */
  sshKeys(): Effect.Effect<ReadonlyArray<SshKey> | Listing<SshKey>, GpuError>
  addSshKey(publicKey: string, name?: string): Effect.Effect<SshKey, GpuError>
  removeSshKey(id: string): Effect.Effect<void, GpuError>
  balance(): Effect.Effect<Balance["available"], GpuError>
  images(): Effect.Effect<Listing<Image>, GpuError>
  volumes(): Effect.Effect<Listing<Volume>, GpuError>
}

/**
 * One kind of one cloud, as its adapter describes it: data and bare calls.
 *
 * Core builds the {@link Provider} from it and owns everything that takes care: safe launching and settling, legality,
 * intents, verified termination, filters, waiting. An adapter never sleeps, retries, polls or reads a clock.
 */
export interface Definition<
  P extends string,
  K extends Kind,
  L extends LaunchOption,
  F extends Facts,
  N,
  Prepared,
  O extends Partial<Operations<N>>,
  X extends NativeFacts = NativeFacts
> {
  readonly provider: P
  readonly kind: K
  /** The launch options that `prepare` honours; every other one is `Unsupported` before any request. */
  readonly launchOptions: ReadonlyArray<L>
  /** Those of them without which a launch is `InvalidRequest`. */
  readonly requiredOptions: ReadonlyArray<L>
  /** What `update` can change; every other change is `Unsupported` before any request. */
  readonly updateOptions?: ReadonlyArray<UpdateOption>
  readonly lifecycle: Lifecycle<F>
  readonly timing: Timing
  /**
   * This cloud's own words that blame a request for a boot that fails, besides those of Docker, containerd and
   * Kubernetes.
   */
  readonly bootFaults?: ReadonlyArray<BootFault>
  /**
   * The micros to which the cloud rounds the price that it shows of a machine, where it does: less than that above a
   * limit is rounding, and no reason to end the machine.
   */
  readonly priceRoundedTo?: number
  /**
   * Whose machines are seen, by `makeAccount`: one for all kinds of a cloud. Without it, machines of other keys look
   * like one's own.
   */
  readonly account?: Account
  /** Whether a list knows less of a machine than a read; then listed machines are `view: "summary"`. */
  readonly listKnowsLess?: boolean

  /** Offers of the cloud; filter as far as the cloud can, core filters again. */
  offers(filter: ResolvedFilter): Effect.Effect<Listing<Offer<P, K>>, GpuError>

  /**
   * What is wrong with a spec by the cloud's own rules, without a request; `launch` asks first. What core checks
   * itself, such as options that are not declared, is not asked here.
   */
  check?(spec: LaunchSpec<P, K, L>): Result.Result<unknown, GpuError>
  /** Checks the spec and resolves names into ids. May send reads and register keys; nothing that costs money. */
  prepare(spec: LaunchSpec<P, K, L>): Effect.Effect<Prepared, GpuError>
  /**
   * Sends the one request that rents; answers the machine's id. The name or label must carry the marker.
   *
   * - A refusal that made a machine all the same names it in the error's `leftovers`: core ends it.
   */
  create(prepared: Prepared, identity: LaunchIdentity): Effect.Effect<string, GpuError>
  /**
   * A list, begun now, that shows every machine which carries a marker, whatever its kind. Others may be on it: core
   * picks, and heeds those of which it cannot be read whether they do.
   */
  find(marker: string): Effect.Effect<Listing<N>, GpuError>

  /**
   * One machine, and nothing that has to be read after it; null when the cloud says in its own words that it does not exist.
   *
   * - A null only suggests that it is gone: core checks it against a complete list. Whatever else answers (a route that
   *   is gone, a gateway) is an error.
   */
  read(id: string): Effect.Effect<N | null, GpuError>
  /**
   * The machines of this kind, and those of others where several kinds share one list: core picks by `kindOf`. Nothing is
   * read after the machines, which are as old as this answer. Reads that are shared by all who ask at once are made by
   * `coalesce`, which knows `FreshRead`.
   */
  readAll(): Effect.Effect<Listing<N>, GpuError>
  /**
   * Reads what tells the kinds of machines, where their rows do not: asked before core picks from a list by `kindOf`.
   * That it cannot be read leaves them unknown.
   */
  learnKinds?(machines: Listing<N>): Effect.Effect<void>
  /**
   * Adds to machines what the cloud says of them elsewhere, such as a price that its renter has to accept: asked after they are
   * listed, and after one is read, which is a list of one; never for a proof. What cannot be asked is a problem of the list,
   * and fails nothing.
   */
  besides?(machines: Listing<N>, by: "read" | "list"): Effect.Effect<Listing<N>>
  /**
   * Where several kinds share their ids, or the routes that end them: the kind of a row, null when the row does not
   * say.
   *
   * - `read` then answers rows of every kind, and core refuses those of another one. A machine that the ledger does not
   *   know is read before it is ended.
   */
  kindOf?(native: N): Kind | null
  /** Where several kinds share one list: the kind of a machine on it that neither its row nor the ledger names. */
  readonly kindUnlessTold?: Kind
  /** Where what is known of a machine is read. Without it any field that cannot be read may decide any of it. */
  readonly fieldsOf?: FieldsOf<F>
  /**
   * Whether a text can be an id of this cloud: what cannot is not there, and not asked for. Any text may be when
   * absent.
   */
  isId?(id: string): boolean
  /** Whether two ids that differ in the case of their letters are one. */
  readonly idsIgnoreCase?: boolean
  describe(native: N): InstanceFacts<X>
  facts(native: N, asked: Asked): F

  /**
   * Asks for the end of a machine. `Conflict` when it cannot be ended yet.
   *
   * - `NotFound` is the cloud's own word that there is no such machine, and nothing else: it suggests that it is gone.
   */
  destroy(id: string): Effect.Effect<void, GpuError>
  /**
   * Deletes the disks that a launch made besides the machine's own and that outlive it: those with its marker, and no others.
   * Left out where a cloud has no such disks, or ends them with the machine.
   */
  deleteVolumes?(marker: string): Effect.Effect<void, GpuError>
  /** What stays on the account after a machine is gone. */
  leftovers?(id: string): Effect.Effect<ReadonlyArray<string>, GpuError>

  /**
   * false: that `balance` is the money which pays for machines is not documented, so no launch is refused by it, and
   * none asks for it.
   */
  readonly balancePays?: boolean
  readonly operations: O
}
