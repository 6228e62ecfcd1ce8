import type { GpuError } from "@anygpu/core"
import type * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { scripted } from "./cloud.test-support.ts"
import type { Vast } from "./index.ts"

type Call = (native: Vast["native"]) => Effect.Effect<unknown, GpuError>

const create: Call = (n) => n.createInstance({ params: { id: 1234567 }, body: { image: "ubuntu:22.04" } })
const manage: Call = (n) => n.manageInstance({ params: { id: 12345 }, body: { state: "running" } })
const list: Call = (n) => n.listInstances({ query: { limit: 25 } })
const show: Call = (n) => n.showInstance({ params: { id: 12345 } })

type Said = readonly [status: number, code: string, words: string]

/** What Vast means, by a status, its code and its words. */
// biome-ignore format: a table reads best with one row a line
const meanings: ReadonlyArray<readonly [call: Call, said: Said, tag: GpuError["_tag"]]> = [
  [show, [401, "auth_error", "Invalid user key"], "Unauthenticated"],
  [list, [404, "auth_error", "Invalid user key"], "Unauthenticated"],
  [show, [401, "auth_error", 'lacks the "instance_read" permission group'], "PermissionDenied"],
  [list, [403, "not_authorized", "Not authorized"], "PermissionDenied"],
  [create, [400, "insufficient_credit", "Your account lacks credit; see the billing page."], "OutOfFunds"],
  [create, [410, "no_such_ask", "no_such_ask Instance type 1234567 is no longer available."], "NoCapacity"],
  [manage, [400, "invalid_args", "error 400/1782: Invalid args"], "InvalidRequest"],
  [manage, [400, "rate_limit_exceeded", "API requests too frequent"], "RateLimited"]
]

/** The bodies in which the same may come: Vast's own, nested ones, lists. */
const forms: ReadonlyArray<readonly [what: string, body: (code: string, msg: string) => object | string]> = [
  ["Vast's own", (error, msg) => ({ success: false, error, msg })],
  ["an object under error", (code, message) => ({ error: { code, message } })],
  ["an object under error, with success", (code, msg) => ({ success: false, error: { code, msg } })],
  ["a list of errors", (code, message) => ({ errors: [{ code, message }] })],
  ["a list of details", (type, msg) => ({ detail: [{ type, loc: ["body"], msg }] })],
  ["a list of nothing and one", (code, message) => ({ errors: [null, {}, { code, message }] })],
  ["a list at the top", (code, message) => [{ code, message }]],
  ["words alone", (_, message) => ({ message })],
  ["a text", (code, msg) => `${code}: ${msg}`]
]

describe.each(forms)("a refusal in %s means the same", (_, body) => {
  it.each(meanings)("%o %j is %s", async (call, [status, code, words], tag) => {
    const said = body(code, words)
    const reply = typeof said === "string" ? { text: said, type: "text/plain" } : { json: said }
    const { cloud, fails } = scripted({ status, ...reply })
    const error = await fails(call(cloud.native))
    expect(error).toMatchObject({ _tag: tag, provider: "vast", http: { status } })
    expect(error.message).toContain(words)
  })
})

it.each(meanings)("a 200 that refuses means the same: %o %j is %s", async (call, [, error, msg], tag) => {
  const { cloud, fails } = scripted({ status: 200, json: { success: false, error, msg } })
  expect((await fails(call(cloud.native)))._tag).toBe(tag)
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
    ["a page", { text: "<html><h1>no such instance: invalid api key, lacks credit</h1></html>", type: "text/html" }],
    ["an empty object", { json: {} }],
    ["an empty list", { json: [] }],
    ["null", { json: null }]
  ])("is judged by its status: %s", async (_, reply) => {
    const { cloud, fails } = scripted({ status, ...reply })
    expect((await fails(show(cloud.native)))._tag).toBe(tag)
  })
})
