import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import { type Network, Timeout } from "../errors.ts"
import { hostOf, networkError } from "./network-error.ts"
import { type AnswerListener, openReader } from "./open-answer.ts"
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

/** Begins a request. Whoever listens hears of the answer while it comes, and of the whole of it by the response. */
export type Begin = (request: WireRequest, listener?: AnswerListener) => Exchange

/** Begins an exchange that is aborted by a signal. */
export const bySignal =
  (exchange: (request: WireRequest, signal: AbortSignal, listener?: AnswerListener) => Promise<WireResponse>): Begin =>
  (request, listener) => {
    const controller = new AbortController()
    return { response: exchange(request, controller.signal, listener), abort: () => controller.abort() }
  }

/**
 * A transport over exchanges as they are begun: failures become `Network` by what their codes prove, and the time limit
 * runs on Effect's Clock.
 */
export const transportOver =
  (begin: Begin): Transport =>
  (request) =>
    Effect.withFiber((caller) =>
      Effect.callback<WireResponse, Network | Timeout>((resume) => {
        let exchange: Exchange | undefined
        const reader =
          request.open &&
          openReader(
            request.open,
            (duration, run) => after(duration, caller, run),
            (response) => {
              resume(Effect.succeed(response))
              exchange?.abort()
            }
          )
        const stopTimeout = after(request.timeout, caller, () => {
          exchange?.abort()
          resume(Effect.fail(timedOut(request)))
        })
        const stop = () => {
          stopTimeout()
          reader?.stop()
        }
        const failed = (cause: unknown) => {
          stop()
          resume(Effect.suspend(() => Effect.fail(networkError(request.url, cause))))
        }
        const listener = reader && {
          ...reader,
          head: (...head: Parameters<AnswerListener["head"]>) => {
            stopTimeout()
            reader.head(...head)
          }
        }
        try {
          exchange = begin(request, listener)
        } catch (cause) {
          return failed(cause)
        }
        exchange.response.then((response) => {
          stop()
          resume(Effect.succeed(response))
        }, failed)
        return Effect.sync(() => {
          stop()
          exchange?.abort()
        })
      })
    )
