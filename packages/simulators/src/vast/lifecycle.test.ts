import { describe, expect, it } from "vitest"
import { createClient, statusOf } from "../testing/client.ts"

const exact = { provisioning: 5000, created: 10_000, loading: 60_000, stopping: 8000, jitter: 0 }
const halted = expect.stringMatching(/^(exited|stopped)$/)

const createWorld = (options = {}) => {
  const client = createClient({ timeline: exact, ...options })
  const { call, show, simulator } = client
  const status = async (id: number) => statusOf(await show(id))
  const put = (id: number, body: object) => call("PUT", `/api/v0/instances/${id}/`, body)
  const offerOf = (id: number) => simulator.machines().find((machine) => machine.id === id)?.offerId ?? 0
  return { ...client, status, put, offerOf, sleep: simulator.clock.sleep }
}

describe("boot", () => {
  it("goes null, created, loading, running; ports come with running", async () => {
    const { rent, show, status, sleep } = createWorld()
    const id = await rent()
    expect(await status(id)).toEqual([null, "running", "stopped", "running"])
    const fresh = await show(id)
    expect(fresh).toMatchObject({ ports: null, uptime_mins: null, status_msg: null })
    expect(fresh.ssh_host).toMatch(/^ssh\d+\.vast\.ai$/)
    expect(fresh.ssh_port).toBeGreaterThan(1024)
    await sleep(5000)
    expect(await status(id)).toEqual(["created", "running", "running", "running"])
    await sleep(10_000)
    expect(await status(id)).toEqual(["loading", "running", "running", "running"])
    await sleep(59_999)
    expect((await show(id)).actual_status).toBe("loading")
    await sleep(1)
    expect(await status(id)).toEqual(["running", "running", "running", "running"])
    const row = await show(id)
    expect(row.status_msg).toBe("success, running ubuntu_22.04/ssh")
    expect(Object.keys(row.ports)).toEqual(["22/tcp", "8000/tcp"])
    expect(row.ports["22/tcp"]).toEqual([{ HostIp: "0.0.0.0", HostPort: String(row.direct_port_start) }])
  })

  it("publishes port 22 only in direct modes, and big ports under one number", async () => {
    const { rent, show, sleep } = createWorld()
    const proxy = await rent({ runtype: "ssh", env: { "-p 70001:70001": "1", "-p 53:53/udp": "1" } })
    const jupyter = await rent({ runtype: "jupyter_direct", env: {} })
    const args = await rent({ runtype: null, args_str: "serve --port 8000", env: {} })
    await sleep(120_000)
    const { ports } = await show(proxy)
    expect(Object.keys(ports)).toContain("53/udp")
    expect(Object.keys(ports)).not.toContain("22/tcp")
    const [same] = Object.keys(ports).filter((port) => port !== "53/udp")
    expect(same).toBe(`${ports[same ?? ""][0].HostPort}/tcp`)
    expect(Object.keys((await show(jupyter)).ports)).toEqual(["22/tcp", "8080/tcp"])
    const row = await show(args)
    expect(row).toMatchObject({ image_runtype: "args", image_args: ["serve", "--port", "8000"] })
    expect(row.ports).toEqual({})
    expect(row.direct_port_start).toBe(-1)
  })

  it("lets the port map lag behind running when asked to", async () => {
    const { rent, show, sleep } = createWorld({ timeline: { ...exact, ports: 5000 } })
    const id = await rent()
    await sleep(75_000)
    expect(await show(id)).toMatchObject({ actual_status: "running", ports: null })
    await sleep(5000)
    expect((await show(id)).ports).not.toBeNull()
  })

  it("can be abandoned by the host, as captured live", async () => {
    const { rent, show, status, sleep, simulator } = createWorld()
    const id = await rent()
    await sleep(5000)
    simulator.failBoot(id)
    await sleep(3_600_000)
    expect(await status(id)).toEqual(["created", "stopped", "stopped", "stopped"])
    expect((await show(id)).status_msg).toContain(": OCI runtime create failed:")
    expect(simulator.machines()[0]?.spent).toBeGreaterThan(0)
  })
})

describe("stop and start", () => {
  it("shows the wish first and the state later, both ways", async () => {
    const { simulator, status, put, sleep, show } = createWorld()
    const id = simulator.addMachine()
    expect((await put(id, { state: "stopped" })).body).toEqual({ success: true })
    expect(await status(id)).toEqual(["running", "stopped", "running", "stopped"])
    await sleep(8000)
    expect(await status(id)).toEqual([halted, "stopped", "stopped", "stopped"])
    expect((await show(id)).ports).toBeNull()
    expect((await put(id, { state: "running" })).body).toEqual({ success: true })
    expect(await status(id)).toEqual([halted, "running", "running", "running"])
    await sleep(10_000)
    expect((await status(id))[0]).toBe("loading")
    await sleep(20_000)
    expect(await status(id)).toEqual(["running", "running", "running", "running"])
    expect((await put(id, { state: "running" })).body).toEqual({ success: true })
    await put(id, { state: "stopped" })
    await put(id, { state: "running" })
    await sleep(60_000)
    expect(await status(id)).toEqual(["running", "running", "running", "running"])
  })

  it("queues a start whose GPU was rented by somebody else, and starts later by itself", async () => {
    const { simulator, status, put, sleep, offerOf } = createWorld()
    const id = simulator.addMachine()
    await put(id, { state: "stopped" })
    await sleep(10_000)
    simulator.takeOffer(offerOf(id))
    expect((await put(id, { state: "running" })).body).toEqual({
      success: false,
      error: "resources_unavailable",
      msg: "Required resources are currently unavailable, state change queued"
    })
    expect(await status(id)).toEqual([halted, "running", "stopped", "running"])
    await sleep(600_000)
    expect((await status(id))[0]).toEqual(halted)
    simulator.freeOffer(offerOf(id))
    await sleep(60_000)
    expect(await status(id)).toEqual(["running", "running", "running", "running"])
  })

  it("cancels a queued start by a stop, and a boot too", async () => {
    const { simulator, status, put, sleep, offerOf, rent } = createWorld()
    const id = simulator.addMachine({ state: "stopped" })
    simulator.takeOffer(offerOf(id))
    await put(id, { state: "running" })
    await put(id, { state: "stopped" })
    simulator.freeOffer(offerOf(id))
    await sleep(600_000)
    expect(await status(id)).toEqual([halted, "stopped", "stopped", "stopped"])
    const booting = await rent()
    await sleep(20_000)
    await put(booting, { state: "stopped" })
    await sleep(600_000)
    expect(await status(booting)).toEqual([halted, "stopped", "stopped", "stopped"])
  })

  it("reboots, recycles, exits and starts again", async () => {
    const { simulator, status, put, sleep, call } = createWorld()
    const id = simulator.addMachine()
    await call("PUT", `/api/v0/instances/reboot/${id}/`, {})
    expect(await status(id)).toEqual(["rebooting", "running", "running", "running"])
    await sleep(20_000)
    expect((await status(id))[0]).toBe("running")
    await call("PUT", `/api/v0/instances/recycle/${id}/`, {})
    expect((await status(id))[0]).toBe("recycling")
    await sleep(120_000)
    expect((await status(id))[0]).toBe("running")
    simulator.exitContainer(id)
    expect(await status(id)).toEqual(["exited", "running", "running", "running"])
    await put(id, { state: "running" })
    await sleep(60_000)
    expect((await status(id))[0]).toBe("running")
    await put(id, { state: "stopped" })
    await sleep(10_000)
    await call("PUT", `/api/v0/instances/reboot/${id}/`, {})
    await call("PUT", `/api/v0/instances/recycle/${id}/`, {})
    expect((await status(id))[0]).toEqual(halted)
  })
})

describe("interruptible machines", () => {
  it("are stopped when outbid and resume by themselves", async () => {
    const { simulator, status, sleep } = createWorld()
    const id = simulator.addMachine({ bid: 1 })
    simulator.preempt(id)
    expect(await status(id)).toEqual([halted, "stopped", "stopped", "stopped"])
    await sleep(600_000)
    expect((await status(id))[0]).toEqual(halted)
    simulator.outbidBack(id)
    await sleep(60_000)
    expect(await status(id)).toEqual(["running", "running", "running", "running"])
    expect(() => simulator.preempt(simulator.addMachine())).toThrow("isn't interruptible")
    expect(() => simulator.preempt(1)).toThrow("No instance 1")
    expect(() => simulator.takeOffer(1)).toThrow("No offer 1")
  })

  it("resume when their bid is raised, but not after a stop", async () => {
    const { simulator, status, sleep, call, put } = createWorld()
    const [raised, stopped] = [simulator.addMachine({ bid: 1 }), simulator.addMachine({ bid: 1 })]
    for (const id of [raised, stopped]) simulator.preempt(id)
    await put(stopped, { state: "stopped" })
    await call("PUT", `/api/v0/instances/bid_price/${raised}/`, { client_id: "me", price: 1.3 })
    simulator.outbidBack(stopped)
    await sleep(60_000)
    expect((await status(raised))[0]).toBe("running")
    expect((await status(stopped))[0]).toEqual(halted)
  })

  it("lose to a higher bid and to an on-demand rental", async () => {
    const { simulator, status, sleep, call, offerOf } = createWorld()
    const first = simulator.addMachine({ bid: 5 })
    const rent = (more: object) => call("PUT", `/api/v0/asks/${offerOf(first)}/`, { image: "a", disk: 10, ...more })
    expect((await rent({ price: 5.1 })).body.success).toBe(false)
    const second = (await rent({ price: 6 })).body.new_contract
    expect(await status(first)).toEqual([halted, "stopped", "stopped", "stopped"])
    const third = (await rent({})).body.new_contract
    expect((await status(second))[3]).toBe("stopped")
    await call("DELETE", `/api/v0/instances/${third}/`)
    await sleep(120_000)
    expect((await status(second))[0]).toBe("running")
    expect((await status(first))[0]).toEqual(halted)
  })
})

describe("other ends", () => {
  it("reads offline while the host is away, and goes on where it was", async () => {
    const { simulator, rent, status, sleep, show } = createWorld()
    const id = await rent()
    await sleep(10_000)
    simulator.hostOffline(id)
    const spent = simulator.spent()
    await sleep(3_600_000)
    expect(await status(id)).toEqual(["offline", "running", "running", "running"])
    expect(simulator.spent()).toBe(spent)
    simulator.hostOnline(id)
    expect((await show(id)).actual_status).toBe("created")
    await sleep(65_000)
    expect((await show(id)).actual_status).toBe("running")
  })

  it("stops at the end of the contract and can't start again", async () => {
    const { simulator, show, status, sleep, put } = createWorld({ credit: 100_000 })
    const id = simulator.addMachine()
    const { end_date } = await show(id)
    await sleep(end_date * 1000 - simulator.clock.now() + 60_000)
    expect(await status(id)).toEqual([halted, "stopped", "stopped", "stopped"])
    expect((await put(id, { state: "running" })).status).toBe(400)
  })

  it("stops everything when the credit is gone", async () => {
    const { simulator, status, sleep, put } = createWorld({ credit: 0.1 })
    const id = simulator.addMachine()
    await sleep(86_400_000)
    expect(await status(id)).toEqual([halted, "stopped", "stopped", "stopped"])
    expect(simulator.balance()).toBeLessThan(0)
    expect((await put(id, { state: "running" })).body.error).toBe("missing_billing")
    simulator.addCredit(10)
    expect((await put(id, { state: "running" })).body).toEqual({ success: true })
  })

  it("shows whatever status a test sets, and keeps it", async () => {
    const { simulator, status, show, sleep } = createWorld()
    const id = simulator.addMachine()
    simulator.setStatus(id, { actual_status: "frozen", intended_status: "frozen", status_msg: "paused" })
    await sleep(3_600_000)
    expect(await status(id)).toEqual(["frozen", "frozen", "running", "running"])
    expect((await show(id)).status_msg).toBe("paused")
    simulator.setStatus(id, { actual_status: null })
    expect((await status(id))[0]).toBeNull()
  })
})
