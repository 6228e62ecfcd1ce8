import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import { Network, Timeout } from "../errors.ts"
import type { Transport, WireRequest, WireResponse } from "./transport.ts"

/** Failures of the certificate check and of a TLS handshake with something that does not speak TLS. */
const certificate =
  /^(CERT_|ERR_TLS_CERT|SELF_SIGNED|DEPTH_ZERO_SELF_SIGNED|UNABLE_TO_(VERIFY|GET)_|HOSTNAME_MISMATCH|ERR_SSL_WRONG_VERSION)/

/** Requests that undici, fetch or the URL parser refused to build. */
const malformed = new Set(["ERR_INVALID_URL", "UND_ERR_INVALID_ARG", "UND_ERR_NOT_SUPPORTED", "ERR_INVALID_ARG_TYPE"])

const unreached = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"])

type Failure = "malformed" | "certificate" | "unreached" | "lost"

const failureOf = (cause: unknown): Failure => {
  if (!(cause instanceof Error)) return "lost"
  if (cause instanceof AggregateError && cause.errors.length > 0) {
    const failures = cause.errors.map(failureOf)
    return failures.find((failure) => failure === "lost") ?? failures[0] ?? "lost"
  }
  const code = "code" in cause && typeof cause.code === "string" ? cause.code : undefined
  const connecting = "syscall" in cause && (cause.syscall === "connect" || cause.syscall === "getaddrinfo")
  if (code !== undefined && malformed.has(code)) return "malformed"
  if (code !== undefined && certificate.test(code)) return "certificate"
  if (connecting || (code !== undefined && unreached.has(code))) return "unreached"
  return cause.cause === undefined ? "lost" : failureOf(cause.cause)
}

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : "the given URL")

const networkError = (url: string, cause: unknown): Network => {
  const failure = failureOf(cause)
  const host = hostOf(url)
  const messages: Record<Failure, string> = {
    malformed: `The request to ${host} could not be built: check baseUrl and the headers`,
    certificate: `${host} did not prove its identity (TLS): check baseUrl and the network's proxy`,
    unreached: `${host} could not be reached: check baseUrl and the network`,
    lost: `The connection to ${host} was lost before the whole answer came: check the network`
  }
  return new Network({
    message: messages[failure],
    retry: failure === "malformed" || failure === "certificate" ? "permanent" : "temporary",
    sent: failure === "lost" ? "maybe" : "no",
    cause
  })
}

const timedOut = ({ url, timeout }: WireRequest): Timeout =>
  new Timeout({
    message: `${hostOf(url)} did not answer within ${Duration.format(timeout)}`,
    retry: "temporary",
    after: timeout
  })

/** The clock that is in force where nobody set another one. */
const realClock = Context.get(Context.empty(), Clock.Clock)

/** The longest that a timer can wait. */
const longestTimer = 2 ** 31 - 1

/**
 * Calls back after a time on the caller's clock, unless it is stopped before; answers what stops it.
 *
 * - On the real clock by a timer, which is what sleeping on it is, without a fiber for it.
 */
const after = (duration: Duration.Duration, caller: Fiber.Fiber<unknown, unknown>, run: () => void): (() => void) => {
  const millis = Duration.toMillis(duration)
  if (caller.getRef(Clock.Clock) === realClock && millis > 0 && millis <= longestTimer) {
    const timer = setTimeout(run, millis)
    return () => clearTimeout(timer)
  }
  const sleeper = Effect.runForkWith(caller.context)(Effect.sleep(duration))
  sleeper.addObserver((exit) => {
    if (exit._tag === "Success") run()
  })
  return () => sleeper.interruptUnsafe()
}

/** One request under way. */
export interface Exchange {
  readonly response: Promise<WireResponse>
  /** Ends it as soon as possible; what becomes of the response then does not matter. */
  readonly abort: () => void
}

/** Begins an exchange that is aborted by a signal. */
export const bySignal =
  (exchange: (request: WireRequest, signal: AbortSignal) => Promise<WireResponse>) =>
  (request: WireRequest): Exchange => {
    const controller = new AbortController()
    return { response: exchange(request, controller.signal), abort: () => controller.abort() }
  }

/**
 * A transport over exchanges as they are begun: failures become `Network` by what their codes prove, and the time limit
 * runs on Effect's Clock.
 */
export const transportOver =
  (begin: (request: WireRequest) => Exchange): Transport =>
  (request) =>
    Effect.withFiber((caller) =>
      Effect.callback<WireResponse, Network | Timeout>((resume) => {
        const failed = (cause: unknown) => resume(Effect.suspend(() => Effect.fail(networkError(request.url, cause))))
        let exchange: Exchange
        try {
          exchange = begin(request)
        } catch (cause) {
          return failed(cause)
        }
        const stop = after(request.timeout, caller, () => {
          exchange.abort()
          resume(Effect.fail(timedOut(request)))
        })
        exchange.response.then(
          (response) => {
            stop()
            resume(Effect.succeed(response))
          },
          (cause: unknown) => {
            stop()
            failed(cause)
          }
        )
        return Effect.sync(() => {
          stop()
          exchange.abort()
        })
      })
    )
