import type { Reply } from "@anygpu/conformance"
import { type GpuError, mayHaveTakenEffect } from "@anygpu/core"
import type * as Effect from "effect/Effect"
import { describe, expect, it, test } from "vitest"
import { refusal, world } from "./cloud.test-support.ts"
import body from "./fixtures/deploy-request.json" with { type: "json" }
import type { Huddle } from "./index.ts"

type Call = (native: Huddle["native"]) => Effect.Effect<unknown, GpuError>

const at = { params: { id: "a" } }
const calls = {
  deploy: (n) => n.deploy({ body }),
  show: (n) => n.showDeployment(at),
  act: (n) => n.actOnDeployment({ ...at, body: { action: "stop" } }),
  remove: (n) => n.deleteDeployment(at),
  balance: (n) => n.balance()
} satisfies Record<string, Call>

const routes = {
  deploy: "POST /deployments/clusters",
  show: "GET /deployments/a",
  act: "POST /deployments/a/actions",
  remove: "DELETE /deployments/a",
  balance: "GET /billing/balance"
} as const

type Line = readonly [call: keyof typeof calls, reply: Reply, tag: GpuError["_tag"], retry: GpuError["retry"]]

const proxy: Reply = { status: 404, text: "<html>not found</html>", type: "text/html" }

/** The documented codes wherever they may come, and what stands in no document. */
// biome-ignore format: a table reads best with one row a line
const lines: ReadonlyArray<Line> = [
  ["deploy", refusal(400, "BAD_REQUEST", "Missing required field: hostname"), "InvalidRequest", "permanent"],
  ["deploy", refusal(401, "UNAUTHORIZED"), "Unauthenticated", "permanent"],
  ["deploy", refusal(402, "INSUFFICIENT_CREDITS"), "OutOfFunds", "permanent"],
  ["deploy", refusal(404, "NOT_FOUND"), "NotFound", "permanent"],
  ["deploy", refusal(409, "CONFLICT"), "NoCapacity", "permanent"],
  ["deploy", { status: 409, text: "" }, "NoCapacity", "permanent"],
  ["deploy", refusal(500, "INTERNAL"), "ProviderFault", "exhausted"],
  ["show", refusal(401, "UNAUTHORIZED"), "Unauthenticated", "permanent"],
  ["show", refusal(403, "FORBIDDEN"), "PermissionDenied", "permanent"],
  ["show", refusal(404, "NOT_FOUND", "Missing required field: hostname"), "NotFound", "permanent"],
  ["show", { status: 404, json: { error: { code: "NOT_FOUND", message: "no" } } }, "NotFound", "permanent"],
  ["show", { status: 404, json: { error: "NOT_FOUND" } }, "BadResponse", "exhausted"],
  ["show", proxy, "BadResponse", "exhausted"],
  ["show", { status: 404, text: "" }, "BadResponse", "exhausted"],
  ["show", { status: 404, json: { message: "Cannot GET /deployments/a" } }, "BadResponse", "exhausted"],
  ["show", { status: 410, json: {} }, "Unsupported", "permanent"],
  ["show", refusal(422, "VALIDATION"), "InvalidRequest", "permanent"],
  ["show", refusal(429, "RATE_LIMITED"), "RateLimited", "exhausted"],
  ["show", refusal(503, "UNAVAILABLE"), "ProviderFault", "exhausted"],
  ["show", { status: 500, json: { error: { code: 1 } } }, "ProviderFault", "exhausted"],
  ["act", refusal(400, "BAD_REQUEST"), "InvalidRequest", "permanent"],
  ["act", refusal(409, "CONFLICT"), "Conflict", "temporary"],
  ["remove", refusal(400, "BAD_REQUEST"), "Conflict", "temporary"],
  ["remove", refusal(409, "CONFLICT"), "Conflict", "temporary"],
  ["remove", refusal(404, "NOT_FOUND"), "NotFound", "permanent"],
  ["remove", proxy, "BadResponse", "temporary"],
  ["balance", refusal(401, "UNAUTHORIZED"), "Unauthenticated", "permanent"]
]

describe("what Huddle01 answers is what it means", () => {
  it.each(lines)("%s %j is %s, %s", async (name, reply, tag, retry) => {
    const { cloud, fails } = world({ [routes[name]]: reply })
    const error = await fails(calls[name](cloud.native))
    expect(error).toMatchObject({ _tag: tag, retry, provider: "huddle", http: { status: reply.status } })
    expect(error.message).not.toMatch(/undefined|\[object/)
  })

  it("whatever its words: the documents show the same ones for everything", async () => {
    const words = "insufficient GPU credits; no capacity; not found; unauthorized"
    for (const [name, reply, tag] of lines) {
      const said: unknown = reply.json
      if (typeof Object(said).error !== "string") continue
      const { cloud, fails } = world({ [routes[name]]: { ...reply, json: { ...Object(said), error: words } } })
      expect((await fails(calls[name](cloud.native)))._tag).toBe(tag)
    }
  })
})

test.each([
  ["balance", refusal(401, "UNAUTHORIZED"), /GPU console/],
  ["remove", refusal(400, "BAD_REQUEST"), /try again later/],
  ["remove", refusal(409, "CONFLICT"), /while it is provisioned/]
] as const)("%s %j says what to do", async (name, reply, advice) => {
  const { cloud, fails } = world({ [routes[name]]: reply })
  expect((await fails(calls[name](cloud.native))).message).toMatch(advice)
})

test.each([
  ["your balance is $12.50 but this deployment requires at least $20.00.", 12_500_000, 20_000_000],
  ["at least $20.00 are required, and there are $1,250.75", 20_000_000, 1_250_750_000],
  ["add at least $20", undefined, undefined],
  ["$1 of $2 of $3", undefined, undefined],
  ["no", undefined, undefined]
])("the amounts of a 402 (%s) are shown where two are named", async (words, available, needed) => {
  const { cloud, fails } = world({ [routes.deploy]: refusal(402, "INSUFFICIENT_CREDITS", words) })
  const error = await fails(calls.deploy(cloud.native))
  if (error._tag !== "OutOfFunds") throw error
  expect([error.available?.micros, error.needed?.micros]).toEqual([available, needed])
  expect(error.message).toContain(words)
})

test("a deploy that was refused had no effect, one without a clear answer may have", async () => {
  for (const [reply, unclear] of [
    [refusal(409, "CONFLICT"), false],
    [refusal(402, "INSUFFICIENT_CREDITS"), false],
    [refusal(500, "INTERNAL"), true],
    [{ json: { code: "OK" } }, true]
  ] as const) {
    const { cloud, fails } = world({ [routes.deploy]: reply })
    expect(mayHaveTakenEffect(await fails(calls.deploy(cloud.native)))).toBe(unclear)
  }
})
