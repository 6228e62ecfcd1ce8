import type { GpuError, Instance, InstanceRef, Kind, Problem } from "@anygpu/core"
import type * as DateTime from "effect/DateTime"

/** What a change of a machine is about, in the order in which several changes of one look come. */
export type Aspect = "status" | "endpoints" | "billing" | "price"

interface AboutMachine {
  readonly ref: InstanceRef
  /** The machine as this look saw it. */
  readonly instance: Instance
  /** When the listing was made that showed it. */
  readonly observedAt: DateTime.Utc
}

/**
 * A machine is there that was not: new, back after it vanished, or back from `terminated`.
 *
 * - What is there when the watch begins appears too, unless `initial: false`, but no machine that has ended by then.
 */
export interface Appeared extends AboutMachine {
  readonly type: "appeared"
}

/**
 * One thing about a machine is not what it was at the look before.
 *
 * - `status`: the status or its reason. A cloud that keeps ended machines in its list says the end as `terminated`.
 * - `endpoints`, `billing`, `price`: the field of that name.
 * - A look that finds several gives one change for each, all with the same `before` and `instance`.
 */
export interface Altered extends AboutMachine {
  readonly type: Aspect
  /** The machine at the look before. */
  readonly before: Instance
}

/**
 * A machine is gone: two complete listings in which it was missing agree.
 *
 * - Lists lag behind; one listing alone proves nothing, and an incomplete one neither.
 * - One that was `terminated` before it left the list is not said again.
 */
export interface Vanished extends Omit<AboutMachine, "instance"> {
  readonly type: "vanished"
  /** The machine as it was last seen. */
  readonly instance: Instance
}

interface AboutProvider {
  readonly provider: string
  readonly kind: Kind
  /** When the trouble was first seen. */
  readonly since: DateTime.Utc
  readonly observedAt: DateTime.Utc
}

/**
 * A cloud cannot be asked: what is known of its machines is as old as `since`, and is kept.
 *
 * - Said once until it is over, and once more when the cloud begins to refuse the key (or ends to).
 * - It is asked on and on, also after a refused key.
 */
export interface Stale extends AboutProvider {
  readonly type: "stale"
  readonly error: GpuError
}

/**
 * A cloud's list has parts that cannot be read: the others are kept up to date, and no machine vanishes.
 *
 * - Said once until it is over, and once more whenever another part is missing too.
 */
export interface Incomplete extends AboutProvider {
  readonly type: "incomplete"
  readonly problems: ReadonlyArray<Problem>
}

/** A cloud's list is whole again; what happened since `since` follows as changes. */
export interface Resumed extends AboutProvider {
  readonly type: "resumed"
}

/** One thing that changed on the accounts; switch on `type`. */
export type Change = Appeared | Altered | Vanished | Stale | Incomplete | Resumed
