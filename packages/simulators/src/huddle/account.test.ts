import { setupServer } from "msw/node"
import { describe, expect, it } from "vitest"
import { handlers } from "../msw.ts"
import { createHuddleClient, publicKey } from "../testing/huddle.ts"
import { basePath, routes } from "./routes/index.ts"

describe("keys of the API", () => {
  const concrete = (path: string) => path.replaceAll(/\{\w+\}/g, "1")

  it.each(routes.map(({ method, path }) => [method, path] as const))("%s %s needs one", async (method, path) => {
    const { simulator } = createHuddleClient()
    const ask = async (headers: Record<string, string>) => {
      const response = await simulator.fetch(simulator.origin + concrete(path), { method, headers })
      return { status: response.status, body: response.status === 204 ? null : await response.json() }
    }
    const refused = { status: 401, body: { code: "UNAUTHORIZED", error: expect.any(String) } }
    for (const headers of [{}, { "x-api-key": "mk_wrong" }, { authorization: simulator.apiKey }])
      expect(await ask(headers)).toEqual(refused)
    expect((await ask({ authorization: `Bearer ${simulator.apiKey}` })).status).not.toBe(401)
    expect(simulator.requests().map(({ authorized }) => authorized)).toEqual([false, false, false, true])
  })

  it("can be made, listed without secrets, used and revoked", async () => {
    const { call } = createHuddleClient()
    const made = (await call("POST", "/api-keys", {})).body.data
    expect(made).toMatchObject({ name: "default", prefix: made.secret.slice(0, 9) })
    const { secret, ...rest } = made
    expect((await call("GET", "/api-keys")).body.data).toEqual([rest])
    const ask = () => call("GET", "/regions", undefined, { "x-api-key": secret })
    expect((await ask()).status).toBe(200)
    expect(await call("DELETE", `/api-keys/${made.id}`)).toEqual({ status: 200, body: { code: "OK", data: {} } })
    expect((await ask()).status).toBe(401)
    expect((await call("DELETE", `/api-keys/${made.id}`)).status).toBe(404)
  })

  it("knows no other paths", async () => {
    const { call } = createHuddleClient()
    expect(await call("GET", "/nothing")).toMatchObject({ status: 404, body: { code: "NOT_FOUND" } })
    expect((await call("PATCH", "/regions")).status).toBe(404)
    expect(basePath).toBe("/api/v1")
  })
})

describe("ssh keys", () => {
  it("have fingerprints, and no text", async () => {
    const { call } = createHuddleClient()
    expect((await call("GET", "/ssh-keys")).body).toEqual({ code: "OK", data: [] })
    const made = await call("POST", "/ssh-keys", { name: "laptop", public_key: publicKey })
    const row = {
      ...{ id: expect.stringMatching(/^sk_/), name: "laptop", key_type: "ed25519", created_at: expect.any(String) },
      fingerprint: "SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU"
    }
    expect(made).toEqual({ status: 200, body: { code: "OK", data: row } })
    expect((await call("GET", "/ssh-keys")).body.data).toEqual([row])
    expect((await call("POST", "/ssh-keys", { name: "x" })).body.error).toContain("public_key")
    expect((await call("POST", "/ssh-keys", { public_key: publicKey })).body.error).toContain("name")
    expect((await call("POST", "/ssh-keys", { name: "x", public_key: "nonsense" })).status).toBe(400)
    expect((await call("DELETE", `/ssh-keys/${made.body.data.id}`)).status).toBe(204)
    expect((await call("DELETE", `/ssh-keys/${made.body.data.id}`)).status).toBe(404)
  })

  it("stay on deployments that have them", async () => {
    const { call, deploy, show } = createHuddleClient()
    const { id, ssh_key_ids } = (await deploy()).body.data
    await call("DELETE", `/ssh-keys/${ssh_key_ids[0]}`)
    expect((await show(id)).ssh_key_ids).toEqual(ssh_key_ids)
  })
})

describe("volumes", () => {
  it("of a deployment are attached with it; data survives it, the boot disk doesn't", async () => {
    const { call, deploy, sleep, simulator } = createHuddleClient()
    const { id } = (await deploy({ volumes: [{ name: "data", size: 500, type: "NVMe" }] })).body.data
    const rows = async () => (await call("GET", "/volumes")).body.data.data
    const statuses = async () => (await rows()).map(({ status }: { status: string }) => status)
    expect(await rows()).toMatchObject([
      { instance_id: id, name: "boot", size: 50, is_os_volume: true, status: "ordered" },
      { instance_id: id, name: "data", size: 500, is_os_volume: false, base_hourly_cost: 0.05, monthly_price: 36.5 }
    ])
    await sleep(15_000)
    expect(await statuses()).toEqual(["attaching", "attaching"])
    await sleep(120_000)
    expect(await statuses()).toEqual(["attached", "attached"])
    const [, data] = await rows()
    expect((await call("DELETE", `/volumes/${data.id}`)).status).toBe(409)
    await call("DELETE", `/deployments/${id}`)
    await sleep(30_000)
    expect(await statuses()).toEqual(["deleted", "detached"])
    expect((await rows())[1]).not.toHaveProperty("instance_id")
    expect(simulator.volumes()).toMatchObject([{ name: "data", deployments: [] }])
    await sleep(600_000)
    expect((await call("GET", "/volumes?status=detached")).body.data).toMatchObject({ meta: { total: 1 } })
    expect((await call("DELETE", `/volumes/${data.id}`)).status).toBe(204)
    expect((await call("DELETE", `/volumes/${data.id}`)).status).toBe(404)
    await sleep(600_000)
    expect(await rows()).toEqual([])
  })

  it("of their own are made detached, or attached to deployments", async () => {
    const { call, simulator, sleep } = createHuddleClient()
    const [one, two] = [simulator.addMachine(), simulator.addMachine()]
    const wish = { name: "v", type: "NVMe_Shared", location: "FIN-01", size: 10 }
    for (const more of [{}, { instance_id: one }, { instance_ids: [one, two] }])
      expect((await call("POST", "/volumes", { ...wish, ...more })).body.data.status).toBe("ordered")
    await sleep(20_000)
    const own = (await call("GET", "/volumes")).body.data.data.filter(({ name }: { name: string }) => name === "v")
    expect(own.map(({ status }: { status: string }) => status)).toEqual(["detached", "attached", "attached"])
    simulator.deleteOutside(one)
    expect(simulator.volumes().filter(({ name }) => name === "v")).toMatchObject([
      { deployments: [] },
      { deployments: [] },
      { deployments: [two] }
    ])
  })

  it.each([
    [{ name: undefined }, "Missing required field: name"],
    [{ type: undefined }, "Missing required field: type"],
    [{ location: undefined }, "Missing required field: location"],
    [{ size: undefined }, "Missing required field: size"],
    [{ size: "10" }, "Invalid field: size"],
    [{ type: "Tape" }, "Invalid field: type"],
    [{ location: "X" }, "Invalid field: location"],
    [{ instance_id: "dep_none" }, "Invalid field: instance_id"],
    [{ instance_ids: "dep_none" }, "Invalid field: instance_id"]
  ])("refuses %j", async (more, error) => {
    const { call } = createHuddleClient()
    const wish = { name: "v", type: "NVMe", location: "FIN-01", size: 10 }
    expect(await call("POST", "/volumes", { ...wish, ...more })).toEqual({
      status: 400,
      body: { code: "BAD_REQUEST", error }
    })
  })
})

describe("notices", () => {
  it("waitlist requests come and go", async () => {
    const { call } = createHuddleClient()
    const { body } = await call("POST", "/deployments/requests", { cluster_type: "1A100.22V", auto_deploy: true })
    expect(body.data).toMatchObject({ location: "", auto_deploy: true, status: "waiting" })
    expect((await call("GET", "/deployments/requests")).body.data).toEqual([body.data])
    expect((await call("POST", "/deployments/requests", {})).status).toBe(400)
    expect((await call("POST", "/deployments/requests", { cluster_type: "9X1" })).status).toBe(400)
    expect((await call("DELETE", `/deployments/requests/${body.data.id}`)).status).toBe(204)
    expect((await call("DELETE", `/deployments/requests/${body.data.id}`)).status).toBe(404)
    expect((await call("GET", "/deployments/requests")).body.data).toEqual([])
  })

  it("webhooks change in part, and show their secret once", async () => {
    const { call, sleep } = createHuddleClient()
    const { secret, ...row } = (
      await call("POST", "/webhooks", { url: "https://me.test/hook", events: ["gpu.available"] })
    ).body.data
    expect(secret).toMatch(/^whsec_/)
    expect((await call("GET", "/webhooks")).body.data).toEqual([row])
    await sleep(1000)
    const off = await call("PUT", `/webhooks/${row.id}`, { is_active: false })
    expect(off.body.data).toEqual({ ...row, is_active: false, updated_at: expect.not.stringMatching(row.updated_at) })
    const events = ["deployment.running", "deployment.deleted"]
    expect((await call("PUT", `/webhooks/${row.id}`, { events })).body.data).toMatchObject({ events, is_active: false })
    expect((await call("PUT", `/webhooks/${row.id}`, { events: ["deployment.deleting"] })).status).toBe(400)
    expect((await call("PUT", `/webhooks/${row.id}`, { is_active: "no" })).status).toBe(400)
    expect((await call("PUT", "/webhooks/none", {})).status).toBe(404)
    for (const body of [{ events }, { url: "https://me.test" }, { url: "https://me.test", events: [] }])
      expect((await call("POST", "/webhooks", body)).status).toBe(400)
    expect((await call("DELETE", `/webhooks/${row.id}`)).status).toBe(204)
    expect((await call("DELETE", `/webhooks/${row.id}`)).status).toBe(404)
  })
})

describe("faults of its own", () => {
  it("capacity: a deploy is refused, nothing is made", async () => {
    const { simulator, deploy } = createHuddleClient()
    simulator.fault({ on: { path: "/api/v1/deployments/clusters" }, do: { kind: "capacity" } })
    expect(await deploy()).toMatchObject({ status: 409, body: { code: "CONFLICT" } })
    expect(simulator.machines()).toEqual([])
    expect((await deploy()).status).toBe(200)
  })

  it("unknown-status: in lists and single rows", async () => {
    const { simulator, call, show } = createHuddleClient()
    const id = simulator.addMachine()
    const arm = (path: string, status?: string) =>
      simulator.fault({ on: { path }, do: { kind: "unknown-status", ...(status !== undefined && { status }) } })
    arm("/api/v1/deployments/{id}")
    expect([(await show(id)).status, (await show(id)).status]).toEqual(["hibernating", "running"])
    arm("/api/v1/deployments", "validating")
    expect((await call("GET", "/deployments")).body.data.data[0].status).toBe("validating")
    arm("/api/v1/regions")
    expect((await call("GET", "/regions")).status).toBe(200)
  })

  it("a failure reads as the documents say", async () => {
    const { simulator, call } = createHuddleClient()
    simulator.fault({ on: {}, do: { kind: "status", status: 500 } })
    expect(await call("GET", "/regions")).toMatchObject({ status: 500, body: { code: "INTERNAL" } })
  })
})

it("answers the global fetch through msw", async () => {
  const { simulator } = createHuddleClient()
  const server = setupServer(...handlers(simulator))
  server.listen()
  try {
    const headers = { "x-api-key": simulator.apiKey }
    const response = await fetch(`${simulator.origin}/api/v1/billing/balance`, { headers })
    expect(await response.json()).toMatchObject({ data: { balance_cents: 10_000 } })
  } finally {
    server.close()
  }
})
