/*
 * What is known of the operations without running one. The SDK, schemas and clouds are behind `load` and in the entry
 * `./run`, so that a list of operations, their help and completion load none of them.
 */
export { audit } from "./audit.ts"
export { balance } from "./balance.ts"
export { addKey, removeKey } from "./change-keys.ts"
export { compare } from "./compare.ts"
export type { OperationContext, Person, Remarks } from "./context.ts"
export { copy } from "./copy.ts"
export { cost } from "./cost.ts"
export { Declined } from "./declined.ts"
export type { Fetch } from "./doctor/recorder.ts"
export type { CloudSetup, Setup } from "./doctor/setup.ts"
export { doctor } from "./doctor.ts"
export { exec } from "./exec.ts"
export { extend } from "./extend.ts"
export { forward } from "./forward.ts"
export { images } from "./images.ts"
export {
  type Field,
  type Fields,
  fields,
  type InputOf,
  type ValueType,
  type ValueTypes,
  type WireInputOf
} from "./input/field.ts"
export {
  choosingFields,
  filterFields,
  jobFields,
  machineField,
  ownFields,
  whoseFields,
  workloadFields
} from "./input/fields.ts"
export { present } from "./input/present.ts"
export { isParted, isTextType, textsIn } from "./input/texts.ts"
export { keepPool } from "./keep-pool.ts"
export { keys } from "./keys.ts"
export { launch } from "./launch.ts"
export { list } from "./list.ts"
export { events, logs } from "./logs.ts"
export { mayBeShort } from "./machines/may-be-short.ts"
export { marketRecord } from "./market-record.ts"
export { marketShow } from "./market-show.ts"
export { notebook } from "./notebook.ts"
export { offers } from "./offers.ts"
export { type Effect, type Example, type Implementation, type Operation, operation } from "./operation.ts"
export { operations } from "./operations.ts"
export { cancelOrder, orderLaunch, orders, orderTerms } from "./order.ts"
export { pool } from "./pool.ts"
export { restart, start, stop } from "./power.ts"
export { givenIn, noPreset, type Preset, type Presets, presetFields, presetTexts } from "./presets/preset.ts"
export { presets } from "./presets.ts"
export { quote } from "./quote.ts"
export { recover } from "./recover.ts"
export { rename } from "./rename.ts"
export { attach, jobs, runJob, stopJob } from "./run-job.ts"
export { show } from "./show.ts"
export { spent } from "./spent.ts"
export { ssh } from "./ssh.ts"
export { sshConfig } from "./ssh-config.ts"
export { sweep } from "./sweep.ts"
export { terminate } from "./terminate.ts"
export { durationText } from "./text/duration-text.ts"
export { commandText } from "./text/shell-command.ts"
export { shortRef } from "./text/short-ref.ts"
export { visible, visibleJson } from "./text/visible.ts"
export { unattended } from "./unattended.ts"
export { update } from "./update.ts"
export { verify } from "./verify.ts"
export { volumes } from "./volumes.ts"
export { watch } from "./watch.ts"
