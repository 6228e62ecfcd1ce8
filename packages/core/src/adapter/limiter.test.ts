import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { TestClock } from "effect/testing"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { CurrentPriority } from "../context/priority.ts"
import type { Limit } from "./limit.ts"
import { makeLimiter } from "./limiter.ts"

const run = <A, E>(effect: Effect.Effect<A, E>) => Effect.runPromise(Effect.provide(effect, TestClock.layer()))

const elapsed = Effect.map(
  TestClock.testClockWith((clock) => clock.monotonicTimeNanos),
  (nanos) => Number(nanos) / 1e6
)

interface Start {
  readonly id: number
  readonly at: number
}

/** One caller: when it comes, whether it is urgent, and after how long it gives up. */
interface Visitor {
  readonly arrives: number
  readonly urgent: boolean
  readonly givesUpAfter: number | null
}

const simulate = (limit: Limit, visitors: ReadonlyArray<Visitor>) =>
  Effect.gen(function* () {
    const limiter = makeLimiter()
    const starts: Array<Start> = []
    const fibers = yield* Effect.forEach(visitors, ({ arrives, urgent, givesUpAfter }, id) => {
      const visit = limiter
        .turn("GET /x", limit)
        .pipe(
          Effect.andThen(Effect.map(elapsed, (at) => void starts.push({ id, at }))),
          Effect.provideService(CurrentPriority, urgent ? "urgent" : "normal")
        )
      const patient = givesUpAfter === null ? visit : Effect.timeoutOption(visit, givesUpAfter)
      return Effect.forkChild(Effect.delay(patient, arrives))
    })
    yield* TestClock.adjust("2 hours")
    yield* Effect.forEach(fibers, Fiber.join)
    return starts
  })

const visitor = fc.record({
  arrives: fc.integer({ min: 0, max: 5000 }),
  urgent: fc.boolean(),
  givesUpAfter: fc.option(fc.integer({ min: 1, max: 8000 }), { freq: 3 })
})

test("never more starts in a window than the limit, nobody forgotten, nobody served twice", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({ calls: fc.integer({ min: 1, max: 4 }), perSeconds: fc.integer({ min: 1, max: 5 }) }),
      fc.array(visitor, { minLength: 1, maxLength: 12 }),
      async (limit, visitors) => {
        const starts = await run(simulate(limit, visitors))
        for (const { at } of starts) {
          const inWindow = starts.filter((other) => other.at >= at && other.at <= at + limit.perSeconds * 1000)
          expect(inWindow.length).toBeLessThanOrEqual(limit.calls)
        }
        const served = starts.map(({ id }) => id)
        expect(new Set(served).size).toBe(served.length)
        const patient = visitors.flatMap(({ givesUpAfter }, id) => (givesUpAfter === null ? [id] : []))
        expect(served).toEqual(expect.arrayContaining(patient))
      }
    ),
    { numRuns: 60 }
  )
})

test("urgent calls come before all that wait, in order of arrival within each class", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.boolean(), { minLength: 2, maxLength: 10 }), async (urgencies) => {
      const first: Visitor = { arrives: 0, urgent: false, givesUpAfter: null }
      const rest = urgencies.map((urgent, index): Visitor => ({ arrives: index + 1, urgent, givesUpAfter: null }))
      const starts = await run(simulate({ calls: 1, perSeconds: 60 }, [first, ...rest]))
      const ids = rest.map((_, index) => index + 1)
      const expected = [0, ...ids.filter((id) => urgencies[id - 1]), ...ids.filter((id) => !urgencies[id - 1])]
      expect(starts.map(({ id }) => id)).toEqual(expected)
    }),
    { numRuns: 40 }
  )
})

test("an interrupted first in the queue hands its place on, and its slot is not used up", async () => {
  const starts = await run(
    simulate({ calls: 1, perSeconds: 10 }, [
      { arrives: 0, urgent: false, givesUpAfter: null },
      { arrives: 1, urgent: false, givesUpAfter: 3000 },
      { arrives: 2, urgent: false, givesUpAfter: null }
    ])
  )
  expect(starts.map(({ id }) => id)).toEqual([0, 2])
  expect(starts[1]?.at).toBe(10_500)
})

test("a refusal holds the route back and raises the interval; other routes go on", async () => {
  await run(
    Effect.gen(function* () {
      const limiter = makeLimiter()
      yield* limiter.turn("PUT /asks")
      yield* limiter.refused("PUT /asks", Duration.seconds(12), Duration.seconds(4.5))
      const times: Array<number> = []
      const call = limiter.turn("PUT /asks").pipe(
        Effect.andThen(elapsed),
        Effect.map((at) => times.push(at))
      )
      const fiber = yield* Effect.forkChild(Effect.all([call, call, call], { concurrency: "unbounded" }))
      yield* limiter.turn("GET /asks")
      yield* TestClock.adjust("11999 millis")
      expect(times).toEqual([])
      yield* TestClock.adjust("1 minute")
      yield* Fiber.join(fiber)
      expect(times).toEqual([12_000, 16_725, 21_450])
    })
  )
})

test("a wait beyond two minutes fails with RateLimited that says how long, instead of hanging", async () => {
  const error = await run(
    Effect.gen(function* () {
      const limiter = makeLimiter()
      yield* limiter.refused("GET /x", Duration.hours(1))
      return yield* Effect.flip(limiter.turn("GET /x"))
    })
  )
  expect(error).toMatchObject({ _tag: "RateLimited", retry: "exhausted", retryAfter: Duration.hours(1) })
})

test("a wait of days is cut to an hour, and holds back no end", async () => {
  const [error, urgentAt] = await run(
    Effect.gen(function* () {
      const limiter = makeLimiter()
      yield* limiter.refused("GET /x", Duration.days(10))
      const error = yield* Effect.flip(limiter.turn("GET /x"))
      const urgent = limiter
        .turn("GET /x")
        .pipe(Effect.andThen(elapsed), Effect.provideService(CurrentPriority, "urgent"))
      const fiber = yield* Effect.forkChild(urgent)
      yield* TestClock.adjust("1 minute")
      const at = yield* Fiber.join(fiber)
      yield* TestClock.adjust("1 hour")
      yield* limiter.turn("GET /x")
      return [error, at] as const
    })
  )
  expect(error).toMatchObject({ _tag: "RateLimited", retryAfter: Duration.hours(1) })
  expect(urgentAt).toBe(1000)
})

test("routes that share a limit wait for each other, and rest together; others do not", async () => {
  const account = { calls: 2, perSeconds: 10, shared: "account" }
  const times = await run(
    Effect.gen(function* () {
      const limiter = makeLimiter()
      const starts: Array<readonly [route: string, at: number]> = []
      const call = (route: string, limit?: Limit) =>
        Effect.forkChild(
          limiter.turn(route, limit).pipe(Effect.andThen(Effect.map(elapsed, (at) => void starts.push([route, at]))))
        )
      for (const route of ["GET /a", "GET /b", "POST /a"]) yield* call(route, account)
      yield* call("GET /own", { calls: 2, perSeconds: 10 })
      yield* TestClock.adjust("1 minute")
      yield* limiter.refused("account", Duration.seconds(30))
      yield* call("GET /a", account)
      yield* call("GET /own")
      yield* TestClock.adjust("1 minute")
      return starts
    })
  )
  const at = (name: string) => times.filter(([route]) => route === name).map(([, time]) => time)
  expect([...at("GET /a").slice(0, 1), ...at("GET /b"), ...at("GET /own")]).toEqual([0, 0, 0, 60_000])
  expect(at("POST /a")[0]).toBeGreaterThan(10_000)
  expect(at("GET /a")[1]).toBeGreaterThanOrEqual(90_000)
})

describe("a route that counts against several limits", () => {
  const account: Limit = { calls: 1, perSeconds: 1, shared: "account" }
  const launch: Limit = { calls: 1, perSeconds: 12 }
  /** When calls of routes that come at once start, in milliseconds. */
  const startsOf = (calls: ReadonlyArray<readonly [route: string, limits: ReadonlyArray<Limit>]>) =>
    Effect.gen(function* () {
      const limiter = makeLimiter()
      const starts: Array<readonly [string, number]> = []
      for (const [route, limits] of calls) {
        const call = Effect.andThen(
          limiter.turn(route, limits),
          Effect.map(elapsed, (at) => void starts.push([route, at]))
        )
        yield* Effect.forkChild(call)
      }
      yield* TestClock.adjust("2 minutes")
      return starts
    })
  const gapsOf = (starts: ReadonlyArray<readonly [string, number]>) =>
    starts.slice(1).map(([, at], index) => at - (starts[index]?.[1] ?? 0))

  test("waits for all of them, and holds the shared one only when it starts", async () => {
    const launches = [1, 2, 3].map(() => ["POST /launch", [account, launch]] as const)
    const lists = [1, 2, 3, 4].map(() => ["GET /list", [account]] as const)
    const starts = await run(startsOf([...launches, ...lists]))
    expect(starts).toHaveLength(7)
    for (const gap of gapsOf(starts)) expect(gap).toBeGreaterThanOrEqual(1000)
    const apart = gapsOf(starts.filter(([route]) => route === "POST /launch"))
    for (const gap of apart) expect(gap).toBeGreaterThanOrEqual(12_000)
    // The lists do not wait behind launches that wait for their own turn.
    expect(starts.slice(1, 5).map(([route]) => route)).toEqual(lists.map(([route]) => route))
  })

  test("gives everything back where it did not leave, or was interrupted", async () => {
    const [again, interrupted] = await run(
      Effect.gen(function* () {
        const limiter = makeLimiter()
        const giveBack = yield* limiter.turn("POST /launch", [account, launch])
        giveBack()
        yield* limiter.turn("POST /launch", [account, launch])
        const first = yield* elapsed
        const waiting = yield* Effect.forkChild(limiter.turn("POST /launch", [account, launch]))
        yield* TestClock.adjust("1 second")
        yield* Fiber.interrupt(waiting)
        yield* TestClock.adjust("12 seconds")
        yield* limiter.turn("POST /launch", [account, launch])
        return [first, yield* elapsed]
      })
    )
    expect([again, interrupted]).toEqual([0, 13_000])
  })
})
