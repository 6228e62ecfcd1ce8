import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { CurrentPriority } from "../context/priority.ts"
import { momentOn } from "../elapsed.ts"
import { type GpuError, mayHaveTakenEffect, withContext } from "../errors.ts"
import type { Endpoint } from "./endpoint.ts"
import { heeded } from "./limit.ts"

/** Attempts after the first. */
const repeats = 4

/**
 * Attempts after the first where the cloud says that it is asked too often: several processes of one account share its
 * limit, and each call that it refuses for that was not processed.
 */
const repeatsOfRate = 10

/** No attempt starts later than this after the first one failed. */
const budget = Duration.minutes(2)

type Repeatable = Pick<Endpoint, "repeat" | "method">

/**
 * Whether the policy sends a request again after this error, attempts permitting.
 *
 * - `safe`: after lost connections, timeouts, rate limits and faults of the cloud that may pass.
 * - `refused-only`: only when the cloud refused it unprocessed or cannot have seen it.
 * - An unreadable answer is asked for a second time only by a GET.
 * - Nothing that says `retry: "permanent"` or "exhausted" is tried again.
 */
const mayRepeat = (endpoint: Repeatable, error: GpuError): boolean => {
  if (endpoint.repeat === "never" || error.retry !== "temporary") return false
  switch (error._tag) {
    case "RateLimited":
      return true
    case "Network":
      return endpoint.repeat === "safe" || error.sent === "no"
    case "Timeout":
    case "ProviderFault":
      return endpoint.repeat === "safe"
    case "BadResponse":
      return endpoint.repeat === "safe" && endpoint.method === "GET"
    default:
      return false
  }
}

const waitOf = (error: GpuError, urgency: "normal" | "urgent"): Duration.Duration =>
  error._tag === "RateLimited" && error.retryAfter ? heeded(error.retryAfter, urgency) : Duration.zero

const scheduleOf = (endpoint: Repeatable, retryAfter: (error: GpuError) => Duration.Duration, elapsed: () => number) =>
  Schedule.min([Schedule.exponential("500 millis"), Schedule.spaced("10 seconds")]).pipe(
    Schedule.jittered,
    Schedule.setInputType<GpuError>(),
    Schedule.while(
      ({ input, attempt }) =>
        mayRepeat(endpoint, input) &&
        attempt <= (input._tag === "RateLimited" ? repeatsOfRate : repeats) &&
        (input._tag !== "BadResponse" || attempt === 1) &&
        elapsed() + Duration.toMillis(retryAfter(input)) <= Duration.toMillis(budget)
    ),
    Schedule.modifyDelay(({ input, duration }) => Effect.succeed(Duration.sum(retryAfter(input), duration)))
  )

/**
 * The one retry policy: exponential backoff from half a second, capped and jittered, at most four more attempts
 * within two minutes, and ten where the cloud says that it is asked too often.
 *
 * - The wait a cloud asks for comes first and the backoff on top of it: jitter never shortens it.
 * - A wait that would not fit into the two minutes is not begun; an urgent call takes one as not asked for.
 * - The last error says `retry: "exhausted"`, and `unclear` when an attempt of a write before it may have taken effect.
 */
export const withRetry = <A, R>(
  attempt: Effect.Effect<A, GpuError, R>,
  endpoint: Repeatable
): Effect.Effect<A, GpuError, R> =>
  // Everything below is made only for calls that fail.
  Effect.catch(attempt, (first) =>
    Effect.withFiber((fiber) => {
      const clock = fiber.getRef(Clock.Clock)
      const urgency = fiber.getRef(CurrentPriority)
      const from = momentOn(clock).monotonic
      let unclear = false
      let failed: GpuError | undefined = first
      const next = Effect.suspend(() => {
        if (failed === undefined) return attempt
        const error = failed
        failed = undefined
        return Effect.fail(error)
      })
      const watched = Effect.tapError(next, (error) =>
        Effect.sync(() => {
          unclear ||= endpoint.method !== "GET" && mayHaveTakenEffect(error)
        })
      )
      return watched.pipe(
        Effect.retry(
          scheduleOf(
            endpoint,
            (error) => waitOf(error, urgency),
            () => momentOn(clock).monotonic - from
          )
        ),
        Effect.mapError((error) =>
          withContext(error, {
            ...(mayRepeat(endpoint, error) && { retry: "exhausted" }),
            ...(unclear && !mayHaveTakenEffect(error) && { unclear })
          })
        )
      )
    })
  )
