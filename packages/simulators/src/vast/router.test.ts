import { describe, expect, it } from "vitest"
import { createCaller, createClient } from "../testing/client.ts"
import { routes } from "./routes/index.ts"

describe("keys", () => {
  const paths = routes
    .filter(({ access }) => access !== "open")
    .map(({ method, path, access }) => [method, path, access] as const)
  const concrete = (path: string) => path.replaceAll(/\{\w+\}/g, "1")

  it.each(paths)("%s %s needs the key", async (method, path, access) => {
    const { simulator } = createClient()
    const ask = async (headers: Record<string, string>) => {
      const response = await simulator.fetch(simulator.origin + concrete(path), { method, headers })
      return { status: response.status, body: await response.json() }
    }
    const login = { success: false, error: "auth_error", msg: "This action requires login." }
    const nobody = { status: 401, body: { detail: "Authentication credentials were not provided." } }
    expect(await ask({})).toEqual(access === "volumes" ? nobody : { status: 403, body: login })
    const unknown = { success: false, error: "auth_error", msg: "Invalid user key" }
    const status = access === "search" ? 404 : 401
    expect(await ask({ authorization: "Bearer wrong" })).toEqual({ status, body: unknown })
    expect(simulator.requests().map(({ authorized }) => authorized)).toEqual([false, false])
  })
})

describe("limits", () => {
  const limited = routes.filter(({ limit }) => limit.kind === "threshold")

  it.each(limited.map((route) => [route.method, route.path, route.limit] as const))(
    "%s %s has a minimum interval",
    async (method, path, limit) => {
      const { call, simulator } = createClient({ rateLimits: true })
      const seconds = limit.kind === "threshold" ? limit.seconds : 0
      const ask = (id: number) =>
        call(method, path.replaceAll(/\{\w+\}/g, String(id)), method === "GET" ? undefined : {})
      expect((await ask(1)).status).not.toBe(429)
      const refused = await ask(2)
      const text = `API requests too frequent endpoint threshold=${seconds.toFixed(1)}`
      const destroy = { success: false, error: "rate_limit_exceeded", msg: text }
      const isDestroy = method === "DELETE" && path === "/api/v0/instances/{id}/"
      expect(refused).toEqual({ status: 429, body: isDestroy ? destroy : { detail: text } })
      await simulator.clock.sleep(seconds * 1000)
      expect((await ask(3)).status).not.toBe(429)
    }
  )

  it("allows ten searches a minute and says so in plain text, without a header to wait by", async () => {
    const { call, simulator } = createClient({ rateLimits: true })
    const search = () => call("POST", "/api/v0/bundles/", { limit: 1 })
    for (let turn = 0; turn < 10; turn++) expect((await search()).status).toBe(200)
    expect(await search()).toEqual({ status: 429, body: "API requests too frequent" })
    await simulator.clock.sleep(60_000)
    const response = await simulator.fetch(`${simulator.origin}/api/v0/bundles/`, {
      method: "POST",
      headers: { authorization: `Bearer ${simulator.apiKey}` },
      body: "{}"
    })
    expect(response.status).toBe(200)
    expect(response.headers.has("retry-after")).toBe(false)
  })
})

describe("paths", () => {
  it("redirects to the trailing slash, where fetch turns a POST into a GET", async () => {
    const { call, simulator } = createClient()
    expect((await call("GET", "/api/v0/users/current")).body.credit).toBe(25)
    const searched = await call("POST", "/api/v0/bundles", { gpu_name: { eq: "H200" } })
    expect(new Set(searched.body.offers.map(({ gpu_name }: { gpu_name: string }) => gpu_name)).size).toBeGreaterThan(1)
    const kept = await call("PUT", "/api/v0/instances/1", { state: "stopped" })
    expect(kept.body.error).toBe("no_such_instance")
    expect(simulator.requests().map(({ method, status }) => [method, status])).toEqual([
      ["GET", 301],
      ["GET", 200],
      ["POST", 301],
      ["GET", 200],
      ["PUT", 301],
      ["PUT", 404]
    ])
    const url = `${simulator.origin}/api/v1/instances?limit=2`
    const manual = await simulator.fetch(url, { redirect: "manual" })
    expect(manual.status).toBe(301)
    expect(manual.headers.get("location")).toBe(`${simulator.origin}/api/v1/instances/?limit=2`)
    await expect(simulator.fetch(url, { redirect: "error" })).rejects.toThrow(TypeError)
  })

  it("knows no other paths, methods and hosts", async () => {
    const { call, simulator } = createClient()
    expect((await call("GET", "/api/v0/nothing/")).status).toBe(404)
    expect((await call("PATCH", "/api/v0/ssh/")).status).toBe(405)
    await expect(simulator.fetch("https://example.com/")).rejects.toMatchObject({ cause: { code: "ENOTFOUND" } })
    const other = createClient({ origin: "http://vast.test/", apiKey: "secret" })
    expect(other.simulator.origin).toBe("http://vast.test")
    expect((await createCaller(other.simulator)("GET", "/api/v0/users/current/")).body.api_key).toBe("secret")
  })

  it("records what it saw", async () => {
    const { call, simulator } = createClient()
    await call("PUT", "/api/v0/instances/1/?x=1", { state: "stopped" })
    await call("PUT", "/api/v0/instances/1/", "{")
    expect(simulator.requests()).toMatchObject([
      { method: "PUT", path: "/api/v0/instances/1/?x=1", status: 404, body: { state: "stopped" }, authorized: true },
      { body: "{", status: 400 }
    ])
  })
})
