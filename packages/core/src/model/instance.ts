import type * as DateTime from "effect/DateTime"
import type { Endpoints } from "./endpoints.ts"
import type { Gpu } from "./gpu.ts"
import type { Kind } from "./kind.ts"
import type { Problem } from "./listing.ts"
import type { Location } from "./location.ts"
import type { Money } from "./money.ts"
import type { InstanceRef } from "./ref.ts"
import type { Action, BillingState, Reason, Status } from "./status.ts"
import type { Tags } from "./tags.ts"

/**
 * Fields of a cloud's own, by their names there. An adapter states them as a type alias, each as the cloud may send it.
 */
export type NativeFacts = Readonly<Record<string, unknown>>

/**
 * What a cloud says of one machine, in common terms, without its status: an adapter's part of an {@link Instance}.
 *
 * - `name` is what the cloud has of the user's name, without the launch marker; `marker` is null on machines this
 *   library did not launch.
 * - `pricePerHour` is while running; null when unknown.
 * - `native` holds what the common model has no place for, under the cloud's own names and as it came, the status
 *   fields among it; values of variables, logins and other secrets never. Any of it may be missing: a list says less
 *   than a read, and a machine that the cloud does not show yet has none of it.
 */
export interface InstanceFacts<X extends NativeFacts = NativeFacts> {
  readonly id: string
  readonly name: string | null
  readonly marker: string | null
  readonly gpu: Gpu | null
  readonly vcpus: number | null
  readonly memoryMiB: number | null
  readonly storageMiB: number | null
  readonly location: Location
  readonly pricePerHour: Money | null
  readonly interruptible: boolean
  readonly endpoints: Endpoints
  readonly createdAt: DateTime.Utc | null
  /** When the contract ends by itself; null when it does not or is unknown. */
  readonly endsAt: DateTime.Utc | null
  /** What it may cost by the cloud's own count before it ends by itself; null or left out where no such limit is set. */
  readonly endsWhenSpent?: Money | null
  readonly native: Readonly<Partial<X>>
  /**
   * The cloud's own words about the present state, such as a Docker error or how far an image is pulled; null or left
   * out where it says none. Core takes what may be secret out of them.
   */
  readonly said?: string | null
  /**
   * What its renter has to decide, such as a price that the host wants from the contract's end on; left out where
   * nothing.
   */
  readonly notice?: string
  /**
   * What of the cloud's answer could not be read, and is null here or unknown; left out where there is nothing. Core's
   * to say.
   */
  readonly problems?: ReadonlyArray<Problem>
}

/**
 * One machine as it was observed at a moment: status, money, ways to reach it, and what may be done to it now.
 *
 * - `name` is what the user gave, whole, where the ledger knows it.
 * - `createdAt` is when the request of its launch left, by the ledger, where the cloud gives no time.
 * - `view` says how much the cloud's answer could know: a `summary` from a list may know less than a `detail`.
 */
export interface Instance<P extends string = string, K extends Kind = Kind, X extends NativeFacts = NativeFacts>
  extends Omit<InstanceFacts<X>, "id" | "said"> {
  readonly ref: InstanceRef<P, K>
  readonly status: Status
  readonly reason: Reason | null
  readonly billing: BillingState
  /** Legal now, from the provider's table; calling another one fails with `IllegalAction`. */
  readonly actions: ReadonlyArray<Action>
  /** The cloud's own words about the present state, without values that may be secret; null when it says none. */
  readonly said: string | null
  /** What the cloud keeps of `name`, which it has cut or written in its own letters; absent where that is the same. */
  readonly keptName?: string
  /** The name of the account that it is on; absent where that has no name. */
  readonly account?: string
  /** What its launch was for, by the ledger; absent where it did not say, and for machines of others. */
  readonly tags?: Tags
  /** Whose it is, by its launch; absent where that did not say, and for machines of others. */
  readonly owner?: string
  readonly view: "detail" | "summary"
  readonly observedAt: DateTime.Utc
}

/**
 * Up and reachable: running, with at least one way in.
 *
 * - A machine that will never have one, since neither ports nor ssh were asked for, is ready as soon as it runs.
 */
export const isReady = ({ status, endpoints }: Pick<Instance, "status" | "endpoints">): boolean =>
  status === "running" &&
  (endpoints.expected === false || endpoints.ssh.length + endpoints.ports.length + endpoints.urls.length > 0)
