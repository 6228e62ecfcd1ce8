export { defaultTransport, undiciTransport } from "#default-transport"
export { BeforeSending } from "../context/before-sending.ts"
export { CurrentDeadline } from "../context/deadline.ts"
export { CurrentPriority } from "../context/priority.ts"
export type { Environment } from "../describe-cloud.ts"
export { imageHost, shownImage } from "../model/image-login.ts"
export { type Account, type AccountSource, type Kinship, makeAccount } from "./account.ts"
export type { Answer } from "./answer.ts"
export { type AnswerWatch, CurrentAnswerWatch, type Doing } from "./answer-time.ts"
export { type ApiKeyDefinition, type ApiKeyOptions, apiKeyCloud } from "./api-key-cloud.ts"
export { type Caller, makeCaller } from "./caller.ts"
export type { CallerConfig } from "./caller-config.ts"
export {
  address,
  type CloudFactory,
  cloudFactory,
  type FactoryDefinition,
  type FromEnv
} from "./cloud-factory.ts"
export { coalesce, FreshRead } from "./coalesce.ts"
export type { Rows } from "./decode.ts"
export {
  type AnswerOf,
  type CallArgs,
  type CallInput,
  type Endpoint,
  type EventStream,
  endpoint,
  endpointsOf,
  type ParamNames,
  type PathParams,
  type Repeat
} from "./endpoint.ts"
export type { ServerEvent } from "./event-stream.ts"
export { type Fetch, fetchTransport } from "./fetch-transport.ts"
export {
  countField,
  decimalField,
  moneyField,
  portField,
  secondsField,
  shareField,
  textField,
  wholeField
} from "./fields.ts"
export { gbOfMiB, mibOfGB } from "./gigabytes.ts"
export { imageNamed, noImageNamed } from "./image-name.ts"
export { isObject } from "./is-object.ts"
export { jsonText } from "./json-text.ts"
export { type KeySource, keyFingerprint, keyRegistry } from "./key-registry.ts"
export { lenient } from "./lenient.ts"
export { type Limit, type Limits, longestHold } from "./limit.ts"
export { type Limiter, makeLimiter } from "./limiter.ts"
export { listRows, type RawPage, type RowList } from "./list-rows.ts"
export { type MapSource, mapRows } from "./map-rows.ts"
export { timeOf } from "./moment.ts"
export { type NativeClient, nativeClient } from "./native.ts"
export type { OpenAnswer } from "./open-answer.ts"
export type { CloudContents } from "./open-cloud.ts"
export { allPages, longestList, mostPages, type Page, type Paged } from "./pages.ts"
export type { PollText, PollTextOptions } from "./poll-text.ts"
export { maskAssignments } from "./redact/mask.ts"
export { makeRedactor, type Redactor, type Secret } from "./redact/redact.ts"
export { type Refusal, type RefusalConfig, type RefusalDetails, refusals } from "./refusals.ts"
export { withRetry } from "./retry.ts"
export { wordsOf } from "./said.ts"
export { errorOfStatus } from "./status-error.ts"
export { type TokenDefinition, type TokenOptions, tokenCloud } from "./token-cloud.ts"
export type { Login, Token } from "./tokens.ts"
export type { Method, Transport, WireRequest, WireResponse } from "./transport.ts"
export type { UndiciOptions } from "./undici-transport.ts"
export { fieldProblem, markUnread, type RowPlace, type Unread, unreadIn } from "./unread.ts"
export { usualRefusals } from "./usual-refusals.ts"
export { type VolumeWords, volumesLeft } from "./volumes-left.ts"
export { wantsMachinesWithoutGpu } from "./wants-cpus.ts"
