import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { TestClock } from "effect/testing"
import { describe, expect, test } from "vitest"
import { BeforeSending } from "../context/before-sending.ts"
import { CurrentDeadline } from "../context/deadline.ts"
import { Conflict, mayHaveTakenEffect, Network, RateLimited } from "../errors.ts"
import { cloud, create, failure, image, run, show } from "./fake-cloud.test-support.ts"

describe("repeating", () => {
  const fault = { status: 502 }
  const refused = new Network({ message: "x", retry: "temporary", sent: "no" })
  const lost = new Network({ message: "x", retry: "temporary", sent: "maybe" })

  test("a read survives faults", async () => {
    const { caller, sent } = cloud([fault, lost, { text: '{"instances":[]}' }])
    expect(Exit.isSuccess(await run(caller.call(show, { params: { id: 1 } })))).toBe(true)
    expect(sent).toHaveLength(3)
  })

  test("a create is sent again only when it provably had no effect", async () => {
    const tooMany = { status: 429, text: "API requests too frequent: endpoint threshold=4.5" }
    const { caller, sent } = cloud([refused, tooMany, { text: '{"new_contract":1}' }])
    expect(Exit.isSuccess(await run(caller.call(create, { params: { id: 1 }, body: image })))).toBe(true)
    expect(sent).toHaveLength(3)
    const faulty = cloud([fault])
    await failure(faulty.caller.call(create, { params: { id: 1 }, body: image }))
    const dropped = cloud([lost])
    await failure(dropped.caller.call(create, { params: { id: 1 }, body: image }))
    expect([faulty.sent, dropped.sent].map(({ length }) => length)).toEqual([1, 1])
  })

  test("a write that was refused after an attempt without a clear answer may have taken effect all the same", async () => {
    const keyed = { ...create, repeat: "safe" } as const
    const { caller, sent } = cloud([lost, { status: 409, text: '{"msg":"in use"}' }])
    const error = await failure(caller.call(keyed, { params: { id: 1 }, body: image }))
    expect(error).toMatchObject({ _tag: "Conflict", unclear: true })
    expect(mayHaveTakenEffect(error)).toBe(true)
    expect(sent).toHaveLength(2)
    const plain = await failure(cloud([{ status: 409 }]).caller.call(keyed, { params: { id: 1 }, body: image }))
    expect(mayHaveTakenEffect(plain)).toBe(false)
  })

  test("one idempotency key serves all attempts of a call, the next call gets a new one; a given key is kept", async () => {
    const keyed = { ...create, repeat: "safe", idempotencyHeader: "idempotency-key" } as const
    const { caller, sent } = cloud([lost, fault, { text: '{"new_contract":1}' }])
    const input = { params: { id: 1 }, body: image }
    await run(caller.call(keyed, input))
    await run(caller.call(keyed, { ...input, headers: { "idempotency-key": "mine" } }))
    const keys = sent.map(({ headers }) => headers["idempotency-key"])
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/)
    expect(keys.slice(0, 3)).toEqual([keys[0], keys[0], keys[0]])
    expect(keys[3]).toBe("mine")
    expect(new Set(sent.slice(0, 3).map(({ body }) => body)).size).toBe(1)
    await run(caller.call(keyed, input))
    expect(keys).not.toContain(sent.at(-1)?.headers["idempotency-key"])
  })

  test("what has to hold is looked at before each attempt, and one for which it does not hold is not made", async () => {
    const looks: number[] = []
    const { caller, sent } = cloud([refused, { text: '{"new_contract":1}' }])
    const twice = Effect.suspend(() => {
      looks.push(sent.length)
      const error = new Conflict({ message: "given up", retry: "temporary" })
      return looks.length < 2 ? Effect.void : Effect.fail(error)
    })
    const call = caller.call(create, { params: { id: 1 }, body: image })
    expect(await failure(Effect.provideService(call, BeforeSending, twice))).toMatchObject({
      _tag: "Conflict",
      message: "given up"
    })
    expect([looks, sent.length]).toEqual([[0, 1], 1])
  })

  test("a request that could not be over in time is not sent", async () => {
    const { caller, sent } = cloud([{ text: '{"new_contract":1}' }])
    const launches = Array.from({ length: 20 }, () => caller.call(create, { params: { id: 1 }, body: image }))
    const answers = Effect.all(launches.map(Effect.result), { concurrency: "unbounded" })
    const exit = await run(Effect.provideService(answers, CurrentDeadline, 60_000))
    const results = Exit.isSuccess(exit) ? exit.value : []
    const late = results.flatMap((result) => (result._tag === "Failure" ? [result.failure] : []))
    expect(sent.length + late.length).toBe(20)
    expect(late.length).toBeGreaterThan(10)
    expect(late.every((error) => error._tag === "RateLimited" && !mayHaveTakenEffect(error))).toBe(true)
  })

  test.each([
    ["the header in seconds", { headers: { "retry-after": "20" } }, 20],
    [
      "the header as a date on the cloud's clock",
      { headers: { date: "Sat, 21 Nov 2026 10:00:00 GMT", "retry-after": "Sat, 21 Nov 2026 10:00:30 GMT" } },
      30
    ],
    ["the body", { text: '{"msg":"slow down","retry_after":9}' }, 9],
    ["the text", { text: '{"detail":"API requests too frequent endpoint threshold=6.0"}' }, 6],
    ["the route's own limit", { text: "slow down" }, 4.5],
    ["the longest of them", { headers: { "retry-after": "1" }, text: '{"retry_after":8}' }, 8]
  ])("waits as long as %s says", async (_, reply, seconds) => {
    const { caller } = cloud([{ status: 429, ...reply }])
    const error = await failure(caller.call(create, { params: { id: 1 }, body: image }))
    expect(error).toBeInstanceOf(RateLimited)
    expect(error).toMatchObject({ retry: "exhausted", retryAfter: Duration.seconds(seconds) })
  })

  test("a 503 that says when to come back holds its route as well", async () => {
    const { caller } = cloud([
      { status: 503, headers: { "retry-after": "60" } },
      { status: 404, text: '{"msg":"now"}' }
    ])
    const early = await Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(Effect.exit(caller.call(show, { params: { id: 1 } })))
      yield* TestClock.adjust("59 seconds")
      const before = fiber.pollUnsafe()
      yield* TestClock.adjust("2 seconds")
      return { before, after: yield* Fiber.join(fiber) }
    }).pipe(Effect.provide(TestClock.layer()), Effect.runPromise)
    expect(early.before).toBeUndefined()
    expect(Exit.isFailure(early.after)).toBe(true)
  })
})
