/*
 * What is known of the operations without running one. The SDK, schemas and clouds are behind `load` and in the entry
 * `./run`, so that whoever lists operations, says how they are called or answers for a shell loads none of them.
 */
export { audit } from "./audit.ts"
export { balance } from "./balance.ts"
export { addKey, removeKey } from "./change-keys.ts"
export { compare } from "./compare.ts"
export type { OperationContext, Person, Remarks } from "./context.ts"
export { cost } from "./cost.ts"
export { Declined } from "./declined.ts"
export type { Fetch } from "./doctor/recorder.ts"
export type { CloudSetup, Setup } from "./doctor/setup.ts"
export { doctor } from "./doctor.ts"
export { durationText } from "./duration-text.ts"
export {
  type Field,
  type Fields,
  fields,
  type InputOf,
  type ValueType,
  type ValueTypes,
  type WireInputOf
} from "./field.ts"
export { filterFields, jobFields, machineField, workloadFields } from "./fields.ts"
export { images } from "./images.ts"
export { keys } from "./keys.ts"
export { launch } from "./launch.ts"
export { list } from "./list.ts"
export { events, logs } from "./logs.ts"
export { offers } from "./offers.ts"
export { type Effect, type Example, type Implementation, type Operation, operation } from "./operation.ts"
export { operations } from "./operations.ts"
export { restart, start, stop } from "./power.ts"
export { present } from "./present.ts"
export { recover } from "./recover.ts"
export { rename } from "./rename.ts"
export { commandText } from "./shell-command.ts"
export { mayBeShort, shortRef } from "./short-ref.ts"
export { show } from "./show.ts"
export { ssh } from "./ssh.ts"
export { sweep } from "./sweep.ts"
export { terminate } from "./terminate.ts"
export { textsIn } from "./texts.ts"
export { update } from "./update.ts"
export { visible, visibleJson } from "./visible.ts"
export { watch } from "./watch.ts"
