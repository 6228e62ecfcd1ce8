import {
  BadResponse,
  Conflict,
  type GpuError,
  InvalidRequest,
  Network,
  NoCapacity,
  NotFound,
  OutOfFunds,
  PermissionDenied,
  ProviderFault,
  RateLimited,
  Timeout,
  Unauthenticated,
  Unsupported
} from "@anygpu/core"
import { makeRedactor, wordsOf } from "@anygpu/core/adapter"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type { Incoming } from "./cloud.ts"
import { type Reply, Reset } from "./faults.ts"

/** Sends a request to the reference cloud and answers its JSON. */
export type Api = (method: string, path: string, body?: unknown) => Effect.Effect<unknown, GpuError>

const limit = Duration.seconds(30)

const jsonIn = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What a status means; that something does not exist only the cloud's own word says. */
const errorOf = (status: number, text = ""): GpuError => {
  const said = wordsOf({ json: jsonIn(text), text, headers: {} })
  const message = `the reference cloud answered ${status}${said && ` (${said})`}`
  const permanent = { message, retry: "permanent" as const }
  const temporary = { message: `${message}; try again later`, retry: "temporary" as const }
  if (status === 400) return new InvalidRequest({ ...permanent, issues: [{ path: "", problem: said }] })
  if (status === 401) return new Unauthenticated(permanent)
  if (status === 402) return new OutOfFunds(permanent)
  if (status === 403) return new PermissionDenied(permanent)
  if (status === 404 && text === '{"error":"not_found"}') return new NotFound(permanent)
  if (status === 404) return new BadResponse({ ...temporary, path: "" })
  if (status === 409) return new Conflict(temporary)
  if (status === 410 && text === '{"error":"gone"}') return new NoCapacity(permanent)
  if (status === 410 || status === 405) return new Unsupported({ ...permanent, feature: "this route" })
  return status === 429 ? new RateLimited(temporary) : new ProviderFault(temporary)
}

/** A success that says what went wrong is a failure. */
const holdsError = (answer: unknown): boolean => {
  const { error, errors, success } = Object(answer) as { error?: unknown; errors?: unknown; success?: unknown }
  return Boolean(error) || (Array.isArray(errors) && errors.length > 0) || success === false
}

const read = ({ status, text }: Reply): Effect.Effect<unknown, GpuError> =>
  // A part that nobody asked for is no answer either.
  status >= 300 || status === 206
    ? Effect.fail(errorOf(status, text))
    : Effect.try({
        try: (): unknown => JSON.parse(text),
        catch: () => new BadResponse({ message: "the reference cloud answered no JSON", retry: "temporary", path: "" })
      }).pipe(
        Effect.filterOrFail(
          (answer) => !holdsError(answer),
          () => errorOf(500)
        )
      )

/** The one way to the reference cloud: timeouts, errors, and repeated reads. */
export const makeApi =
  (carry: (request: Incoming) => Promise<Reply>, key: string): Api =>
  (method, path, body) => {
    const texts = Object.values(Object(Object(body).env)).map(String)
    const redactor = makeRedactor([], { texts, words: () => texts.flatMap((text) => text.split(/\s+/)) })
    const once = Effect.tryPromise({
      try: (signal) => carry({ method, path, key, signal, ...(body === undefined ? {} : { body }) }),
      catch: (cause) =>
        new Network({
          message: "the connection to the reference cloud broke",
          retry: "temporary",
          sent: cause instanceof Reset && !cause.sent ? "no" : "maybe"
        })
    }).pipe(
      Effect.timeoutOrElse({
        duration: limit,
        orElse: () =>
          Effect.fail(new Timeout({ message: "the reference cloud is silent", retry: "temporary", after: limit }))
      }),
      Effect.flatMap(read),
      Effect.mapError(redactor.error)
    )
    const repeat = Schedule.spaced("1 second").pipe(
      Schedule.upTo({ times: 4 }),
      Schedule.setInputType<GpuError>(),
      Schedule.while(({ input }) => input.retry === "temporary")
    )
    return method === "GET" ? once.pipe(Effect.retry(repeat)) : once
  }
