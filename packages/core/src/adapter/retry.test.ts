import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { TestClock } from "effect/testing"
import { expect, test } from "vitest"
import {
  BadResponse,
  type GpuError,
  InvalidRequest,
  Network,
  ProviderFault,
  RateLimited,
  Timeout,
  Unauthenticated
} from "../errors.ts"
import type { Endpoint } from "./endpoint.ts"
import { withRetry } from "./retry.ts"

const temporary = { message: "x", retry: "temporary" } as const
const refused = new Network({ ...temporary, sent: "no" })
const lost = new Network({ ...temporary, sent: "maybe" })
const limited = new RateLimited(temporary)
const timeout = new Timeout({ ...temporary, after: Duration.seconds(30) })
const fault = new ProviderFault(temporary)
const unreadable = new BadResponse({ ...temporary, path: "" })

/** Runs attempts that always fail; answers when each began and the error that was left. */
const attempts = (endpoint: Pick<Endpoint, "repeat" | "method">, error: GpuError) =>
  Effect.gen(function* () {
    const times: Array<number> = []
    const attempt = Effect.flatMap(Clock.currentTimeMillis, (at) => {
      times.push(at)
      return Effect.fail(error)
    })
    const fiber = yield* Effect.forkChild(Effect.flip(withRetry(attempt, endpoint)))
    yield* TestClock.adjust("1 hour")
    return { times, error: yield* Fiber.join(fiber) }
  }).pipe(Effect.provide(TestClock.layer()), Effect.runPromise)

test.each<[Endpoint["repeat"], Endpoint["method"], GpuError, number]>([
  ["safe", "GET", refused, 5],
  ["safe", "GET", lost, 5],
  ["safe", "DELETE", timeout, 5],
  ["safe", "GET", fault, 5],
  ["safe", "GET", limited, 11],
  ["safe", "GET", unreadable, 2],
  ["safe", "PUT", unreadable, 1],
  ["refused-only", "PUT", refused, 5],
  ["refused-only", "PUT", limited, 11],
  ["refused-only", "PUT", lost, 1],
  ["refused-only", "PUT", timeout, 1],
  ["refused-only", "PUT", fault, 1],
  ["refused-only", "PUT", unreadable, 1],
  ["never", "PUT", refused, 1],
  ["never", "PUT", limited, 1],
  ["safe", "GET", new Unauthenticated({ message: "x", retry: "permanent" }), 1],
  ["safe", "GET", InvalidRequest.of("x", "y"), 1],
  ["safe", "GET", new ProviderFault({ message: "x", retry: "permanent" }), 1],
  ["safe", "GET", new Network({ message: "x", retry: "permanent", sent: "no" }), 1]
])("%s %s after %o is tried %i times", async (repeat, method, error, times) => {
  const outcome = await attempts({ repeat, method }, error)
  expect(outcome.times).toHaveLength(times)
  expect(outcome.error.retry).toBe(times > 1 ? "exhausted" : error.retry)
})

test("the backoff grows and stays within a fifth of its step", async () => {
  const { times } = await attempts({ repeat: "safe", method: "GET" }, fault)
  const pauses = times.slice(1).map((at, index) => at - (times[index] ?? 0))
  for (const [index, step] of [500, 1000, 2000, 4000].entries()) {
    expect(pauses[index]).toBeGreaterThanOrEqual(step * 0.8 - 1)
    expect(pauses[index]).toBeLessThanOrEqual(step * 1.2 + 1)
  }
})

test("jitter never shortens the wait the cloud asks for", async () => {
  const { times } = await attempts(
    { repeat: "refused-only", method: "PUT" },
    new RateLimited({ ...temporary, retryAfter: Duration.seconds(12) })
  )
  expect(times.length).toBeGreaterThanOrEqual(7)
  for (const [index, at] of times.slice(1).entries()) expect(at - (times[index] ?? 0)).toBeGreaterThanOrEqual(12_000)
})

test("a wait that does not fit into the budget is not begun", async () => {
  const { times, error } = await attempts(
    { repeat: "safe", method: "GET" },
    new RateLimited({ ...temporary, retryAfter: Duration.minutes(10) })
  )
  expect(times).toEqual([0])
  expect(error).toMatchObject({ retry: "exhausted", retryAfter: Duration.minutes(10) })
})
