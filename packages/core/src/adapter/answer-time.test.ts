import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { TestClock } from "effect/testing"
import { describe, expect, test } from "vitest"
import * as z from "zod"
import { type GpuError, Network } from "../errors.ts"
import { answeredWithin } from "./answer-time.ts"
import { makeCaller } from "./caller.ts"
import { coalesce } from "./coalesce.ts"
import { endpoint } from "./endpoint.ts"
import type { Limit } from "./limit.ts"
import type { WireResponse } from "./transport.ts"

const search = endpoint({
  operation: "offers",
  method: "GET",
  path: "/offers",
  answer: z.object({}),
  repeat: "safe",
  source: "test"
})

/** A cloud whose every answer takes so many milliseconds, or comes to `fails` after them. */
const cloudOf = (
  takes: (call: number) => number,
  fails?: Network | Partial<WireResponse>,
  limit: Limit = { calls: 2, perSeconds: 60 }
) => {
  let calls = 0
  const caller = makeCaller({
    provider: "vast",
    baseUrl: "https://cloud.test",
    headers: () => ({}),
    secrets: [],
    classify: () => null,
    transport: () =>
      Effect.suspend(() => {
        const answer: Effect.Effect<WireResponse, Network> =
          fails instanceof Network
            ? Effect.fail(fails)
            : Effect.succeed({ status: 200, headers: {}, text: "{}", ...fails })
        return Effect.delay(answer, takes(++calls))
      })
  })
  return { ask: caller.call({ ...search, limit }), calls: () => calls }
}

const within = <A>(ask: Effect.Effect<A, GpuError>, time: Duration.Input = "20 seconds") =>
  answeredWithin(ask, time, { provider: "vast", kind: "container", operation: "compare", what: "offers" })

/** How it ended, and after how many seconds. */
const timed = <A>(effect: Effect.Effect<A, GpuError>) =>
  Effect.gen(function* () {
    const began = yield* TestClock.testClockWith(({ monotonicTimeNanos }) => monotonicTimeNanos)
    const exit = yield* Effect.exit(effect)
    const ended = yield* TestClock.testClockWith(({ monotonicTimeNanos }) => monotonicTimeNanos)
    return { exit, error: Exit.isFailure(exit) ? yield* Effect.flip(exit) : null, seconds: Number(ended - began) / 1e9 }
  })

const run = <A, E>(effect: Effect.Effect<A, E>): Promise<A> =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(effect)
    yield* TestClock.adjust("1 hour")
    return yield* Fiber.join(fiber)
  }).pipe(Effect.provide(TestClock.layer()), Effect.runPromise)

describe("the time that a cloud may take", () => {
  test("runs while a request is with it, and is a Timeout of the cloud", async () => {
    const { error, seconds } = await run(timed(within(cloudOf(() => 25_000).ask)))
    expect(error).toMatchObject({ _tag: "Timeout", provider: "vast", kind: "container", operation: "compare" })
    expect(error?.message).toBe("vast did not answer within 20s: its container offers are missing")
    expect(seconds).toBe(20)
  })

  test("does not run while a call waits for its turn under this client's own limit", async () => {
    const { ask } = cloudOf(() => 15_000)
    const calls = Effect.all([ask, ask, ask])
    // The third call waits until 63 s: 15 + 15 + 33 of waiting + 15 is more than 20 and 40, and the cloud took 15 each.
    const { exit, seconds } = await run(timed(within(calls, "46 seconds")))
    expect(Exit.isSuccess(exit)).toBe(true)
    expect(seconds).toBeGreaterThan(75)
  })

  test("a turn that would come too late is not waited for: the limit, its owner and the next moment are said", async () => {
    const { ask, calls } = cloudOf(() => 100)
    const { error, seconds } = await run(Effect.andThen(Effect.all([ask, ask]), timed(within(ask))))
    expect(error).toMatchObject({ _tag: "RateLimited", ownLimit: true, provider: "vast", operation: "offers" })
    expect(error?.message).toBe(
      "GET /offers was not sent, because of this client's own rate limit of 2 calls a minute, as vast documents it: the next call is possible in 1m 1s"
    )
    expect(error).toMatchObject({ retryAfter: Duration.millis(60_300) })
    expect([seconds, calls()]).toEqual([0, 2])
  })

  test("a call far back in the queue learns when its own turn comes", async () => {
    const { ask } = cloudOf(() => 100)
    const waiting = Effect.all([ask, ask, ask, ask], { concurrency: "unbounded" })
    const both = Effect.all([waiting, Effect.delay(timed(within(ask)), "1 second")], { concurrency: "unbounded" })
    const [, { error }] = await run(both)
    expect(error?.message).toContain("the next call is possible in 2m")
  })

  test("what the cloud itself asked for is reported as the cloud's wish", async () => {
    const { ask } = cloudOf(() => 10, { status: 429, headers: { "retry-after": "90" } })
    const { error, seconds } = await run(timed(within(ask)))
    expect(error).toMatchObject({ _tag: "RateLimited" })
    expect(error).not.toHaveProperty("ownLimit", true)
    expect(seconds).toBe(20)
    const next = await run(Effect.andThen(Effect.exit(ask), timed(within(ask))))
    expect(next.error).toMatchObject({ _tag: "RateLimited" })
  })

  test("a network that is dead is that error however often it is asked, and takes no turn", async () => {
    const refused = new Network({ message: "no way there", retry: "temporary", sent: "no", reason: "unreachable" })
    const { ask, calls } = cloudOf(() => 10, refused)
    const asked = await run(Effect.all(Array.from({ length: 5 }, () => timed(within(ask)))))
    expect(asked.map(({ error }) => error?._tag)).toEqual(["Network", "Network", "Network", "Network", "Network"])
    expect(Math.max(...asked.map(({ seconds }) => seconds))).toBeLessThan(15)
    expect(calls()).toBe(25)
  })

  test("a request that may have left takes its turn", async () => {
    const lost = new Network({ message: "reset", retry: "temporary", sent: "maybe", reason: "reset" })
    const { ask } = cloudOf(() => 10, lost, { calls: 5, perSeconds: 60 })
    const { error } = await run(Effect.andThen(Effect.exit(ask), timed(within(ask))))
    expect(error).toMatchObject({ _tag: "RateLimited", ownLimit: true })
  })

  test("a failure that is being tried again when the time is over is the error", async () => {
    const refused = new Network({ message: "no way there", retry: "temporary", sent: "no", reason: "unreachable" })
    const { ask } = cloudOf(() => 9000, refused, { calls: 9, perSeconds: 60 })
    const { error, seconds } = await run(timed(within(ask)))
    expect(error).toMatchObject({ _tag: "Network", reason: "unreachable", retry: "exhausted", provider: "vast" })
    expect(error?.message).toBe("no way there; tried again for 20s: its container offers are missing")
    expect(seconds).toBe(20)
    const limited = await run(timed(within(cloudOf(() => 1000, refused).ask)))
    expect(limited.error).toMatchObject({ _tag: "Network", retry: "exhausted", message: "no way there" })
  })

  test("those who share a read share what it waits for", async () => {
    const { ask } = cloudOf(() => 5000)
    const list = coalesce(Effect.all([ask, ask, ask]))
    const late = Effect.delay(timed(within(list, "61 seconds")), "1 second")
    const [first, second] = await run(
      Effect.all([timed(within(list, "61 seconds")), late], { concurrency: "unbounded" })
    )
    expect([first, second].map(({ exit }) => exit._tag)).toEqual(["Success", "Success"])
    expect(first.seconds).toBeGreaterThan(61)
  })

  test("one of those who share a read gives up, and the others get it", async () => {
    const { ask } = cloudOf(() => 30_000)
    const list = coalesce(ask)
    const both = [timed(within(list, "10 seconds")), timed(within(list, "40 seconds"))]
    const [first, second] = await run(Effect.all(both, { concurrency: "unbounded" }))
    expect([first?.error?._tag, second?.exit._tag]).toEqual(["Timeout", "Success"])
  })
})
