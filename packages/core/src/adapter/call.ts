import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
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
import { type Answer, readAnswer } from "./answer.ts"
import { errorOfAnswer } from "./answer-error.ts"
import { type AnswerWatch, CurrentAnswerWatch } from "./answer-time.ts"
import { backoffHint } from "./backoff-hint.ts"
import { type CallInput, type CallRequest, redactorFor, requestOf, secretsIn } from "./call-request.ts"
import type { CallerConfig } from "./caller-config.ts"
import { decode } from "./decode.ts"
import type { Endpoint } from "./endpoint.ts"
import { eachOf, heeded, type Limit, queueOf, restUnlessTold } from "./limit.ts"
import type { Limiter } from "./limiter.ts"
import type { Redactor } from "./redact/redact.ts"
import { withRetry } from "./retry.ts"
import type { Route } from "./route.ts"
import { redactingTokens, type Tokens } from "./tokens.ts"
import type { Transport, WireRequest, WireResponse } from "./transport.ts"

type AnyEndpoint<A> = Endpoint<string, unknown, unknown, A>

/** What all calls of one account share. */
export interface Account extends CallerConfig {
  /** The base address without a slash at its end. */
  readonly root: string
  readonly transport: Transport
  readonly limiter: Limiter
  readonly routeOf: (endpoint: Endpoint) => Route
  /** Where the cloud gives tokens that expire; what is `open` is called without. */
  readonly tokens?: Tokens
}

/** What all attempts of one call share. */
interface Call<A> extends CallRequest {
  readonly account: Account
  readonly endpoint: AnyEndpoint<A>
  readonly route: Route
  readonly redactor: Redactor
  /** Adds to an error which call it is of, without secrets. */
  readonly inform: (error: GpuError, fields: Partial<ErrorFields>) => GpuError
}

const requestIdHeaders = ["x-request-id", "request-id", "x-correlation-id", "x-amzn-requestid", "cf-ray"]

const tooLate = (operation: string): RateLimited =>
  new RateLimited({
    message: `${operation} waited so long for its turn that it was not sent: too many are under way; try again later`,
    retry: "exhausted",
    ownLimit: true
  })

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

/** What an answer means: a value, or the error that the cloud says or its status is. */
const understand = <A>({ account, endpoint, redactor }: Call<A>, answer: Answer): Result.Result<A, GpuError> => {
  try {
    const error = errorOfAnswer(answer, account.classify, redactor)
    return error === null ? decode(endpoint, answer, redactor.text) : Result.fail(error)
  } catch (cause) {
    const message = `${endpoint.operation}: the cloud's answer could not be understood; look for a newer anygpu`
    return Result.fail(new BadResponse({ message, retry: "permanent", path: "", cause }))
  }
}

/** Lets a route rest as long as the cloud says, whatever the error; a rate limit says so to the caller as well. */
const rest = Effect.fnUntraced(function* (
  limiter: Limiter,
  queue: string,
  limit: Limit | undefined,
  error: GpuError,
  answer: Answer
) {
  const limited = error._tag === "RateLimited" ? error : undefined
  const hint = backoffHint(answer, limited && limit, yield* Clock.currentTimeMillis)
  const waits = [limited?.retryAfter, hint.wait].filter((wait) => wait !== undefined)
  const retryAfter = waits.length > 0 ? heeded(waits.reduce(Duration.max), "normal") : undefined
  if (limited) yield* limiter.refused(queue, retryAfter ?? restUnlessTold, hint.interval)
  else if (retryAfter) yield* limiter.refused(queue, retryAfter)
  return limited ? new RateLimited({ ...limited, message: limited.message, retryAfter }) : error
})

/** The error of an answer that is one, after its route was set to rest. */
const refused = <A>({ account, endpoint, route, http, inform }: Call<A>, error: GpuError, answer: Answer) =>
  Effect.flatMap(
    Effect.reduce(
      eachOf(endpoint.limit),
      () => error,
      (rested, limit) => rest(account.limiter, queueOf(route.name, limit), limit, rested, answer)
    ),
    (rested) => {
      const header = requestIdHeaders.find((name) => answer.headers[name])
      const requestId = rested.requestId ?? (header && answer.headers[header])
      return Effect.fail(inform(rested, { http: { ...http, status: answer.status }, requestId }))
    }
  )

/** Sends a request, unless its answer would come after its caller's deadline. */
const send = (transport: Transport, operation: string, wire: WireRequest) =>
  Effect.withFiber<WireResponse, RateLimited | Network | Timeout>((fiber) => {
    const longest = Duration.toMillis(wire.timeout) + (wire.open ? Duration.toMillis(wire.open.within) : 0)
    const until = momentOn(fiber.getRef(Clock.Clock)).monotonic + longest
    if (until > (fiber.getRef(CurrentDeadline) ?? Number.POSITIVE_INFINITY)) return Effect.fail(tooLate(operation))
    const answered = fiber.getRef(CurrentAnswerWatch)?.begin("exchange")
    return answered ? Effect.ensuring(transport(wire), Effect.sync(answered)) : transport(wire)
  })

/** Waits for the route's turn, sends once, and reads the answer. */
const attemptOf = <A>(one: Call<A>): Effect.Effect<A, GpuError> => {
  const { account, endpoint, route, wire, http, inform } = one
  const { operation, limit } = endpoint
  // What never left is no call for the cloud: a network that is dead does not look like a limit at the next one.
  const inTurn = Effect.flatMap(account.limiter.turn(route.name, limit), (giveBack) =>
    Effect.tapError(send(account.transport, operation, wire), (error) =>
      mayHaveTakenEffect(error) ? Effect.void : Effect.sync(giveBack)
    )
  )
  return Effect.matchEffect(inTurn, {
    onFailure: (error) => Effect.fail(inform(error, { http })),
    onSuccess: (response) => {
      const answer = readAnswer(endpoint, response)
      const understood = understand(one, answer)
      return Result.isSuccess(understood)
        ? Effect.succeed(understood.success)
        : refused(one, understood.failure, answer)
    }
  })
}

/** Whether the cloud refused the token of a call, which it did before anything else: by its status, and not in a success. */
const isTokenRefused = (error: GpuError): boolean => error._tag === "Unauthenticated" && error.http?.status === 401

/**
 * An attempt under the token of now. One that is refused, such as one that expired on the way, is replaced, and the request
 * sent once more: a 401 did nothing, so that this holds for whatever may be sent again at all.
 */
const underToken = <A>(
  { current, refuse, headers }: Tokens,
  { repeat }: Endpoint,
  attempt: (headers: Readonly<Record<string, string>>) => Effect.Effect<A, GpuError>
): Effect.Effect<A, GpuError> =>
  Effect.flatMap(current, (token) =>
    Effect.catch(attempt(headers(token)), (error) => {
      if (!isTokenRefused(error)) return Effect.fail(error)
      refuse(token)
      return repeat === "never" ? Effect.fail(error) : Effect.flatMap(current, (renewed) => attempt(headers(renewed)))
    })
  )

/** Calls an endpoint; see `Caller.call`. */
export const call = <A>(account: Account, endpoint: AnyEndpoint<A>, input: CallInput): Effect.Effect<A, GpuError> => {
  const { provider, root } = account
  const { operation } = endpoint
  const headers = account.headers()
  const tokens = endpoint.open ? undefined : account.tokens
  const hidden = secretsIn(endpoint, input, account.secrets, headers)
  const redactor = redactingTokens(account.tokens, (given) => redactorFor(hidden, given))
  const inform = (error: GpuError, fields: Partial<ErrorFields>) =>
    redactor.error(withContext(error, { provider, operation, kind: input.kind, ...fields }))
  const route = account.routeOf(endpoint)
  const request = requestOf(root, route, endpoint, input, headers)
  if (Result.isFailure(request)) return Effect.fail(inform(request.failure, {}))
  const { wire, http } = request.success
  let sent = 0
  const attempt = (more?: Readonly<Record<string, string>>) => {
    const carrying = more ? { ...wire, headers: { ...wire.headers, ...more } } : wire
    const one = attemptOf({ wire: carrying, http, account, endpoint, route, redactor, inform })
    return Effect.suspend(() => route.observed(one, { attempt: ++sent }))
  }
  const next = tokens ? Effect.mapError(underToken(tokens, endpoint, attempt), (error) => inform(error, {})) : attempt()
  return Effect.flatMap(CurrentAnswerWatch, (watch) => withRetry(watch ? watched(next, watch) : next, endpoint))
}
