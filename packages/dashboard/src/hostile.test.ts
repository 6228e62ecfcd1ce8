import { money } from "anygpu"
import { describe, expect, test } from "vitest"
import { longestBody } from "./body.ts"
import { startDashboard } from "./start.ts"
import { ask, openDashboard, ownHeaders } from "./testing.test-support.ts"

const list = "/api/v1/list"
const rent = { offer: "memory/vm/small", for: "1h", name: "job", os: "ubuntu" }

/** A call with some of the page's own headers replaced; `undefined` leaves one out. */
const calling = async (
  replaced: Readonly<Record<string, string | undefined>>,
  { path = list, method = "POST", body = "{}" } = {}
) => {
  await using world = await openDashboard()
  const headers = Object.fromEntries(
    Object.entries({ ...ownHeaders(world.dashboard), ...replaced }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined
    )
  )
  const { status, text } = await ask(world.dashboard.url, path, { method, headers, ...(method !== "GET" && { body }) })
  expect(world.cloud.calls()).toEqual([])
  return { status, text }
}

describe("a call is refused, and no cloud is asked", () => {
  const refused: ReadonlyArray<readonly [string, number, Parameters<typeof calling>]> = [
    ["without a token", 401, [{ authorization: undefined }]],
    ["with a wrong token", 401, [{ authorization: `Bearer ${"a".repeat(43)}` }]],
    ["with the token as a password", 401, [{ authorization: `Basic ${btoa("x:y")}` }]],
    ["for another name of this address", 403, [{ host: "gpu.attacker.example" }]],
    ["for this computer at another port", 403, [{ host: "localhost:1" }]],
    ["by a page of another origin", 403, [{ origin: "https://attacker.example" }]],
    ["by a page in a sandbox", 403, [{ origin: "null" }]],
    ["by a page of another site", 403, [{ origin: undefined, "sec-fetch-site": "cross-site" }]],
    ["by a page of the same site at another port", 403, [{ origin: undefined, "sec-fetch-site": "same-site" }]],
    ["by a form", 415, [{ "content-type": "text/plain" }]],
    ["with a body that is compressed", 415, [{ "content-encoding": "gzip" }]],
    ["with a body that is too long", 413, [{}, { body: `"${"x".repeat(longestBody)}"` }]],
    ["with a body that says another length", 413, [{ "content-length": String(2 ** 40) }, { body: "{}" }]],
    ["with a body that is not JSON", 400, [{}, { body: "{" }]],
    ["with a field that the operation does not have", 400, [{}, { body: '{"__proto__x":1}' }]],
    ["by a method that only reads", 405, [{}, { method: "GET" }]],
    ["by any other method", 405, [{}, { method: "PUT" }]],
    ["for an operation that does not exist", 404, [{}, { path: "/api/v1/constructor" }]],
    ["for an operation on files of this computer", 404, [{}, { path: "/api/v1/copy" }]],
    ["that changes something", 403, [{}, { path: "/api/v1/terminate", body: '{"ref":"memory/vm/1"}' }]],
    ["that rents", 403, [{}, { path: "/api/v1/launch", body: JSON.stringify({ ...rent, key: "k" }) }]],
    ["that follows a change", 404, [{}, { path: "/api/v1/terminate/follow", body: '{"ref":"memory/vm/1"}' }]]
  ]
  test.each(refused)("%s", async (_, status, call) => {
    const answer = await calling(...call)
    expect(answer.status).toBe(status)
    expect(JSON.parse(answer.text)).toMatchObject({ error: { tag: expect.any(String), message: expect.any(String) } })
  })
})

test.each([
  "/../package.json",
  "/assets/../../package.json",
  "/%2e%2e/%2e%2e/package.json",
  "/..%2fpackage.json",
  "/assets/..%5c..%5cpackage.json",
  "//etc/passwd",
  "http://127.0.0.1/etc/passwd",
  "/index.html/../../../package.json",
  "/__proto__"
])("no file outside of the page is served: %s", async (path) => {
  await using world = await openDashboard()
  const { status, text } = await ask(world.dashboard.url, path, { headers: ownHeaders(world.dashboard) })
  expect(status).toBe(404)
  expect(text).not.toContain("@anygpu/dashboard")
})

test("a machine's name is only data, whatever is in it", async () => {
  await using world = await openDashboard({ allowChanges: true, budget: { total: money("10") } })
  const name = "</script><script>alert(1)</script>\u202e\u0007"
  const launched = await world.call("launch", { ...rent, name: "job", key: "k" })
  expect(launched.status).toBe(200)
  await world.call("rename", { ref: launched.json.machine.ref, name })
  const { headers, text } = await ask(world.dashboard.url, list, {
    ...{ method: "POST", headers: ownHeaders(world.dashboard), body: "{}" }
  })
  expect(headers).toMatchObject({
    "content-type": "application/json; charset=utf-8",
    "x-content-type-options": "nosniff"
  })
  for (const sign of ["\u202e", "\u0007"]) expect(text).not.toContain(sign)
})

describe("renting needs a budget, and a key", () => {
  test("a server that may change things and has no budget rents nothing", async () => {
    await using world = await openDashboard({ allowChanges: true })
    const { status, json } = await world.call("launch", { ...rent, key: "k" })
    expect([status, json.error.tag]).toEqual([403, "PermissionDenied"])
    expect(world.cloud.alive()).toEqual([])
  })

  test("a launch without a key is refused, one sent twice rents once", async () => {
    await using world = await openDashboard({ allowChanges: true, budget: { total: money("10") } })
    expect((await world.call("launch", rent)).status).toBe(400)
    await world.call("launch", { ...rent, key: "k" })
    await world.call("launch", { ...rent, key: "k" })
    expect(world.cloud.alive()).toHaveLength(1)
  })

  test("what is above the budget is refused", async () => {
    await using world = await openDashboard({ allowChanges: true, budget: { total: money("0.50") } })
    const { status, json } = await world.call("launch", { ...rent, for: "3h", key: "k" })
    expect([status, json.error.tag, json.error.ownLimit]).toEqual([402, "OutOfFunds", true])
    expect(world.cloud.alive()).toEqual([])
  })

  test("only what the budget holds money for is started again", async () => {
    await using world = await openDashboard({ allowChanges: true, budget: { total: money("10") } })
    const other = await openDashboard({
      clouds: [world.cloud],
      ledger: world.ledger,
      allowChanges: true,
      budget: { budget: "b", total: money("10") }
    })
    await using _ = other
    const { json } = await other.call("launch", { ...rent, key: "k" })
    expect((await world.call("start", { ref: json.machine.ref })).status).toBe(403)
  })
})

describe("a dashboard does not start", () => {
  const parts = async () => {
    const { cloud, ledger, dashboard } = await openDashboard()
    await dashboard.close()
    return { clouds: [cloud], ledger }
  }
  test.each([
    ["where other computers reach it, unless it is said how", { listen: { host: "0.0.0.0" } }],
    ["with a public address that is none", { listen: { publicUrl: "gpu.example.com/x" } }],
    ["with a budget that nothing can be rented in", { budget: { total: money("1") } }],
    ["with a token that can be guessed", { token: "secret" }]
  ])("%s", async (_, options) => {
    await expect(startDashboard({ ...(await parts()), ...options })).rejects.toThrow(/publicUrl|missing|at least 32/)
  })
})

test("behind a proxy, its name and its pages are let in", async () => {
  await using world = await openDashboard({ listen: { publicUrl: "https://gpu.example.com" } })
  const { dashboard } = world
  expect(dashboard.link).toBe(`https://gpu.example.com/#token=${dashboard.token}`)
  const headers = { ...ownHeaders(dashboard), host: "gpu.example.com", origin: "https://gpu.example.com" }
  expect((await ask(dashboard.url, list, { method: "POST", headers, body: "{}" })).status).toBe(200)
})
