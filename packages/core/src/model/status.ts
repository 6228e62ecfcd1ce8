/**
 * The common lifecycle of a machine.
 *
 * | status | meaning |
 * | --- | --- |
 * | `pending` | accepted, nothing allocated yet, or waiting for its turn |
 * | `provisioning` | hardware or image being prepared |
 * | `starting` | the machine is allocated, the workload is not up yet |
 * | `running` | up; reachable only when `endpoints` says so, see `isReady` |
 * | `stopping`, `stopped` | halted, can be started again; may still cost money |
 * | `interrupted` | taken away by the cloud; may come back by itself; may still cost money |
 * | `terminating`, `terminated` | being given back; gone for good |
 * | `failed` | will not reach running by itself; it may still exist and still cost money |
 * | `unknown` | the cloud said something this version does not know: never guessed, never thrown |
 */
export type Status =
  | "pending"
  | "provisioning"
  | "starting"
  | "running"
  | "stopping"
  | "stopped"
  | "interrupted"
  | "terminating"
  | "terminated"
  | "failed"
  | "unknown"

/** Every {@link Status}. */
export const statuses: ReadonlyArray<Status> = [
  "pending",
  "provisioning",
  "starting",
  "running",
  "stopping",
  "stopped",
  "interrupted",
  "terminating",
  "terminated",
  "failed",
  "unknown"
]

/**
 * Why a machine is in its status, where the cloud or our own record says so; a closed set.
 *
 * - `invalid-request`: it cannot come up as it was asked for, here or elsewhere: its image, the login to its registry
 *   or its command is wrong, by the cloud's own words.
 */
export type Reason =
  | "no-capacity"
  | "preempted"
  | "exited"
  | "host-offline"
  | "provisioning-error"
  | "invalid-request"
  | "ended-by-provider"
  | "ended-by-user"
  | "expired"
  | "out-of-funds"
  | "stopped-outside"
  | "queued"
  | "frozen"
  | "not-visible-yet"

/**
 * What the machine costs right now: the compute rate (and storage), storage only, nothing, or not known.
 *
 * "Am I paying for this right now" is a question of its own: every row of every provider's table answers it, and
 * `unknown` is an answer where the cloud documents none.
 */
export type BillingState = "compute" | "storage" | "none" | "unknown"

/** Something that can be done to a machine. An instance lists the ones that are legal in its status. */
export type Action =
  | "start"
  | "stop"
  | "restart"
  | "terminate"
  | "rename"
  | "update"
  | "logs"
  | "events"
  | "changeBid"
  | "scheduleEnd"
  | "attachSshKey"
  | "detachSshKey"
  | "machineSshKeys"

/** What we last asked of a machine and when (epoch milliseconds); clouds do not distinguish our stop from an outbid. */
export interface Intent {
  readonly action: "launch" | "start" | "stop" | "restart" | "terminate"
  readonly at: number
}
