import type * as DateTime from "effect/DateTime"
import type { Endpoints } from "./endpoints.ts"
import type { Gpu } from "./gpu.ts"
import type { Kind } from "./kind.ts"
import type { Location } from "./location.ts"
import type { Money } from "./money.ts"
import type { InstanceRef } from "./ref.ts"
import type { Action, BillingState, Reason, Status } from "./status.ts"

/**
 * What a cloud tells of one machine, in common terms, without its status: an adapter's part of an {@link Instance}.
 *
 * - `name` is what the user gave, without the launch marker; `marker` is null on machines this library did not launch.
 * - `price` is per hour while running; null when unknown.
 * - `native` holds the status fields as they came and nothing secret.
 */
export interface InstanceFacts {
  readonly id: string
  readonly name: string | null
  readonly marker: string | null
  readonly gpu: Gpu | null
  readonly vcpus: number | null
  readonly memoryMiB: number | null
  readonly storageMiB: number | null
  readonly location: Location
  readonly price: Money | null
  readonly interruptible: boolean
  readonly endpoints: Endpoints
  readonly createdAt: DateTime.Utc | null
  /** When the contract ends by itself; null when it does not or is unknown. */
  readonly endsAt: DateTime.Utc | null
  readonly native: Readonly<Record<string, unknown>>
  /**
   * The cloud's own words about the present state, such as a Docker error or how far an image is pulled; null or left out
   * where it says none. Core takes what may be secret out of them.
   */
  readonly said?: string | null
}

/**
 * One machine as it was observed at a moment: status, money, ways to reach it, and what may be done to it now.
 *
 * - `view` tells how much the cloud's answer could know: a `summary` from a list may know less than a `detail`.
 */
export interface Instance<P extends string = string, K extends Kind = Kind> extends Omit<InstanceFacts, "id" | "said"> {
  readonly ref: InstanceRef<P, K>
  readonly status: Status
  readonly reason: Reason | null
  readonly billing: BillingState
  /** Legal now, from the provider's table; calling another one fails with `IllegalAction`. */
  readonly actions: ReadonlyArray<Action>
  /** The cloud's own words about the present state, without values that may be secret; null when it says none. */
  readonly said: string | null
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
