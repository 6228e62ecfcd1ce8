import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type * as z from "zod"
import { defaultTransport } from "#default-transport"
import { CurrentDeadline } from "../context/deadline.ts"
import { momentOn } from "../elapsed.ts"
import {
  BadResponse,
  type ErrorFields,
  type GpuError,
  mayHaveTakenEffect,
  type Network,
  RateLimited,
  type Timeout,
  withContext
} from "../errors.ts"
import type { Kind } from "../model/kind.ts"
import { observeAttempt } from "../telemetry.ts"
import { type Answer, readAnswer } from "./answer.ts"
import { errorOfAnswer } from "./answer-error.ts"
import { type AnswerWatch, CurrentAnswerWatch } from "./answer-time.ts"
import { backoffHint } from "./backoff-hint.ts"
import { parseBaseUrl } from "./base-url.ts"
import { decode, decodeRows, type Rows } from "./decode.ts"
import type { AnswerOf, CallArgs, Endpoint } from "./endpoint.ts"
import { credentialsIn, headersOf } from "./headers.ts"
import { heeded, type Limit, makeLimiter, queueOf, restUnlessTold } from "./limiter.ts"
import { makePollText, type PollText } from "./poll-text.ts"
import { type LooseInput, prepare } from "./prepare.ts"
import { makeRedactor, type Redactor, type Secret, wordsIn } from "./redact/redact.ts"
import { withRetry } from "./retry.ts"
import { sensitiveIn } from "./sensitive.ts"
import type { Transport, WireRequest, WireResponse } from "./transport.ts"

/** What {@link makeCaller} needs to know of a cloud and an account. */
export interface CallerConfig {
  readonly provider: string
  /** https, or http on this machine; a path in it precedes every endpoint's. */
  readonly baseUrl: string
  /** The headers of every call, the key among them; asked for once per call. Wrapped values count as secrets. */
  readonly headers: () => Readonly<Record<string, Secret>>
  /** What must not appear in any error. */
  readonly secrets: ReadonlyArray<Secret>
  /**
   * The cloud's own error codes. Asked about every answer, 2xx included; null means that there is nothing special:
   * the status decides.
   */
  readonly classify: (answer: Answer) => GpuError | null
  /** The platform's own when absent. */
  readonly transport?: Transport
}

/** One account's way to a cloud. */
export interface Caller {
  readonly provider: string
  /**
   * Calls an endpoint: checks the input, waits for the route's turn, sends, classifies, decodes, and repeats where
   * the endpoint allows it.
   *
   * - `InvalidRequest` with the path of each wrong value, before anything is sent.
   * - Every error carries provider, operation, kind, the request without query values, and the request id; no secrets.
   */
  readonly call: <E extends Endpoint>(endpoint: E, ...args: CallArgs<E>) => Effect.Effect<AnswerOf<E>, GpuError>
  readonly pollText: PollText
  /** Decodes a list row by row: each unreadable part is a problem; only an answer that is not a list fails (`BadResponse`). */
  readonly rows: <A>(
    schema: z.ZodType<A>,
    raw: unknown,
    at: { readonly part: string; readonly operation: string; readonly kind?: Kind; readonly id?: string }
  ) => Effect.Effect<Rows<A>, BadResponse>
}

const requestIdHeaders = ["x-request-id", "request-id", "x-correlation-id", "x-amzn-requestid", "cf-ray"]

/** How long a request may take that says nothing else. */
const usualTimeout = Duration.seconds(30)

const tooLate = (operation: string): RateLimited =>
  new RateLimited({
    message: `${operation} waited so long for its turn that it was not sent: too many are under way; try again later`,
    retry: "exhausted",
    ownLimit: true
  })

/** What all calls of an endpoint have in common. */
interface Route {
  readonly name: string
  readonly timeout: Duration.Duration
  readonly observed: ReturnType<typeof observeAttempt>
}

/**
 * Reports to the watch how each attempt ended.
 *
 * - A repetition whose turn is not waited for says nothing new: what failed before it is the error.
 */
const watched = <A>(attempt: Effect.Effect<A, GpuError>, watch: AnswerWatch): Effect.Effect<A, GpuError> => {
  let before: GpuError | null = null
  return Effect.matchEffect(attempt, {
    onFailure: (error) => {
      const isUnsent = error._tag === "RateLimited" && error.http?.status === undefined
      const because: GpuError = isUnsent && before ? withContext(before, { retry: "exhausted" }) : error
      before = because
      watch.ended(because)
      return Effect.fail(because)
    },
    onSuccess: (answer) => {
      watch.ended(null)
      return Effect.succeed(answer)
    }
  })
}

/** The words of a text that has no more of them are looked for in every way, as a password in a login. */
const fewWords = 16

/**
 * Makes the way to a cloud for one account. Limits are counted per caller.
 *
 * - Throws `InvalidRequest` for an invalid `baseUrl`, or one that would show the key to others.
 */
export const makeCaller = (config: CallerConfig): Caller => {
  const { provider, classify, transport = defaultTransport() } = config
  const base = parseBaseUrl(config.baseUrl)
  const root = base.href.replace(/\/$/, "")
  const limiter = makeLimiter(provider)

  const understand = <A>(endpoint: Endpoint<string, unknown, unknown, A>, answer: Answer, redactor: Redactor) => {
    try {
      const error = errorOfAnswer(answer, classify, redactor)
      return error === null ? decode(endpoint.answer, answer, redactor.text) : Result.fail(error)
    } catch (cause) {
      const message = `${endpoint.operation}: the cloud's answer could not be understood; look for a newer anygpu`
      return Result.fail(new BadResponse({ message, retry: "permanent", path: "", cause }))
    }
  }

  const routes = new WeakMap<Endpoint, Route>()

  const routeOf = (endpoint: Endpoint): Route => {
    const known = routes.get(endpoint)
    if (known) return known
    const { operation, method, path, timeout } = endpoint
    const route: Route = {
      name: `${method} ${path}`,
      timeout: timeout === undefined ? usualTimeout : Duration.fromInputUnsafe(timeout),
      observed: observeAttempt({ provider, operation, method, path })
    }
    routes.set(endpoint, route)
    return route
  }

  /** Lets a route rest as long as the cloud says, whatever the error; a rate limit says so to the caller as well. */
  const rest = Effect.fnUntraced(function* (error: GpuError, answer: Answer, route: Route, limit: Limit | undefined) {
    const limited = error._tag === "RateLimited" ? error : undefined
    const hint = backoffHint(answer, limited && limit, yield* Clock.currentTimeMillis)
    const waits = [limited?.retryAfter, hint.wait].filter((wait) => wait !== undefined)
    const retryAfter = waits.length > 0 ? heeded(waits.reduce(Duration.max), "normal") : undefined
    if (limited) yield* limiter.refused(queueOf(route.name, limit), retryAfter ?? restUnlessTold, hint.interval)
    else if (retryAfter) yield* limiter.refused(queueOf(route.name, limit), retryAfter)
    return limited ? new RateLimited({ ...limited, message: limited.message, retryAfter }) : error
  })

  const begin = <A>(
    endpoint: Endpoint<string, unknown, unknown, A>,
    input: LooseInput & { readonly headers?: Readonly<Record<string, string>>; readonly kind?: Kind }
  ): Effect.Effect<A, GpuError> => {
    const account = config.headers()
    // Taken out of the body at once, as it may be changed by the time that they are looked for.
    const { keys, texts } = sensitiveIn(input.body, endpoint)
    const all = {
      *[Symbol.iterator]() {
        yield* [...config.secrets, ...credentialsIn(account), ...keys]
      }
    }
    const others = {
      *[Symbol.iterator]() {
        yield* texts
        for (const words of texts.map(wordsIn)) if (words.length <= fewWords) yield* words
      }
    }
    const redactor = makeRedactor(all, { texts: others, words: () => texts.flatMap(wordsIn) })
    const idempotency = endpoint.idempotencyHeader ? { [endpoint.idempotencyHeader]: crypto.randomUUID() } : {}
    const { operation, method, limit } = endpoint
    const inform = (error: GpuError, fields: Partial<ErrorFields>) =>
      redactor.error(withContext(error, { provider, operation, kind: input.kind, ...fields }))
    const prepared = prepare(endpoint, input)
    if (Result.isFailure(prepared)) return Effect.fail(inform(prepared.failure, {}))
    const { path, shownPath, search, body } = prepared.success
    const headers = headersOf([idempotency, account, input.headers ?? {}], body !== undefined)
    if (Result.isFailure(headers)) return Effect.fail(inform(headers.failure, {}))
    const http = { method, url: root + shownPath }
    const route = routeOf(endpoint)
    const wire: WireRequest = {
      method,
      url: root + path + search,
      headers: headers.success,
      timeout: route.timeout,
      ...(body === undefined ? {} : { body })
    }

    const send = Effect.withFiber<WireResponse, RateLimited | Network | Timeout>((fiber) => {
      const until = momentOn(fiber.getRef(Clock.Clock)).monotonic + Duration.toMillis(route.timeout)
      if (until > (fiber.getRef(CurrentDeadline) ?? Number.POSITIVE_INFINITY)) return Effect.fail(tooLate(operation))
      const answered = fiber.getRef(CurrentAnswerWatch)?.begin("exchange")
      return answered ? Effect.ensuring(transport(wire), Effect.sync(answered)) : transport(wire)
    })
    const refused = (error: GpuError, answer: Answer) =>
      Effect.flatMap(rest(error, answer, route, limit), (rested) => {
        const header = requestIdHeaders.find((name) => answer.headers[name])
        const requestId = rested.requestId ?? (header && answer.headers[header])
        return Effect.fail(inform(rested, { http: { ...http, status: answer.status }, requestId }))
      })
    // What never left is no call for the cloud: a network that is dead does not look like a limit at the next one.
    const inTurn = Effect.flatMap(limiter.turn(route.name, limit), (giveBack) =>
      Effect.tapError(send, (error) => (mayHaveTakenEffect(error) ? Effect.void : Effect.sync(giveBack)))
    )
    const attempt = Effect.matchEffect(inTurn, {
      onFailure: (error) => Effect.fail(inform(error, { http })),
      onSuccess: (response) => {
        const answer = readAnswer(operation, response)
        const understood = understand(endpoint, answer, redactor)
        return Result.isSuccess(understood) ? Effect.succeed(understood.success) : refused(understood.failure, answer)
      }
    })

    let sent = 0
    const next = Effect.suspend(() => route.observed(attempt, { attempt: ++sent }))
    return Effect.flatMap(CurrentAnswerWatch, (watch) => withRetry(watch ? watched(next, watch) : next, endpoint))
  }

  const own = makeRedactor(config.secrets)
  return {
    provider,
    call: (endpoint, ...[input]) =>
      Effect.suspend(() => begin(endpoint, (input ?? {}) as LooseInput)) as Effect.Effect<
        AnswerOf<typeof endpoint>,
        GpuError
      >,
    pollText: makePollText({ provider, base, transport, secrets: config.secrets }),
    rows: (schema, raw, { part, operation, kind, id }) =>
      Effect.fromResult(
        decodeRows(schema, raw, { provider, operation, part, kind, id }, (error) =>
          own.error(withContext(error, { provider, operation, kind }))
        )
      )
  }
}
