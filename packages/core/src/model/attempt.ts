import type { GpuError } from "../errors.ts"
import type { Money } from "./money.ts"
import type { Offer } from "./offer.ts"
import type { Reach } from "./reach.ts"
import type { InstanceRef } from "./ref.ts"

/**
 * How one try of a launch on several offers ended.
 *
 * | outcome | meaning |
 * | --- | --- |
 * | `ready` | its machine is the one that was kept |
 * | `created` | its machine was made, and is the one that was kept: the launch did not wait until it is ready |
 * | `no-capacity` | the cloud refused: taken, or no such machine free |
 * | `gone` | the offer is not on the market any more |
 * | `too-dear` | its price is above a limit by now |
 * | `unsupported` | its cloud cannot do what is asked; nothing was sent |
 * | `unreachable` | its cloud failed or did not answer, and no machine came of it |
 * | `refused` | its cloud refuses this account: no money, a quota, the key, a permission, a rate limit; other clouds go on |
 * | `not-ready` | its machine failed or was not ready in time, and was ended |
 * | `not-as-offered` | its machine was ready and is not what was offered, or something of it is broken; it was ended |
 * | `lost-race` | another one was ready first, and this one was ended |
 * | `stopped` | the error that ended the whole launch |
 */
export type AttemptOutcome =
  | "ready"
  | "created"
  | "no-capacity"
  | "gone"
  | "too-dear"
  | "unsupported"
  | "unreachable"
  | "refused"
  | "not-ready"
  | "not-as-offered"
  | "lost-race"
  | "stopped"

/** One try of a launch on several offers. */
export interface Attempt {
  readonly offer: Offer
  readonly outcome: AttemptOutcome
  /** Its machine, where one was made. */
  readonly ref: InstanceRef | null
  /**
   * What the machine cost until it was ended, by the offer's terms; null where none was made, or the cost is not known.
   */
  readonly spent: Money | null
  readonly error: GpuError | null
  /** How far its error reaches: this offer, this cloud's account, or the request; null without an error. */
  readonly reach: Reach | null
  /** Epoch milliseconds. */
  readonly from: number
  readonly until: number
}
