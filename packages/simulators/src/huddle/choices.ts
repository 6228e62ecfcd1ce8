/**
 * What Huddle01's documents leave open, and what this simulator does about it. Every one can be switched.
 *
 * - `refuseEarlyDelete` (true): a delete of a provisioning deployment is a 409, as the API that Huddle01 appears to
 *   resell refuses it. False: it is deleted, and costs the minimum.
 * - `powerActions` (true): the actions `start` and `stop` exist. The status table promises both; no request is shown.
 *   False: they are a 400, as every other action but `delete`.
 * - `billFrom` ("running"): when the meter begins. "Deducted while running" against an example that counts from the
 *   deploy ("deploy").
 * - `whenBroke` ("offline"): what a deduction that leaves no credit does to deployments on the meter.
 * - `keepRefusals` (true): an idempotency key replays refusals (400, 402, 404, 409) too, not successes only.
 * - `offersAs` ("reference"): offers as in the reference page (`data.data`, regions as objects) or as in the "guide"
 *   (`data[]`, regions as strings).
 * - `deploymentsAs` ("guide"): deployments as on the Deployments page (`ssh_user` ubuntu, `volumes`) or as in the
 *   "reference" (`resource_type`, `ssh_user` root, no `volumes`, two more specs).
 */
export interface Choices {
  readonly refuseEarlyDelete: boolean
  readonly powerActions: boolean
  readonly billFrom: "running" | "deploy"
  readonly whenBroke: "offline" | "deleted" | "nothing"
  readonly keepRefusals: boolean
  readonly offersAs: "reference" | "guide"
  readonly deploymentsAs: "guide" | "reference"
}

/** The choices when none are made. */
export const defaultChoices: Choices = {
  refuseEarlyDelete: true,
  powerActions: true,
  billFrom: "running",
  whenBroke: "offline",
  keepRefusals: true,
  offersAs: "reference",
  deploymentsAs: "guide"
}
