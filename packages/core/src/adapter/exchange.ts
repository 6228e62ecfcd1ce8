import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import { type Network, Timeout } from "../errors.ts"
import { hostOf, networkError } from "./network-error.ts"
import type { Transport, WireRequest, WireResponse } from "./transport.ts"

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
