import { describe, expect, it } from "vitest"
import { createClock } from "../clock.ts"
import type { Incoming, Reply } from "./http.ts"
import { isObject, ok, plain } from "./http.ts"
import { createRouter, dispatch, type Match, type Route } from "./router.ts"
import { createSimulator } from "./simulator.ts"
import { fromSnapshot, toSnapshot } from "./snapshot.ts"

interface EchoRoute extends Route {
  readonly handler: (params: Readonly<Record<string, string>>, body: Readonly<Record<string, unknown>>) => Reply
}

const moved = (status: number) => (): Reply => ({ ...plain(status, ""), headers: { location: "/things/new" } })

const routes: readonly EchoRoute[] = [
  { method: "GET", path: "/things/{id}", handler: ({ id }) => ok({ id }) },
  { method: "GET", path: "/things/new", handler: () => ok({ new: true }) },
  { method: "POST", path: "/things/new", handler: (_, body) => ok({ posted: body }) },
  { method: "DELETE", path: "/things/{id}", handler: () => ({ status: 204 }) },
  ...[301, 302, 303, 307, 308].map((status) => ({ method: "POST", path: `/moved/${status}`, handler: moved(status) }))
]

const createEcho = () => {
  const router = createRouter(routes)
  const clock = createClock({ mode: "manual" })
  let settled = 0
  const rules = {
    refuse: (_: Match<EchoRoute>, { headers }: Incoming) =>
      headers.get("x-api-key") === "k" ? undefined : plain(403, "no"),
    missing: (known: boolean) => plain(known ? 405 : 404, ""),
    handle: ({ route, params }: Match<EchoRoute>, { body }: { body: Readonly<Record<string, unknown>> }) =>
      route.handler(params, body)
  }
  const simulator = createSimulator<{ readonly kind: "odd" }, null>({
    ...{ world: null, truthIn: () => [], past: { begin: () => {}, keep: () => {}, at: () => null, copy: () => null } },
    withoutMachines: () => null,
    ...{ apiKey: "k", origin: "https://echo.test", otherUrls: ["https://files.test/*"], clock },
    authorized: ({ headers }) => headers.get("x-api-key") === "k",
    templateOf: (method, path) => router.match(method, path)?.route.path,
    follow: async () => {},
    settle: () => {
      settled += 1
    },
    answer: (_, incoming) => dispatch(router, incoming, rules),
    endBy: (_, __, act) => {
      const { json } = act()
      return ok({ odd: true, ...(isObject(json) ? json : {}) })
    },
    faultBody: (status) => ({ failed: status })
  })
  const ask = (method: string, path: string, body?: object, origin = "https://echo.test") =>
    simulator.fetch(origin + path, {
      method,
      headers: { "x-api-key": "k", "idempotency-key": "once" },
      ...(body && { body: JSON.stringify(body) })
    })
  return { simulator, ask, settledTimes: () => settled }
}

describe("a simulator of any cloud", () => {
  it("routes by template, the plain path first, with decoded parameters", async () => {
    const { ask } = createEcho()
    expect(await (await ask("GET", "/things/new")).json()).toEqual({ new: true })
    expect(await (await ask("GET", "/things/8H200.141S%20x")).json()).toEqual({ id: "8H200.141S x" })
    expect(await (await ask("GET", "/things/%zz")).json()).toEqual({ id: "%zz" })
    expect((await ask("PUT", "/things/new")).status).toBe(405)
    expect((await ask("GET", "/other")).status).toBe(404)
  })

  it("answers an empty body without a content type", async () => {
    const { ask } = createEcho()
    const response = await ask("DELETE", "/things/1")
    expect([response.status, await response.text(), response.headers.get("content-type")]).toEqual([204, "", null])
  })

  it.each([301, 302, 303])("turns a POST into a GET on %i", async (status) => {
    expect(await (await createEcho().ask("POST", `/moved/${status}`, { a: 1 })).json()).toEqual({ new: true })
  })

  it.each([307, 308])("keeps method and body on %i", async (status) => {
    const { ask, simulator } = createEcho()
    expect(await (await ask("POST", `/moved/${status}`, { a: 1 })).json()).toEqual({ posted: { a: 1 } })
    expect(simulator.requests().map(({ method, path }) => [method, path])).toEqual([
      ["POST", `/moved/${status}`],
      ["POST", "/things/new"]
    ])
  })

  it("records keys and idempotency keys, and settles the world before and at each request", async () => {
    const { ask, simulator, settledTimes } = createEcho()
    await ask("GET", "/things/1")
    await simulator.fetch("https://files.test/things/1")
    expect(settledTimes()).toBe(4)
    expect(simulator.requests()).toMatchObject([
      { authorized: true, idempotencyKey: "once", status: 200 },
      { authorized: false, status: 403 }
    ])
    expect(simulator.requests()[1]).not.toHaveProperty("idempotencyKey")
    await expect(ask("GET", "/", undefined, "https://elsewhere.test")).rejects.toThrow("fetch failed")
  })

  it("ends requests by common faults and by the cloud's own", async () => {
    const { ask, simulator } = createEcho()
    simulator.fault({ on: { path: "/things/{id}" }, do: { kind: "odd" } })
    expect(await (await ask("GET", "/things/7")).json()).toEqual({ odd: true, id: "7" })
    simulator.fault({ on: {}, do: { kind: "status", status: 500 } })
    expect(await (await ask("GET", "/things/7")).json()).toEqual({ failed: 500 })
    simulator.fault({ on: {}, do: { kind: "status", status: 502, text: "<html>", contentType: "text/html" } })
    expect(await (await ask("GET", "/things/7")).text()).toBe("<html>")
  })

  it("serves headers over loopback", async () => {
    const { simulator } = createEcho()
    await using server = await simulator.listen()
    const response = await fetch(`${server.url}/things/7`, { headers: { "X-API-Key": "k" } })
    expect(await response.json()).toEqual({ id: "7" })
    expect((await fetch(`${server.url}/things/7`)).status).toBe(403)
  })
})

it("keeps money exact in a snapshot", () => {
  const state = { credit: 2n ** 80n, machines: [{ meter: -1n }] }
  expect(fromSnapshot(toSnapshot(state))).toEqual(state)
})
