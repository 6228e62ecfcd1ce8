import { inspect } from "node:util"
import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import { TestClock } from "effect/testing"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import * as z from "zod"
import { type GpuError, isGpuError, Network, NoCapacity, NotFound, RateLimited } from "../errors.ts"
import { type CallerConfig, makeCaller } from "./caller.ts"
import { endpoint } from "./endpoint.ts"
import type { Transport, WireRequest, WireResponse } from "./transport.ts"

const key = "sk-0123456789abcdef"

const show = endpoint({
  operation: "get",
  method: "GET",
  path: "/api/v0/instances/{id}/",
  query: z.strictObject({ owner: z.string().optional() }),
  answer: z.object({ instances: z.array(z.object({ id: z.number() })) }),
  repeat: "safe",
  source: "test"
})

const create = endpoint({
  operation: "launch",
  method: "PUT",
  path: "/api/v0/asks/{id}/",
  body: z.strictObject({ image: z.string(), env: z.record(z.string(), z.string()).optional() }),
  answer: z.object({ new_contract: z.number() }).nullish(),
  repeat: "refused-only",
  limit: { calls: 1, perSeconds: 4.5 },
  sensitive: ["env"],
  source: "test"
})

type Reply = Partial<WireResponse> | Network | ((request: WireRequest) => Partial<WireResponse>)

/** A cloud that gives the replies in turn, the last one for ever. */
const cloud = (replies: ReadonlyArray<Reply>, more: Partial<CallerConfig> = {}) => {
  const sent: Array<WireRequest> = []
  const transport: Transport = (request) =>
    Effect.suspend(() => {
      const reply = replies[Math.min(sent.length, replies.length - 1)] ?? {}
      sent.push(request)
      if (reply instanceof Network) return Effect.fail(reply)
      const answer = typeof reply === "function" ? reply(request) : reply
      return Effect.succeed({ status: 200, headers: {}, text: "", ...answer })
    })
  const caller = makeCaller({
    provider: "vast",
    baseUrl: "https://cloud.test/",
    headers: () => ({ Authorization: `Bearer ${key}` }),
    secrets: [Redacted.make(key)],
    classify: () => null,
    transport,
    ...more
  })
  return { caller, sent }
}

/** Runs on a virtual clock that goes on by itself. */
const run = <A, E>(effect: Effect.Effect<A, E>): Promise<Exit.Exit<A, E>> =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(Effect.exit(effect))
    yield* TestClock.adjust("1 hour")
    return yield* Fiber.join(fiber)
  }).pipe(Effect.provide(TestClock.layer()), Effect.runPromise)

const failure = async (effect: Effect.Effect<unknown, GpuError>): Promise<GpuError> => {
  const exit = await run(effect)
  const error = Exit.isFailure(exit) ? Cause.squash(exit.cause) : undefined
  if (!isGpuError(error)) throw new Error(`not a failure of ours: ${inspect(exit)}`)
  return error
}

const image = { image: "ubuntu" }

test("sends headers, query and body, and decodes the answer", async () => {
  const { caller, sent } = cloud([{ text: '{"new_contract":5}' }])
  const exit = await run(caller.call(create, { params: { id: 3 }, body: image, headers: { "Idempotency-Key": "m1" } }))
  expect(exit).toEqual(Exit.succeed({ new_contract: 5 }))
  expect(sent).toEqual([
    {
      method: "PUT",
      url: "https://cloud.test/api/v0/asks/3/",
      headers: {
        accept: "application/json",
        "user-agent": "anygpu",
        "content-type": "application/json",
        authorization: `Bearer ${key}`,
        "idempotency-key": "m1"
      },
      timeout: Duration.seconds(30),
      body: '{"image":"ubuntu"}'
    }
  ])
})

test("an empty answer is undefined to the schema", async () => {
  const { caller } = cloud([{ status: 204 }])
  expect(await run(caller.call(create, { params: { id: 3 }, body: image }))).toEqual(Exit.succeed(undefined))
})

test("a wrong request names its fields, and nothing is sent", async () => {
  const { caller, sent } = cloud([{}])
  const body = { image: "a", onstrat: "x" }
  const error = await failure(caller.call(create, { params: { id: "" }, body, kind: "container" }))
  expect(error).toMatchObject({ _tag: "InvalidRequest", provider: "vast", operation: "launch", kind: "container" })
  expect(error.message).toBe('params.id: is missing; body: Unrecognized key: "onstrat"')
  expect(sent).toEqual([])
})

test("a key with a line break is refused before it is sent", async () => {
  const { caller, sent } = cloud([{}], { headers: () => ({ "x-api-key": Redacted.make(`${key}\n`) }) })
  const error = await failure(caller.call(show, { params: { id: 1 } }))
  expect(error.message).toMatch(/^headers.x-api-key: has a line break/)
  expect(sent).toEqual([])
})

describe("errors by status", () => {
  test.each([
    [400, "InvalidRequest", "permanent"],
    [401, "Unauthenticated", "permanent"],
    [402, "OutOfFunds", "permanent"],
    [403, "PermissionDenied", "permanent"],
    [404, "NotFound", "permanent"],
    [408, "ProviderFault", "temporary"],
    [409, "Conflict", "temporary"],
    [410, "NotFound", "permanent"],
    [422, "InvalidRequest", "permanent"],
    [500, "ProviderFault", "temporary"],
    [504, "ProviderFault", "temporary"]
  ])("%i is %s", async (status, tag, retry) => {
    const { caller, sent } = cloud([{ status, text: '{"msg":"because"}', headers: { "x-request-id": "r1" } }])
    const error = await failure(caller.call(create, { params: { id: 3 }, body: image, kind: "vm" }))
    expect(error).toMatchObject({
      _tag: tag,
      retry,
      provider: "vast",
      operation: "launch",
      kind: "vm",
      requestId: "r1",
      http: { method: "PUT", url: "https://cloud.test/api/v0/asks/3/", status }
    })
    expect(error.message).toContain(`launch: the cloud answered ${status} (because)`)
    expect(sent).toHaveLength(1)
  })

  test("a redirect names its target without a query", async () => {
    const { caller } = cloud([{ status: 301, headers: { location: "https://x.test/a/?api_key=s" } }])
    const error = await failure(caller.call(show, { params: { id: 1 } }))
    expect(error).toMatchObject({ _tag: "ProviderFault", retry: "permanent" })
    expect(error.message).toContain("redirect to https://x.test/a/: check baseUrl")
  })

  test("the URL of an error has the names of the query and not the values", async () => {
    const { caller } = cloud([{ status: 404 }])
    const error = await failure(caller.call(show, { params: { id: 1 }, query: { owner: "me" } }))
    expect(error.http?.url).toBe("https://cloud.test/api/v0/instances/1/?owner")
  })
})

describe("the adapter's word", () => {
  test("is asked about a 200 as well, and its error keeps its data", async () => {
    const { caller } = cloud([{ text: '{"success":false,"msg":"no_such_ask"}' }], {
      classify: ({ json }) =>
        typeof json === "object" && json !== null && "success" in json && json.success === false
          ? new NoCapacity({ message: "gone", retry: "permanent", requestId: "own" })
          : null
    })
    const error = await failure(caller.call(create, { params: { id: 3 }, body: image }))
    expect(error).toMatchObject({ _tag: "NoCapacity", message: "gone", requestId: "own", http: { status: 200 } })
  })

  test("rests on the answer as it came even when a sensitive value equals the cloud's code", async () => {
    const { caller } = cloud([{ status: 400, text: '{"error":"no_such_instance"}' }], {
      classify: ({ json }) =>
        (json as { error: string }).error === "no_such_instance"
          ? new NotFound({ message: "no_such_instance", retry: "permanent" })
          : null
    })
    const body = { image: "a", env: { MODE: "no_such_instance" } }
    const error = await failure(caller.call(create, { params: { id: 3 }, body }))
    expect(error._tag).toBe("NotFound")
    expect(inspect(error)).not.toContain("no_such_instance")
  })

  test("may cut an echoed secret short without giving away half of it", async () => {
    const secret = "hunter2".repeat(20)
    const { caller } = cloud([{ status: 400, text: `{"error":"bad env ${secret}"}` }], {
      classify: ({ json }) =>
        new NotFound({ message: (json as { error: string }).error.slice(0, 40), retry: "permanent" })
    })
    const error = await failure(caller.call(create, { params: { id: 3 }, body: { image: "a", env: { A: secret } } }))
    expect(error.message).toBe("bad env <redacted>")
  })

  test("failing is a BadResponse and not a crash", async () => {
    const { caller } = cloud([{ text: "null" }], { classify: ({ json }) => (json as { error: null }).error })
    expect(await failure(caller.call(create, { params: { id: 3 }, body: image }))).toMatchObject({
      _tag: "BadResponse"
    })
  })
})

describe("answers that are not what the documents say", () => {
  test.each([
    ["HTML", "<!doctype html><title>Sign in</title>", 'text/html, 37 characters, starts with "<!doctype html>'],
    ["a cut-off answer", '{"instances":[{"id":1', 'starts with "{\\"instances\\":[{\\"id\\":1"']
  ])("%s is quoted in part", async (_, text, quoted) => {
    const { caller, sent } = cloud([{ text, headers: { "content-type": "text/html" } }])
    const error = await failure(caller.call(show, { params: { id: 1 } }))
    expect(error).toMatchObject({ _tag: "BadResponse", path: "", retry: "exhausted" })
    expect(error.message).toContain(quoted)
    expect(sent).toHaveLength(2)
  })

  test("drift names the field and the types, never the value", async () => {
    const { caller, sent } = cloud([{ text: '{"instances":[{"id":1},{"id":"hello"}]}' }])
    const error = await failure(caller.call(show, { params: { id: 1 } }))
    expect(error).toMatchObject({ _tag: "BadResponse", path: "instances[1].id", retry: "permanent" })
    expect(error.message).toContain("at instances[1].id: expected number, received string")
    expect(inspect(error)).not.toContain("hello")
    expect(sent).toHaveLength(1)
  })
})

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

test.each([
  "nonsense",
  "ftp://cloud.test",
  "http://cloud.test",
  "http://localhost.evil.test",
  "https://user:pw@cloud.test",
  "https://cloud.test/?api_key=x"
])("baseUrl %s is refused at construction", (baseUrl) => {
  expect(() => cloud([{}], { baseUrl })).toThrow(/^baseUrl: /)
  expect(() => cloud([{}], { baseUrl })).not.toThrow(/pw|api_key=x/)
})

test.each(["http://127.0.0.1:8080/api/v1/", "http://localhost:1", "http://[::1]:1/", "https://cloud.test/api/v1"])(
  "baseUrl %s is fine, with or without a slash at its end",
  async (baseUrl) => {
    const { caller, sent } = cloud([{ status: 404 }], { baseUrl })
    await failure(caller.call(show, { params: { id: 1 } }))
    expect(sent[0]?.url).toBe(`${baseUrl.replace(/\/$/, "")}/api/v0/instances/1/`)
  }
)

describe("rows", () => {
  const row = z.object({ id: z.number(), gpu: z.object({ name: z.string() }).nullish() })
  const at = { part: "instances", operation: "list", kind: "container" } as const

  test("good rows stay, each bad one is a problem with its path", async () => {
    const { caller } = cloud([{}])
    const raw = [{ id: 1 }, { id: "x" }, { id: 3, gpu: { name: 4 } }, null]
    const exit = await run(caller.rows(row, raw, at))
    const { rows, problems } = Exit.isSuccess(exit) ? exit.value : { rows: [], problems: [] }
    expect(rows).toEqual([{ id: 1 }])
    expect(problems.map(({ part, kind, error }) => [part, kind, "path" in error && error.path])).toEqual([
      ["instances[1]", "container", "instances[1].id"],
      ["instances[2]", "container", "instances[2].gpu.name"],
      ["instances[3]", "container", "instances[3]"]
    ])
    expect(problems[0]?.error).toMatchObject({ provider: "vast", operation: "list", kind: "container" })
  })

  test("what is no list fails", async () => {
    const { caller } = cloud([{}])
    const error = await failure(caller.rows(row, { id: 1 }, at))
    expect(error).toMatchObject({ _tag: "BadResponse", path: "instances", provider: "vast" })
  })
})

describe("no secret in any error", () => {
  const printable = fc.stringMatching(/^[!-~]{8,40}$/)
  const echo = fc.constantFrom<(secret: string) => Reply>(
    (secret) => ({ status: 401, text: `{"error":${JSON.stringify(`Invalid key ${secret}`)}}` }),
    (secret) => ({ status: 400, text: `bad request: ${secret}` }),
    (secret) => ({ status: 500, text: JSON.stringify({ detail: secret, input: { [secret]: secret } }) }),
    (secret) => ({ status: 422, text: JSON.stringify({ msg: encodeURIComponent(secret) }) }),
    (secret) => ({ status: 409, headers: { "x-request-id": secret } }),
    (secret) => ({ status: 302, headers: { location: `https://h.test/${encodeURIComponent(secret)}` } }),
    (secret) => ({ text: secret }),
    (secret) => ({ text: `{"x":"${secret}`, headers: { "content-type": `text/${secret}` } }),
    (secret) => ({ text: JSON.stringify({ new_contract: secret }) }),
    (secret) => ({ text: JSON.stringify({ instances: [{ id: { [secret]: secret } }] }) }),
    (secret) =>
      new Network({
        message: `lost ${secret}`,
        retry: "temporary",
        sent: "maybe",
        cause: Object.assign(new Error(secret, { cause: new Error(secret) }), { code: secret, headers: { secret } })
      })
  )

  test("wherever the cloud or the network echoes it", async () => {
    await fc.assert(
      fc.asyncProperty(printable, echo, fc.boolean(), async (secret, reply, inBody) => {
        fc.pre(!/^(redacted|<redacted>|\d+)$/.test(secret))
        const { caller } = cloud([reply(secret)], {
          secrets: [],
          headers: () => (inBody ? {} : { "X-API-Key": Redacted.make(secret) })
        })
        const body = { image: "a", ...(inBody ? { env: { TOKEN: secret } } : {}) }
        const launched = await failure(caller.call(create, { params: { id: 1 }, body }))
        const errors = inBody ? [launched] : [launched, await failure(caller.call(show, { params: { id: 1 } }))]
        for (const error of errors) {
          const shown = [
            error.message,
            JSON.stringify(error),
            inspect(error, { depth: null, showHidden: true }),
            error.stack,
            (error.cause as Error | undefined)?.stack,
            Cause.pretty(Cause.fail(error))
          ].join("\n")
          expect(shown).not.toContain(secret)
          expect(shown).not.toContain(encodeURIComponent(secret))
        }
      }),
      { numRuns: 300 }
    )
  })
})
