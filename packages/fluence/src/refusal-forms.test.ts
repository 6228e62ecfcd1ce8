import type { GpuError } from "@anygpu/core"
import type * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { cloudOf, id } from "./cloud.test-support.ts"
import requests from "./gpu/fixtures/requests.json" with { type: "json" }
import type { DeployContainer } from "./gpu/wire.ts"
import type { Fluence } from "./index.ts"

type Call = (native: Fluence["native"]) => Effect.Effect<unknown, GpuError>

type Place = readonly [call: Call, route: string]

const body = requests.deployContainer as DeployContainer
const deploy: Place = [(n) => n.deployContainer({ body }), "POST /gpu/instances/"]
const show: Place = [(n) => n.showContainer({ params: { id } }), `GET /gpu/instances/${id}`]
const cpuVms: Place = [(n) => n.listCpuVms(), "GET /vms/v2"]

type Said = readonly [status: number, code: string, words: string]

/** What Fluence means, by a status, a code and its words. */
// biome-ignore format: a table reads best with one row a line
const meanings: ReadonlyArray<readonly [place: Place, said: Said, tag: GpuError["_tag"]]> = [
  [show, [403, "unauthorized", "Auth failed. No such API Key"], "Unauthenticated"],
  [cpuVms, [401, "unauthorized", "No Access/Api Key token found"], "Unauthenticated"],
  [deploy, [401, "forbidden", "API key lacks the permission gpu:write"], "PermissionDenied"],
  [deploy, [400, "insufficient_balance", "Insufficient balance to deploy"], "OutOfFunds"],
  [deploy, [400, "bad_request", "Selected plan is no longer available"], "NoCapacity"],
  [deploy, [400, "bad_request", "OS image x is not supported"], "InvalidRequest"],
  [deploy, [409, "conflict", "busy"], "Conflict"],
  [show, [405, "method", "Method Not Allowed"], "Unsupported"]
]

/** The bodies in which the same may come: Fluence's own two, nested ones, lists. */
const forms: ReadonlyArray<readonly [what: string, body: (code: string, words: string) => object | string]> = [
  ["error", (_, error) => ({ error })],
  ["detail", (_, detail) => ({ detail })],
  ["code and error", (code, error) => ({ code, error })],
  ["an object under error", (code, message) => ({ error: { code, message } })],
  ["an object under detail", (code, msg) => ({ detail: { code, msg } })],
  ["a list of errors", (code, message) => ({ errors: [{ code, message }] })],
  ["a list of nothing and one", (code, message) => ({ errors: [null, {}, { code, message }] })],
  ["a list at the top", (code, message) => [{ code, message }]],
  ["a text", (_, words) => words]
]

describe.each(forms)("a refusal in %s means the same", (_, form) => {
  it.each(meanings)("%o %j is %s", async ([call, route], [status, code, words], tag) => {
    const said = form(code, words)
    const reply = typeof said === "string" ? { text: said, type: "text/plain" } : { json: said }
    const { cloud, fails } = cloudOf({ [route]: { status, ...reply } })
    const error = await fails(call(cloud.native))
    expect(error).toMatchObject({ _tag: tag, provider: "fluence", http: { status } })
    expect(error.message).toContain(words)
  })
})

it.each([
  ["error", { error: "Insufficient balance" }],
  ["an object under error", { error: { code: "insufficient_balance", message: "no" } }],
  ["a list of errors", { errors: [{ message: "Insufficient balance" }] }],
  ["a refusal", { success: false, message: "no" }]
])("a 200 that refuses by %s is no deploy", async (_, json) => {
  const { cloud, fails, sent } = cloudOf({ [deploy[1]]: { status: 200, json } })
  expect(["ProviderFault", "BadResponse"]).toContain((await fails(deploy[0](cloud.native)))._tag)
  expect(sent).toHaveLength(1)
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
    ["a page", { text: "<html>instance not found: no such api key, insufficient balance</html>", type: "text/html" }],
    ["an empty object", { json: {} }],
    ["an empty list", { json: [] }],
    ["null", { json: null }]
  ])("is judged by its status: %s", async (_, reply) => {
    const { cloud, fails } = cloudOf({ [show[1]]: { status, ...reply } })
    expect((await fails(show[0](cloud.native)))._tag).toBe(tag)
  })
})
