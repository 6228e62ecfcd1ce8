import { describe, expect, it } from "vitest"
import { createClient, publicKey } from "./client.test-support.ts"
import { createFluenceSimulator } from "./index.ts"

describe("a simulated Fluence", () => {
  it("lets in its key alone, everywhere", async () => {
    const simulator = createFluenceSimulator({ apiKey: "mine" })
    for (const path of ["/gpu/plans/", "/vms/v2", "/marketplace/countries", "/ssh_keys"]) {
      const url = simulator.origin + path
      const statuses = await Promise.all([
        simulator.fetch(url),
        simulator.fetch(url, { headers: { authorization: "Bearer other" } }),
        simulator.fetch(url, { headers: { "x-api-key": "other" } }),
        simulator.fetch(url, { headers: { "x-api-key": "mine" } })
      ])
      expect(statuses.map(({ status }) => status)).toEqual([403, 403, 403, 200])
    }
    expect(simulator.requests().filter(({ authorized }) => authorized)).toHaveLength(4)
  })

  it("redirects a path of the GPU family with a slash too few or too many, keeping method and body", async () => {
    const { call, get, simulator } = createClient()
    expect(await get("/gpu/plans")).toEqual(await get("/gpu/plans/"))
    expect(await get("/gpu/plans/vms/")).toEqual(await get("/gpu/plans/vms"))
    expect((await call("POST", "/gpu/instances", {})).status).toBe(422)
    expect(simulator.requests().map(({ method, path, status }) => `${method} ${path} ${status}`)).toEqual([
      ...["GET /gpu/plans 200", "GET /gpu/plans/ 200"],
      ...["GET /gpu/plans/vms/ 307", "GET /gpu/plans/vms 200", "GET /gpu/plans/vms 200"],
      ...["POST /gpu/instances 307", "POST /gpu/instances/ 422"]
    ])
  })

  it("says no to what isn't there, in the form of its family", async () => {
    const { call } = createClient()
    expect(await call("GET", "/gpu/regions")).toEqual({ status: 404, body: { detail: "Not Found" } })
    expect(await call("PATCH", "/gpu/instances/")).toMatchObject({ status: 405 })
    expect(await call("GET", "/v2/vms")).toEqual({ status: 404, body: { error: "Not Found" } })
    expect(await call("GET", "/vms/v2/")).toMatchObject({ status: 404 })
    expect(await call("POST", "/vms/v2", {})).toEqual({ status: 405, body: { error: "Method Not Allowed" } })
  })

  it("has the same plans for the same seed, other ids for another", async () => {
    const plans = (seed: number) => createClient({ seed }).get("/gpu/plans/")
    expect(await plans(4)).toEqual(await plans(4))
    expect((await plans(4))[0].plan.id).not.toBe((await plans(5))[0].plan.id)
  })

  it("continues from a snapshot", async () => {
    const { deploy, createCpu, simulator } = createClient({ sshKeys: [publicKey] })
    const id = await deploy()
    await createCpu()
    await simulator.clock.sleep(130_000)
    simulator.takeOption(simulator.machines()[0]?.planId ?? "")
    const snapshot = simulator.snapshot()
    const other = createClient({ snapshot })
    expect(other.simulator.machines()).toEqual(simulator.machines())
    for (const each of [other.simulator, simulator]) await each.clock.sleep(5 * 3_600_000)
    expect(other.simulator.machines()).toEqual(simulator.machines())
    expect([other.simulator.balance(), other.simulator.spent()]).toEqual([simulator.balance(), simulator.spent()])
    expect(other.simulator.addMachine({ kind: "vm" })).toBe(simulator.addMachine({ kind: "vm" }))
    expect((await other.get(`/gpu/instances/${id}`)).container_status).toBe("STARTED")
    expect(await other.get("/ssh_keys")).toMatchObject([{ publicKey, algorithm: "ssh-ed25519", comment: "me@laptop" }])
    expect(() => createFluenceSimulator({ snapshot: JSON.stringify({ version: 1 }) })).toThrow("version 1")
  })

  it("ends requests by its own faults", async () => {
    const { call, deploy, get, simulator } = createClient()
    const on = { path: "/gpu/instances/{instance_id}" }
    const id = await deploy()
    simulator.fault({ on, do: { kind: "unknown-status" } })
    expect((await get(`/gpu/instances/${id}`)).instance_status).toBe("MIGRATING")
    simulator.fault({ on: { path: "/gpu/instances/" }, do: { kind: "unknown-status", status: "ODD" } })
    expect(await get("/gpu/instances/")).toMatchObject([{ id, instance_status: "ODD" }])
    expect((await get(`/gpu/instances/${id}`)).instance_status).toBe("INITIALIZED")
    for (const [path, status] of [
      ["/gpu/instances/vms", 400],
      ["/vms/v3", 422]
    ] as const) {
      simulator.fault({ on: { method: "POST", path }, do: { kind: "capacity" } })
      expect((await call("POST", path, {})).status).toBe(status)
    }
    simulator.fault({ on: { method: "POST" }, do: { kind: "reset-after" } })
    await expect(deploy()).rejects.toThrow("fetch failed")
    expect(simulator.machines()).toHaveLength(2)
    simulator.fault({ on: {}, do: { kind: "status", status: 503 } })
    expect(await call("GET", "/gpu/plans/")).toEqual({ status: 503, body: { error: "simulated 503" } })
  })

  it("serves over loopback", async () => {
    const { simulator } = createClient()
    await using server = await simulator.listen()
    const headers = { "X-API-KEY": simulator.apiKey }
    const plans = await fetch(`${server.url}/gpu/plans`, { headers })
    expect([plans.status, plans.redirected]).toEqual([200, false])
    const keys = await fetch(`${server.url}/ssh_keys`, { method: "DELETE", headers, body: '{"fingerprint":"none"}' })
    expect(keys.status).toBe(404)
  })

  it("says which machine a stroke can't hit", () => {
    const { simulator } = createClient()
    const vm = simulator.addMachine({ kind: "vm" })
    const cpu = simulator.addMachine({ kind: "cpu-vm" })
    expect(() => simulator.endOutside("none")).toThrow("none")
    expect(() => simulator.exitContainer(vm)).toThrow("no container")
    expect(() => simulator.holdDomain(cpu)).toThrow("CPU family")
    expect(() => simulator.providerTerminates(vm)).toThrow("GPU family")
    expect(() => simulator.failProvisioning(vm)).toThrow("provisioned")
    expect(() => simulator.takeOption(simulator.machines()[0]?.planId ?? "")).toThrow("rented")
    expect(() => createFluenceSimulator({ sshKeys: ["nonsense"] })).toThrow("public key")
  })

  it("takes bad keys for no keys", async () => {
    const { call, get } = createClient()
    expect((await call("POST", "/ssh_keys", { name: "a", publicKey: "nonsense" })).status).toBe(400)
    expect((await call("POST", "/ssh_keys", { publicKey })).status).toBe(400)
    expect(await get("/ssh_keys")).toEqual([])
  })
})
