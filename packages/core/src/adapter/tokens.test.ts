import { inspect } from "node:util"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { TestClock } from "effect/testing"
import { describe, expect, test } from "vitest"
import * as z from "zod"
import { BeforeSending } from "../context/before-sending.ts"
import { Conflict, type GpuError, mayHaveTakenEffect, Network } from "../errors.ts"
import { endpoint } from "./endpoint.ts"
import { cloud, create, failure, image, type Reply, run, show } from "./fake-cloud.test-support.ts"
import type { Login } from "./tokens.ts"
import type { WireRequest } from "./transport.ts"

const answer = z.object({ token: z.string(), refresh: z.string().optional(), seconds: z.number() })
const source = "test"
const byKeys = endpoint({
  ...{ operation: "login", method: "POST", path: "/login", repeat: "safe", open: true, source },
  body: z.strictObject({ secret: z.string() }),
  answer
})
const byRefresh = endpoint({
  ...{ operation: "refresh", method: "POST", path: "/refresh", repeat: "never", open: true, source },
  body: z.strictObject({ token: z.string() }),
  ...{ answer, sensitive: ["token"] }
})

const login: Login = {
  ask: (call, refresh) =>
    Effect.map(
      refresh === undefined
        ? call(byKeys, { body: { secret: "client-secret-4711" } })
        : call(byRefresh, { body: { token: refresh } }),
      ({ token, refresh: next, seconds }) => ({
        value: token,
        lifetime: Duration.seconds(seconds),
        ...(next && { refresh: next })
      })
    ),
  headers: (token) => ({ authorization: `Bearer ${token}` })
}

interface Fake {
  /** What a request comes to that carries a token; undefined for the usual answer. */
  readonly meet?: (request: WireRequest, good: ReadonlySet<string>) => Reply | undefined
  /** What a login comes to. */
  readonly meetLogin?: (request: WireRequest) => Reply | undefined
  readonly refreshes?: boolean
  readonly seconds?: number
}

/** A cloud that gives `token-1`, `token-2`... and takes the good ones. */
const tokenCloud = ({ meet, meetLogin, refreshes = false, seconds = 3600 }: Fake = {}) => {
  const good = new Set<string>()
  let given = 0
  const reply = (request: WireRequest): Reply => {
    const path = new URL(request.url).pathname
    if (path === "/login" || path === "/refresh") {
      const met = meetLogin?.(request)
      if (met) return met
      const token = `token-${++given}-0123456789`
      good.add(token)
      return { text: JSON.stringify({ token, seconds, ...(refreshes && { refresh: `refresh-${given}-0123456789` }) }) }
    }
    const met = meet?.(request, good)
    if (met) return met
    const token = request.headers["authorization"]?.replace("Bearer ", "") ?? ""
    if (!good.has(token)) return { status: 401, text: '{"code":"unauthorized"}' }
    return { text: request.method === "GET" ? '{"instances":[]}' : '{"new_contract":1}' }
  }
  const { caller, sent } = cloud([(request) => reply(request) as object], {
    login,
    headers: () => ({}),
    secrets: ["client-secret-4711"]
  })
  const of = (path: string) => sent.filter(({ url }) => url.endsWith(path)).length
  return { caller, sent, good, logins: () => of("/login"), refreshes: () => of("/refresh") }
}

const get = ({ caller }: ReturnType<typeof tokenCloud>) => caller.call(show, { params: { id: 1 } })
const rent = ({ caller }: ReturnType<typeof tokenCloud>) => caller.call(create, { params: { id: 1 }, body: image })

describe("a token", () => {
  test("is asked for at the first call, once for all who need it, and carried by each", async () => {
    const world = tokenCloud()
    const all = Effect.all([get(world), get(world), rent(world), get(world)], { concurrency: "unbounded" })
    expect(Exit.isSuccess(await run(all))).toBe(true)
    expect(world.logins()).toBe(1)
    const carried = world.sent
      .filter(({ url }) => !url.endsWith("/login"))
      .map(({ headers }) => headers["authorization"])
    expect(carried).toEqual(Array.from({ length: 4 }, () => "Bearer token-1-0123456789"))
    expect(world.sent[0]?.headers["authorization"]).toBeUndefined()
  })

  test("is renewed before it ends, by the refresh where there is one", async () => {
    const world = tokenCloud({ refreshes: true })
    const hour = Effect.gen(function* () {
      yield* get(world)
      yield* TestClock.adjust("3569 seconds")
      yield* get(world)
      const early = world.sent.length
      yield* TestClock.adjust("2 seconds")
      yield* get(world)
      return early
    })
    const early = await Effect.runPromise(hour.pipe(Effect.provide(TestClock.layer())))
    expect(early).toBe(3)
    expect([world.logins(), world.refreshes()]).toEqual([1, 1])
  })

  test("is asked for by the keys where the refresh fails, whatever it failed with", async () => {
    for (const met of [
      { status: 401 },
      { status: 500 },
      new Network({ message: "x", retry: "temporary", sent: "maybe" })
    ]) {
      const world = tokenCloud({
        ...{ refreshes: true, seconds: 1 },
        meetLogin: ({ url }) =>
          url.endsWith("/refresh") ? (met instanceof Network ? { status: 599 } : met) : undefined
      })
      const twice = Effect.andThen(get(world), Effect.andThen(TestClock.adjust("1 second"), get(world)))
      await Effect.runPromise(twice.pipe(Effect.provide(TestClock.layer())))
      expect([world.logins(), world.refreshes()]).toEqual([2, 1])
    }
  })
})

describe("a token that ends in mid-call", () => {
  test("is replaced, and the call is sent again, a create too: once, by one login for all", async () => {
    const world = tokenCloud()
    const after = Effect.gen(function* () {
      yield* get(world)
      world.good.clear()
      yield* rent(world)
      world.good.clear()
      return yield* Effect.all([get(world), get(world), get(world)], { concurrency: "unbounded" })
    })
    expect(Exit.isSuccess(await run(after))).toBe(true)
    expect(world.logins()).toBe(3)
    expect(world.sent.filter(({ method }) => method === "PUT")).toHaveLength(2)
  })

  test("does not repeat what is never to be sent again; the next call has a new one", async () => {
    const world = tokenCloud()
    const once = { ...create, repeat: "never" } as const
    const call = world.caller.call(once, { params: { id: 1 }, body: image })
    const after = Effect.gen(function* () {
      yield* get(world)
      world.good.clear()
      const error = yield* Effect.flip(call)
      yield* call
      return error
    })
    const exit = await run(after)
    expect(Exit.isSuccess(exit) && exit.value._tag).toBe("Unauthenticated")
    expect(world.sent.filter(({ method }) => method === "PUT")).toHaveLength(2)
  })

  test("does not repeat a create that the cloud called unauthorized in a success, or whose answer was lost", async () => {
    for (const met of [{ text: '{"error":"unauthorized","code":401}' }, { status: 500 }]) {
      const world = tokenCloud({ meet: ({ method }) => (method === "PUT" ? met : undefined) })
      await failure(rent(world))
      expect(world.sent.filter(({ method }) => method === "PUT")).toHaveLength(1)
    }
  })

  test("is replaced once: a cloud that takes no token is not asked for ever", async () => {
    const world = tokenCloud({ meet: () => ({ status: 401, text: "{}" }) })
    expect((await failure(get(world)))._tag).toBe("Unauthenticated")
    expect([world.logins(), world.sent.length]).toEqual([2, 4])
  })
})

describe("a login that fails", () => {
  const failed: ReadonlyArray<readonly [string, Reply, GpuError["_tag"]]> = [
    ["wrong keys", { status: 401, text: '{"message":"invalid client"}' }, "Unauthenticated"],
    ["a fault", { status: 500 }, "ProviderFault"],
    ["an answer that is none", { text: "<html>" }, "BadResponse"]
  ]
  test.each(failed)("leaves nothing unclear about a create: %s", async (_, reply, tag) => {
    const world = tokenCloud({ meetLogin: () => reply })
    const error = await failure(rent(world))
    expect(error._tag).toBe(tag)
    expect(error.message).toContain("nothing else was sent")
    expect(mayHaveTakenEffect(error)).toBe(false)
    expect(world.sent.some(({ method }) => method === "PUT")).toBe(false)
  })

  test("is tried again by the next call", async () => {
    let broken = true
    const world = tokenCloud({ meetLogin: () => (broken ? { status: 400, text: "{}" } : undefined) })
    await failure(get(world))
    broken = false
    expect(Exit.isSuccess(await run(get(world)))).toBe(true)
  })
})

test("a wrong value is refused before there is a login", async () => {
  const world = tokenCloud()
  const error = await failure(world.caller.call(show, { params: { id: "" } }))
  expect(error._tag).toBe("InvalidRequest")
  expect(world.sent).toEqual([])
})

test("the fence of a launch is looked at for its own request, and not for the login before it", async () => {
  const world = tokenCloud()
  let looks = 0
  const gone = Effect.suspend(() => {
    looks += 1
    return Effect.fail(new Conflict({ message: "given up", retry: "permanent" }))
  })
  const error = await failure(Effect.provideService(rent(world), BeforeSending, gone))
  expect(error.message).toContain("given up")
  expect([looks, world.logins(), world.sent.length]).toEqual([1, 1, 1])
})

test("no token is in any error: not the one in use, no earlier one, no refresh", async () => {
  const secrets = [1, 2].flatMap((one) => [`token-${one}-0123456789`, `refresh-${one}-0123456789`])
  const world = tokenCloud({
    refreshes: true,
    meet: ({ method }) =>
      method === "PUT" ? { status: 400, text: JSON.stringify({ message: secrets.join(" ") }) } : undefined
  })
  const later = Effect.gen(function* () {
    yield* get(world)
    world.good.clear()
    yield* get(world)
    return yield* Effect.flip(rent(world))
  })
  const exit = await run(later)
  const error = Exit.isSuccess(exit) ? exit.value : undefined
  expect(error?._tag).toBe("InvalidRequest")
  for (const secret of secrets) expect(inspect(error, { depth: null, showHidden: true })).not.toContain(secret)
  const rows = await failure(
    world.caller.rows(z.object({ id: z.number() }), `no list ${secrets[0]}`, { part: "a", operation: "b" })
  )
  expect(inspect(rows)).not.toContain(secrets[0])
})
