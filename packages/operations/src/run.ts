/*
 * What runs operations, and the parts of theirs that a face uses by itself.
 */

export * as audit from "./audit.run.ts"
export * as balance from "./balance.run.ts"
export * as keyChanges from "./change-keys.run.ts"
export { findKey, takeKey } from "./change-keys.run.ts"
export * as compare from "./compare.run.ts"
export * as copy from "./copy.run.ts"
export type { MachineCost, OfferCost } from "./cost.run.ts"
export * as cost from "./cost.run.ts"
export { type Check, check } from "./doctor/check.ts"
export * as exec from "./exec.run.ts"
export { collect, commandOf, type Ran, timeSignal } from "./exec.run.ts"
export * as forward from "./forward.run.ts"
export { localUrl } from "./forward.run.ts"
export * as images from "./images.run.ts"
export { filterOf } from "./input/filter.ts"
export { jobOf } from "./input/job.ts"
export * from "./input/values.ts"
export * as keys from "./keys.run.ts"
export { encode as encodeKeys, type Keys } from "./keys.run.ts"
export * as launch from "./launch.run.ts"
export {
  encode as encodeRented,
  type LaunchHooks,
  type Order,
  orderOf,
  quoteJson,
  type Rented,
  rent
} from "./launch.run.ts"
export * as list from "./list.run.ts"
export * as lines from "./logs.run.ts"
export { type Able, type Answers, ableOf, changeAccounts } from "./machines/accounts.ts"
export { withDetails } from "./machines/details.ts"
export { endMachine } from "./machines/ending.ts"
export { findMachine, findMachines, type Naming } from "./machines/find-machine.ts"
export { findOffer, offerName } from "./machines/find-offer.ts"
export { hourlyOf } from "./machines/hourly.ts"
export { type Launches, launchesOf, leaseUntil } from "./machines/leases.ts"
export { isRef } from "./machines/parse-ref.ts"
export { reachable } from "./machines/reachable.ts"
export { withSession } from "./machines/session.ts"
export { statusText } from "./machines/status-text.ts"
export { mustSupport } from "./machines/supported.ts"
export * as notebook from "./notebook.run.ts"
export { type Notebook, notebookUrl, openNotebook } from "./notebook.run.ts"
export * as offers from "./offers.run.ts"
export * as power from "./power.run.ts"
export type { Recovered } from "./recover.run.ts"
export * as recover from "./recover.run.ts"
export * as rename from "./rename.run.ts"
export * as show from "./show.run.ts"
export * as ssh from "./ssh.run.ts"
export { sshWords } from "./ssh.run.ts"
export type { Swept } from "./sweep.run.ts"
export * as sweep from "./sweep.run.ts"
export * as terminate from "./terminate.run.ts"
export { noOfferText } from "./text/no-offer.ts"
export * as update from "./update.run.ts"
export { changesOf, type Replacement } from "./update.run.ts"
export * as watch from "./watch.run.ts"
