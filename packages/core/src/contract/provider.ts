import type { Account } from "../adapter/account.ts"
import type { Facts, Lifecycle } from "../lifecycle.ts"
import type { NativeFacts } from "../model/instance.ts"
import type { Kind } from "../model/kind.ts"
import type { LaunchOption } from "../model/launch-spec.ts"
import type { Timing } from "./definition.ts"
import type { OptionalOp, OptionalOps, RequiredOps, UpdateOption } from "./ops.ts"

/** The version of this contract. It is raised when an operation or an answer changes its meaning, not when one is added. */
export const specificationVersion = 1

/** What a provider says of itself, as data. */
export interface ProviderInfo<P extends string, K extends Kind, L extends LaunchOption> {
  /** The version of the contract that it keeps; a client refuses one that it does not understand. */
  readonly specificationVersion: typeof specificationVersion
  readonly provider: P
  readonly kind: K
  /** The optional operations it has, derived from its methods: claim and method cannot disagree. */
  readonly capabilities: ReadonlySet<OptionalOp>
  readonly launchOptions: ReadonlySet<L>
  /** Those without which a launch is refused. */
  readonly requiredOptions: ReadonlySet<L>
  /** What `update` can change; empty without it. */
  readonly updateOptions: ReadonlySet<UpdateOption>
  /** Whether `terminate` can delete the volumes that a launch made, too; `Unsupported` otherwise. */
  readonly deletesVolumes: boolean
  readonly lifecycle: Lifecycle<Facts>
  readonly timing: Timing
  /** The micros to which the cloud rounds the price of a machine: less than that above a limit is rounding. */
  readonly priceRoundedTo: number
  /**
   * Who ends a leased machine when every process of its user is gone: "cloud" where the cloud has a switch of its own
   * (`scheduleEnd`), which launches set and leases move; "itself" where the machine can, when its launch asks for it by
   * the option `endsItself`; null where only a process with the ledger does.
   */
  readonly endsItself: "cloud" | "itself" | null
  /** Whose machines it sees; absent where keys of several accounts cannot be distinguished. */
  readonly account?: Account
  /** What the account is called in a client; absent where it has no name. */
  readonly accountName?: string
}

/**
 * One kind of one cloud behind the common contract.
 *
 * - Operations that the kind lacks are not there: `provider.stop` does not compile.
 * - `X` are the cloud's own facts of its machines, in their `native`.
 */
export type Provider<
  P extends string = string,
  K extends Kind = Kind,
  L extends LaunchOption = LaunchOption,
  O extends OptionalOp = never,
  X extends NativeFacts = NativeFacts
> = ProviderInfo<P, K, L> & RequiredOps<P, K, L, X> & Pick<OptionalOps<P, K, X>, O>

/** Any provider, for code that finds out at run time what it can do; see `supports` and `attempt`. */
export type AnyProvider = Provider<string, Kind, LaunchOption, never>

/** A cloud for which there is no key: what a factory's `fromEnv()` answers then, and what `createGpu` leaves out. */
export interface CloudWithoutKey<Name extends string = string> {
  readonly name: Name
  /** What the account would be called; absent where it has no name. */
  readonly account?: string
  /** The variable that would hold the key: `VAST_API_KEY`. */
  readonly lacks: string
}

/**
 * The providers of one cloud, one per kind, under the names that users know, and its low-level client.
 *
 * - `name` is the provider name in every ref: `vast` in `vast/container/123`.
 */
export interface Cloud<
  Name extends string = string,
  Kinds extends Readonly<Record<string, AnyProvider>> = Readonly<Record<string, AnyProvider>>,
  Native = unknown
> {
  readonly name: Name
  /** What its account is called, where a client has several of one cloud; absent where it has no name. */
  readonly account?: string
  readonly kinds: Kinds
  /** Every endpoint of the cloud that is documented, typed, without the common model. */
  readonly native: Native
}
