import { describe, expect, it } from "vitest"
import { createClient } from "../testing/client.ts"
import type { FaultEffect } from "./fault.ts"

const asks = "/api/v0/asks/{id}/"

const createWorld = () => {
  const client = createClient()
  const arm = (effect: FaultEffect, on: { method?: string; path?: string | RegExp } = { path: asks }, more = {}) =>
    client.simulator.fault({ on, do: effect, ...more })
  const create = async () => {
    const { body } = await client.call("POST", "/api/v0/bundles/", { limit: 1 })
    return client.call("PUT", `/api/v0/asks/${body.offers[0].id}/`, { image: "a", disk: 10 })
  }
  const made = () => client.simulator.machines().length
  return { ...client, arm, create, made }
}

describe("each fault", () => {
  it("latency delays on virtual time and combines", async () => {
    const { arm, create, simulator } = createWorld()
    arm({ kind: "latency", ms: 30_000 })
    arm({ kind: "status", status: 502, text: "<html>bad gateway</html>", contentType: "text/html" })
    const before = simulator.clock.now()
    expect(await create()).toEqual({ status: 502, body: "<html>bad gateway</html>" })
    expect(simulator.clock.now() - before).toBe(30_000)
  })

  it("latency ends by an abort, without effect", async () => {
    const { arm, simulator, made } = createWorld()
    arm({ kind: "latency", ms: 30_000 }, {})
    const controller = new AbortController()
    const release = simulator.clock.hold()
    const asked = simulator.fetch(`${simulator.origin}${asks}`, { method: "PUT", signal: controller.signal })
    controller.abort(new Error("enough"))
    await expect(asked).rejects.toThrow("enough")
    release()
    expect(made()).toBe(0)
    await expect(simulator.fetch(simulator.origin, { signal: controller.signal })).rejects.toThrow("enough")
  })

  it("status answers without effect, JSON or text, with headers", async () => {
    const { arm, create, made, simulator } = createWorld()
    arm({ kind: "status", status: 429, text: "API requests too frequent: endpoint threshold=2.0" })
    expect(await create()).toEqual({ status: 429, body: "API requests too frequent: endpoint threshold=2.0" })
    arm({ kind: "status", status: 401, json: { success: false, error: "auth_error" } })
    expect((await create()).body.error).toBe("auth_error")
    arm({ kind: "status", status: 500 })
    expect((await create()).status).toBe(500)
    arm({ kind: "status", status: 503, headers: { "retry-after": "7" } }, { path: /users/ })
    const response = await simulator.fetch(`${simulator.origin}/api/v0/users/current/`)
    expect(response.headers.get("retry-after")).toBe("7")
    expect(made()).toBe(0)
  })

  it("reset before has no effect, reset after has", async () => {
    const { arm, create, made, simulator } = createWorld()
    arm({ kind: "reset-before" })
    await expect(create()).rejects.toMatchObject({ message: "fetch failed", cause: { code: "ECONNRESET" } })
    expect(made()).toBe(0)
    arm({ kind: "reset-after" })
    await expect(create()).rejects.toThrow(TypeError)
    expect(made()).toBe(1)
    expect(simulator.requests().at(-1)).toMatchObject({ status: "lost", method: "PUT" })
  })

  it("truncate has its effect and cuts the body", async () => {
    const { arm, create, made } = createWorld()
    arm({ kind: "truncate" })
    await expect(create()).rejects.toMatchObject({ message: "terminated" })
    arm({ kind: "truncate", clean: true })
    await expect(create()).rejects.toThrow(SyntaxError)
    arm({ kind: "malformed" })
    await expect(create()).rejects.toThrow(SyntaxError)
    expect(made()).toBe(3)
  })

  it("refuse says success false, with and without a contract", async () => {
    const { arm, create, made, show } = createWorld()
    arm({ kind: "refuse", error: "no_such_ask", msg: "gone" })
    expect(await create()).toEqual({ status: 200, body: { success: false, error: "no_such_ask", msg: "gone" } })
    expect(made()).toBe(0)
    arm({ kind: "refuse", error: "server_error", msg: "sorry", made: true })
    const { body } = await create()
    expect(body).toMatchObject({ success: false, error: "server_error", new_contract: expect.any(Number) })
    expect(await show(body.new_contract)).toMatchObject({ intended_status: "stopped", cur_state: "stopped" })
    arm({ kind: "refuse", error: "server_error", msg: "sorry", made: true }, { path: /users/ })
  })

  it("hang waits for the abort, with or without effect", async () => {
    const { arm, made, call, simulator } = createWorld()
    const { body } = await call("POST", "/api/v0/bundles/", { limit: 1 })
    for (const effect of [false, true]) {
      arm({ kind: "hang", effect })
      const controller = new AbortController()
      const asked = simulator.fetch(`${simulator.origin}/api/v0/asks/${body.offers[0].id}/`, {
        method: "PUT",
        headers: { authorization: `Bearer ${simulator.apiKey}` },
        body: JSON.stringify({ image: "a", disk: 10 }),
        signal: controller.signal
      })
      await simulator.clock.sleep(120_000)
      controller.abort(new Error("too long"))
      await expect(asked).rejects.toThrow("too long")
      expect(made()).toBe(effect ? 1 : 0)
    }
  })

  it("capacity loses the offer in three dialects", async () => {
    const { arm, create, made } = createWorld()
    for (const status of [404, 410, 400] as const) {
      arm({ kind: "capacity", status })
      const lost = await create()
      expect(lost).toMatchObject({ status, body: { success: false, ask_id: expect.any(Number) } })
      expect(lost.body.msg).toContain("no_such_ask")
    }
    arm({ kind: "capacity" })
    expect((await create()).status).toBe(410)
    expect(made()).toBe(0)
  })

  it("unknown-status shows a word nobody knows", async () => {
    const { arm, call, simulator, show } = createWorld()
    const id = simulator.addMachine()
    arm({ kind: "unknown-status" }, { method: "get", path: `/api/v0/instances/${id}/` })
    expect((await show(id)).actual_status).toBe("hibernating")
    expect((await show(id)).actual_status).toBe("running")
    arm({ kind: "unknown-status", status: "error" }, { path: "/api/v1/instances/" })
    expect((await call("GET", "/api/v1/instances/")).body.instances[0].actual_status).toBe("error")
    arm({ kind: "unknown-status" }, { path: "/api/v0/users/current/" })
    expect((await call("GET", "/api/v0/users/current/")).status).toBe(200)
    arm({ kind: "unknown-status" })
    expect(await show(1)).toBeNull()
  })
})

describe("arming", () => {
  it("skips, repeats and disarms", async () => {
    const { arm, call } = createWorld()
    const ask = async () => (await call("GET", "/api/v0/users/current/")).status
    const disarm = arm({ kind: "status", status: 500 }, { method: "GET" }, { after: 1, times: 2 })
    expect([await ask(), await ask(), await ask(), await ask()]).toEqual([200, 500, 500, 200])
    disarm()
    const forever = arm({ kind: "status", status: 503 }, {}, { times: Number.POSITIVE_INFINITY })
    expect([await ask(), await ask()]).toEqual([503, 503])
    forever()
    expect(await ask()).toBe(200)
  })

  it("reaches the host of the logs", async () => {
    const { arm, call } = createWorld()
    arm({ kind: "status", status: 500, text: "no" }, { path: /^\/vast\.ai\/instance_logs\// })
    expect((await call("GET", "https://s3.amazonaws.com/vast.ai/instance_logs/a.log")).status).toBe(500)
  })
})
