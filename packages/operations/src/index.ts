export { type Able, type Answers, ableOf, changeAccounts } from "./accounts.ts"
export type { OperationContext, Person, Remarks } from "./context.ts"
export { Declined } from "./declined.ts"
export { withDetails } from "./details.ts"
export { endMachine } from "./ending.ts"
export {
  type Field,
  type Fields,
  fields,
  type InputOf,
  type ValueType,
  type ValueTypes,
  type WireInputOf
} from "./field.ts"
export { findMachine, findMachines, type Naming } from "./find-machine.ts"
export { findOffer, offerName } from "./find-offer.ts"
export { hourlyOf } from "./hourly.ts"
export { readInput } from "./input.ts"
export { inputSchema } from "./input-schema.ts"
export { type Launches, launchesOf, leaseUntil } from "./leases.ts"
export { list } from "./list.ts"
export { type Effect, type Example, type Implementation, type Operation, operation } from "./operation.ts"
export { operations } from "./operations.ts"
export { isRef } from "./parse-ref.ts"
export { perform } from "./perform.ts"
export { present } from "./present.ts"
export { mayBeShort, shortRef } from "./short-ref.ts"
export { show } from "./show.ts"
export { mustSupport } from "./supported.ts"
export * from "./values.ts"
