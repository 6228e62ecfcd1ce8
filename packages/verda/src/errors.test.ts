import { mayHaveTakenEffect } from "@anygpu/core"
import { describe, expect, test } from "vitest"
import { refusal, world } from "./cloud.test-support.ts"
import results from "./fixtures/action-results.json" with { type: "json" }
import create from "./fixtures/create.json" with { type: "json" }
import noCapacity from "./fixtures/no-capacity.json" with { type: "json" }
import unauthorized from "./fixtures/unauthorized.json" with { type: "json" }
import type { Verda } from "./index.ts"

type Native = Verda["native"]
const body = create as Parameters<Native["createInstance"]>[0]["body"]
const invalid = (message: string) => refusal(400, "invalid_request", message)

const rents: ReadonlyArray<readonly [what: string, answer: object, tag: string, isOpen: boolean]> = [
  ["no capacity", { status: 503, json: noCapacity }, "NoCapacity", false],
  [
    "the older words for it",
    refusal(503, "x", "Not enough resources to deploy a 1 GPU instance type 1A100.22V"),
    "NoCapacity",
    false
  ],
  ["a 503 of what stands before the API", { status: 503, text: "<html>busy</html>" }, "ProviderFault", true],
  ["a 503 without words", { status: 503, text: "" }, "ProviderFault", true],
  ["a quota", invalid("Storage limit exceeded"), "PermissionDenied", false],
  ["too little money", refusal(402, "insufficient_funds", "x"), "OutOfFunds", false],
  ["a wrong system", invalid("Operating system is not valid for this instance type"), "InvalidRequest", false],
  [
    "several wrong fields",
    { status: 400, json: { code: "invalid_request", message: ["a", "b"] } },
    "InvalidRequest",
    false
  ],
  ["a type that there is not", refusal(404, "not_found", "Unknown type"), "InvalidRequest", false],
  ["a 404 of a gateway", { status: 404, text: "<html></html>" }, "BadResponse", true],
  ["a missing scope", refusal(403, "forbidden_action", "Insufficient scope"), "PermissionDenied", false],
  ["a 2xx without an id", { status: 202, json: { ok: true } }, "BadResponse", true],
  ["a page for an id", { status: 202, text: "<html>hello</html>" }, "BadResponse", true]
]

describe("a create", () => {
  test.each(rents)("%s", async (_, answer, tag, isOpen) => {
    const { cloud, fails, to } = world({ "POST /v1/instances": answer })
    const error = await fails(cloud.native.createInstance({ body }))
    expect(error._tag).toBe(tag)
    expect(mayHaveTakenEffect(error)).toBe(isOpen)
    expect(to("POST /v1/instances")).toHaveLength(1)
  })

  test.each([
    ["a JSON text", { json: "0dc16ed0-f7fb-4eec-a5e6-004e082bb1f4" }],
    ["bare text", { text: "0dc16ed0-f7fb-4eec-a5e6-004e082bb1f4" }],
    ["an object", { json: { id: "0dc16ed0-f7fb-4eec-a5e6-004e082bb1f4", status: "ordered" } }]
  ])("answers an id as %s", async (_, answer) => {
    const { cloud, run } = world({ "POST /v1/instances": { status: 202, ...answer } })
    expect(await run(cloud.native.createInstance({ body }))).toBe("0dc16ed0-f7fb-4eec-a5e6-004e082bb1f4")
  })
})

const acts: ReadonlyArray<readonly [what: string, answer: object, tag: string]> = [
  ["an end that is too early", invalid("Can't discontinue a provisioning instance"), "Conflict"],
  ["the same as a row of a 207", { status: 207, json: results }, "Conflict"],
  ["a row of a 202 that failed", { status: 202, json: [{ ...results[1], error: "Not now" }] }, "InvalidRequest"],
  ["a second end", invalid("Can't discontinue a discontinued instance"), "NotFound"],
  ["an id that there is not", invalid("Invalid instance id"), "NotFound"],
  ["the newer word for it", refusal(404, "not_found", "no"), "NotFound"],
  ["a 404 of a gateway", { status: 404, text: "gone" }, "BadResponse"]
]

describe("an action", () => {
  const end = { body: { action: "delete", id: "8472bacf-875d-4e86-ad31-4a5d2dcd5f4d" } } as const
  test.each(acts)("%s", async (_, answer, tag) => {
    const { cloud, fails } = world({ "PUT /v1/instances": answer })
    expect((await fails(cloud.native.instanceAction(end)))._tag).toBe(tag)
  })
  test.each([
    ["rows that succeeded", { status: 202, json: results.slice(0, 1) }],
    ["an empty 202", { status: 202, text: "" }],
    ["nothing to do", { status: 204, text: "" }]
  ])("is done: %s", async (_, answer) => {
    const { cloud, run } = world({ "PUT /v1/instances": answer })
    await run(cloud.native.instanceAction(end))
  })
})

test("wrong keys are said as such, and nothing else was sent", async () => {
  const { cloud, fails, sent } = world({ "POST /v1/oauth2/token": { status: 401, json: unauthorized } })
  const error = await fails(cloud.native.createInstance({ body }))
  expect(error._tag).toBe("Unauthenticated")
  expect(error.message).toMatch(
    /nothing else was sent.*Invalid client id or client secret.*check client id and client secret/
  )
  expect(sent).toHaveLength(1)
})

test("a balance in euros is not taken for dollars", async () => {
  const { vms, fails, run } = world({ "GET /v1/balance": { json: { amount: 12.5, currency: "eur" } } })
  expect(await fails(vms.balance())).toMatchObject({ _tag: "Unsupported", feature: "balance" })
  const dollars = world({ "GET /v1/balance": { json: { amount: -3, currency: "usd" } } })
  expect((await dollars.run(dollars.vms.balance())).available.micros).toBe(0)
  expect(run).toBeDefined()
})
