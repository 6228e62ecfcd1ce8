import { describe, expect, it } from "vitest"
import { createClock } from "../clock.ts"
import { createCaller, createClient } from "../testing/client.ts"

const clock = () => createClock({ mode: "manual", start: new Date("2026-03-01T00:00:00Z") })

describe("loopback", () => {
  it("answers as the in-process form does", async () => {
    const [near, far] = [createClient({ clock: clock() }), createClient({ clock: clock() })]
    await using server = await far.simulator.listen()
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    const callFar = createCaller(far.simulator, fetch, server.url)
    const offer = (await near.call("POST", "/api/v0/bundles/", { limit: 1 })).body.offers[0].id
    const story: ReadonlyArray<readonly [string, string, unknown?]> = [
      ["POST", "/api/v0/bundles/", { limit: 5, gpu_name: { eq: "RTX 4090" } }],
      ["GET", "/api/v0/gpu_names/unique/"],
      ["PUT", `/api/v0/asks/${offer}/`, { image: "ubuntu:22.04", disk: 10, label: "ü" }],
      ["GET", "/api/v1/instances/"],
      ["GET", "/api/v0/instances/48001000/"],
      ["GET", "/api/v0/users/current"],
      ["PUT", "/api/v0/instances/command/1/", "{"],
      ["PUT", "/api/v0/instances/48001000/", { state: "stopped" }],
      ["GET", "/api/v0/instances/48001000/ssh/"],
      ["DELETE", "/api/v0/instances/48001000/", {}],
      ["GET", "/api/v0/instances/48001000/"],
      ["GET", "/nowhere"]
    ]
    for (const [method, path, body] of story)
      expect(await callFar(method, path, body)).toEqual(await near.call(method, path, body))
  })

  it("gives logs at its own address", async () => {
    const { simulator } = createClient({ clock: clock() })
    await using server = await simulator.listen(0)
    const call = createCaller(simulator, fetch, server.url)
    const id = simulator.addMachine()
    simulator.writeLog(id, "hello")
    const { body } = await call("PUT", `/api/v0/instances/request_logs/${id}/`, {})
    expect(body.result_url.startsWith(`${server.url}/vast.ai/instance_logs/`)).toBe(true)
    expect((await call("GET", body.result_url)).status).toBe(403)
    await simulator.clock.advance(10_000)
    expect((await call("GET", body.result_url)).body).toContain("hello\n")
  })

  it("breaks connections for real", async () => {
    const { simulator } = createClient({ clock: clock() })
    await using server = await simulator.listen()
    const call = createCaller(simulator, fetch, server.url)
    const ask = () => call("GET", "/api/v0/users/current/")
    for (const kind of ["reset-before", "reset-after"] as const) {
      simulator.fault({ on: {}, do: { kind } })
      await expect(ask()).rejects.toMatchObject({ message: "fetch failed" })
    }
    simulator.fault({ on: {}, do: { kind: "truncate" } })
    await expect(ask()).rejects.toMatchObject({ message: "terminated" })
    simulator.fault({ on: {}, do: { kind: "truncate", clean: true } })
    await expect(ask()).rejects.toThrow(SyntaxError)
    simulator.fault({ on: {}, do: { kind: "hang" } })
    await expect(fetch(`${server.url}/api/v0/users/current/`, { signal: AbortSignal.timeout(50) })).rejects.toThrow()
    expect((await ask()).status).toBe(200)
    expect(simulator.requests().map(({ status }) => status)).toEqual(["lost", "lost", "lost", 200, "lost", 200])
  })

  it("refuses a port in use", async () => {
    const { simulator } = createClient()
    const server = await simulator.listen()
    await expect(simulator.listen(Number(new URL(server.url).port))).rejects.toMatchObject({ code: "EADDRINUSE" })
    await server.close()
  })
})
