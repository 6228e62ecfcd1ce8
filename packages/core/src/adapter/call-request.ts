import * as Duration from "effect/Duration"
import * as Result from "effect/Result"
import type { GpuError } from "../errors.ts"
import type { Kind } from "../model/kind.ts"
import type { Endpoint } from "./endpoint.ts"
import { eventReader } from "./event-stream.ts"
import { credentialsIn, headersOf } from "./headers.ts"
import type { OpenAnswer } from "./open-answer.ts"
import { type LooseInput, prepare } from "./prepare.ts"
import { makeRedactor, type Redactor, type Secret, wordsIn } from "./redact/redact.ts"
import type { Route } from "./route.ts"
import { sensitiveIn } from "./sensitive.ts"
import type { WireRequest } from "./transport.ts"

/** What a call is given, before it is checked. */
export type CallInput = LooseInput & {
  readonly headers?: Readonly<Record<string, string>>
  readonly kind?: Kind
  readonly events?: number
}

/** A request as it is sent, and as errors may show it. */
export interface CallRequest {
  readonly wire: WireRequest
  readonly http: { readonly method: string; readonly url: string }
}

/** The words of a text that has no more of them are looked for in every way, as a password in a login. */
const fewWords = 16

/** What is secret in one call: of its account and its headers, and of its body. */
export interface CallSecrets {
  readonly keys: ReadonlyArray<Secret>
  readonly texts: ReadonlyArray<string>
}

/** Finds what is secret in one call: taken out of its body at once, as that may be changed by the time that it is looked for. */
export const secretsIn = (
  endpoint: Endpoint<string, unknown, unknown, unknown>,
  { body }: CallInput,
  secrets: ReadonlyArray<Secret>,
  headers: Readonly<Record<string, Secret>>
): CallSecrets => {
  const { keys, texts } = sensitiveIn(body, endpoint)
  return { keys: [...secrets, ...credentialsIn(headers), ...keys], texts }
}

/** Hides what is secret in one call, and these tokens. */
export const redactorFor = ({ keys, texts }: CallSecrets, tokens: ReadonlyArray<string>): Redactor => {
  const others = {
    *[Symbol.iterator]() {
      yield* texts
      for (const words of texts.map(wordsIn)) if (words.length <= fewWords) yield* words
    }
  }
  return makeRedactor([...tokens, ...keys], { texts: others, words: () => texts.flatMap(wordsIn) })
}

/** Whether so many events have come of one stream. */
const hasEvents = (wanted: number) => () => {
  const read = eventReader()
  let came = 0
  return (text: string): boolean => {
    came += read(text).length
    return came >= wanted
  }
}

const openOf = (
  { stream }: Endpoint<string, unknown, unknown, unknown>,
  { events = Number.POSITIVE_INFINITY }: CallInput
): { readonly open?: OpenAnswer } => {
  if (!stream) return {}
  const [within, quiet] = [Duration.fromInputUnsafe(stream.within), Duration.fromInputUnsafe(stream.quiet)]
  return { open: { within, quiet, bytes: stream.bytes, hasAll: hasEvents(events) } }
}

/** The request of one call; an error with the path of each wrong value. */
export const requestOf = (
  root: string,
  route: Route,
  endpoint: Endpoint<string, unknown, unknown, unknown>,
  input: CallInput,
  accountHeaders: Readonly<Record<string, Secret>>
): Result.Result<CallRequest, GpuError> => {
  const prepared = prepare(endpoint, input)
  if (Result.isFailure(prepared)) return Result.fail(prepared.failure)
  const { path, shownPath, search, body } = prepared.success
  const idempotency = endpoint.idempotencyHeader ? { [endpoint.idempotencyHeader]: crypto.randomUUID() } : {}
  const accept = endpoint.stream ? { accept: "text/event-stream, application/json" } : {}
  const headers = headersOf([accept, idempotency, accountHeaders, input.headers ?? {}], body !== undefined)
  if (Result.isFailure(headers)) return Result.fail(headers.failure)
  const { method } = endpoint
  return Result.succeed({
    wire: {
      ...{ method, url: root + path + search, headers: headers.success, timeout: route.timeout },
      ...(body !== undefined && { body }),
      ...openOf(endpoint, input)
    },
    http: { method, url: root + shownPath }
  })
}
