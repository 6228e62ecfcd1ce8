import type { GpuError } from "@anygpu/core"
import { describe, expect, it } from "vitest"
import { world } from "./cloud.test-support.ts"
import body from "./fixtures/deploy-request.json" with { type: "json" }

const deploy = (reply: object) => {
  const { cloud, fails, ...rest } = world({ "POST /deployments/clusters": reply })
  return { fails: () => fails(cloud.native.deploy({ body })), ...rest }
}

const show = (reply: object) => {
  const { cloud, fails } = world({ "GET /deployments/a": reply })
  return fails(cloud.native.showDeployment({ params: { id: "a" } }))
}

/** What Huddle01 means, by status and code: its words never decide. */
// biome-ignore format: a table reads best with one row a line
const meanings: ReadonlyArray<readonly [status: number, code: string, tag: GpuError["_tag"]]> = [
  [400, "BAD_REQUEST", "InvalidRequest"], [401, "UNAUTHORIZED", "Unauthenticated"],
  [402, "INSUFFICIENT_CREDITS", "OutOfFunds"], [403, "FORBIDDEN", "PermissionDenied"],
  [404, "NOT_FOUND", "NotFound"], [409, "CONFLICT", "NoCapacity"]
]

const words = "your balance, the key and the capacity: insufficient, unauthorized, not found"

/** The bodies in which the same may come: Huddle01's own, nested ones, lists. */
const forms: ReadonlyArray<readonly [what: string, body: (code: string) => object]> = [
  ["Huddle01's own", (code) => ({ code, error: words })],
  ["an object under error", (code) => ({ error: { code, message: words } })],
  ["a list of errors", (code) => ({ errors: [{ code, message: words }] })],
  ["a list of nothing and one", (code) => ({ errors: [null, {}, { code, message: words }] })],
  ["a list at the top", (code) => [{ code, message: words }]]
]

describe.each(forms)("a refusal in %s means the same", (_, form) => {
  it.each(meanings)("%i %s is %s", async (status, code, tag) => {
    const error = await deploy({ status, json: form(code) }).fails()
    expect(error).toMatchObject({ _tag: tag, provider: "huddle", http: { status } })
    expect(error.message).toContain(words)
  })
})

it.each([
  ["a code", { code: "INSUFFICIENT_CREDITS", error: "no" }],
  ["an object under error", { error: { code: "CONFLICT", message: "no" } }],
  ["a list of errors", { errors: [{ code: "CONFLICT", message: "no" }] }],
  ["a refusal", { success: false, message: "no" }]
])("a 200 that refuses by %s is no deploy", async (_, json) => {
  const error = await deploy({ status: 200, json }).fails()
  expect(["ProviderFault", "BadResponse"]).toContain(error._tag)
})

/** A status alone says something; an empty body, or the page of something else, says nothing about a machine. */
// biome-ignore format: a table reads best with one row a line
const bare: ReadonlyArray<readonly [status: number, tag: GpuError["_tag"]]> = [
  [400, "InvalidRequest"], [401, "Unauthenticated"], [402, "OutOfFunds"], [403, "PermissionDenied"], [404, "BadResponse"],
  [405, "Unsupported"], [409, "Conflict"], [410, "Unsupported"], [422, "InvalidRequest"], [500, "ProviderFault"],
  [503, "ProviderFault"]
]

describe.each(bare)("a %i without words", (status, tag) => {
  it.each([
    ["an empty body", { text: "" }],
    ["a page", { text: "<html>NOT_FOUND: no capacity, insufficient credits</html>", type: "text/html" }],
    ["an empty object", { json: {} }],
    ["an empty list", { json: [] }],
    ["null", { json: null }],
    ["a text", { text: "NOT_FOUND", type: "text/plain" }]
  ])("is judged by its status: %s", async (_, reply) => {
    expect((await show({ status, ...reply }))._tag).toBe(tag)
  })
})
