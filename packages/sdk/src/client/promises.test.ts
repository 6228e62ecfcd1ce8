import { createVastSimulator } from "@anygpu/simulators"
import { fetchTransport, vast } from "@anygpu/vast"
import { describe, expect, it } from "vitest"
import { createGpu, OutOfFunds } from "../index.ts"
import { world } from "../testing/world.test-support.ts"

const create = { method: "PUT", path: "/api/v0/asks/{id}/" }
const show = { method: "GET", path: "/api/v0/instances/{id}/" }
const list = { path: "/api/v1/instances/" }
const hidden = { kind: "status", status: 200, json: { instances: null } } as const
const caught = (error: unknown) => error

describe("a machine that does not show yet", () => {
  it("is pending from when it was made, however long the create took", async () => {
    const { gpu, spec, simulator, alive } = world()
    simulator.fault({ on: create, do: { kind: "latency", ms: 70_000 } })
    simulator.fault({ on: show, times: 2, do: hidden })
    expect(await gpu.rent(await spec())).toMatchObject({ status: "pending", reason: "not-visible-yet" })
    expect(alive()).toHaveLength(1)
  })

  it("is not gone: ending it goes on until it can be seen gone", async () => {
    const { gpu, spec, simulator, alive } = world()
    simulator.fault({ on: show, times: 3, do: hidden })
    const machine = await gpu.rent(await spec())
    const missing = { success: false, error: "no_such_instance", msg: "Instance not found." }
    simulator.fault({ on: { method: "DELETE" }, times: 2, do: { kind: "status", status: 404, json: missing } })
    await gpu.terminate(machine.ref)
    expect(alive()).toHaveLength(0)
  })

  it("is not called gone for one read that lags behind a destroy without effect", async () => {
    const { gpu, spec, simulator, alive } = world()
    const machine = await gpu.rent(await spec())
    simulator.fault({ on: { method: "DELETE" }, do: { kind: "status", status: 200, json: { success: true } } })
    simulator.fault({ on: show, do: hidden })
    await gpu.terminate(machine.ref)
    expect(alive()).toHaveLength(0)
  })
})

describe("a launch", () => {
  it("costs no more than its limit, also when the price rose after the offer", async () => {
    const { gpu, spec, simulator, alive } = world()
    const good = await spec()
    simulator.changePrice(Number(good.offer.id), 5)
    const error = await gpu
      .rent({ ...good, ...(good.offer.pricePerHour && { maxPerHour: good.offer.pricePerHour }) })
      .catch(caught)
    expect(error).toBeInstanceOf(OutOfFunds)
    expect(simulator.machines()).toHaveLength(1)
    expect(alive()).toHaveLength(0)
  })

  it("that waits for others is not sent any more when it is aborted", async () => {
    const { gpu, simulator, alive } = world({ credit: 100 })
    const offers = (await gpu.offers({ kind: "container", limit: 8 })).items
    const abort = new AbortController()
    const options = { signal: abort.signal }
    const launches = offers.map((offer) => gpu.rent({ offer, name: "many", image: "ubuntu" }, options).catch(caught))
    await simulator.clock.sleep(1_000)
    abort.abort(new Error("enough"))
    const rented = (await Promise.all(launches)).filter((answer) => !(answer instanceof Error))
    expect(simulator.machines().length).toBeLessThanOrEqual(2)
    expect(alive()).toHaveLength(rented.length)
  })

  it("that is aborted says what it may have left behind", async () => {
    const { gpu, spec, simulator } = world()
    const abort = new AbortController()
    simulator.fault({ on: create, do: { kind: "reset-after" } })
    simulator.fault({ on: list, times: 1_000, do: { kind: "status", status: 502, text: "down" } })
    const launch = gpu.rent(await spec(), { signal: abort.signal }).catch(caught)
    await simulator.clock.sleep(1_000)
    abort.abort(new Error("enough"))
    expect(await launch).toMatchObject({ _tag: "LaunchUnsettled", marker: expect.stringMatching(/^ag/) })
  })

  it("that is aborted and whose machine cannot be ended names the machine", async () => {
    const { gpu, spec, simulator, alive } = world()
    const abort = new AbortController()
    simulator.fault({ on: create, do: { kind: "latency", ms: 5_000 } })
    simulator.fault({ on: { method: "DELETE" }, times: 1_000, do: { kind: "status", status: 500, text: "down" } })
    const launch = gpu.rent(await spec(), { signal: abort.signal }).catch(caught)
    await simulator.clock.sleep(1_000)
    abort.abort(new Error("enough"))
    const [left] = alive()
    expect(await launch).toMatchObject({ leftovers: [{ id: String((left ?? simulator.machines()[0])?.id) }] })
  })

  it("that waits on a key takes what the first one came to, and rents nothing of its own", async () => {
    const { gpu, spec, simulator } = world()
    const good = { ...(await spec()), key: "job-1" }
    simulator.fault({ on: create, do: { kind: "latency", ms: 20_000 } })
    const [first, second] = await Promise.all([gpu.rent(good), gpu.rent(good)])
    expect(String(second.ref)).toBe(String(first.ref))
    await gpu.terminate(first.ref)
    expect(await gpu.rent(good)).toMatchObject({ status: "terminated" })
    expect(simulator.machines()).toHaveLength(1)
  })

  it("whose key names another launch is refused", async () => {
    const { gpu, spec, simulator } = world()
    const good = { ...(await spec()), key: "job-1" }
    await gpu.rent(good)
    const other = await gpu.rent({ ...good, image: "debian" }).catch(caught)
    expect(other).toMatchObject({ _tag: "Conflict" })
    expect(String(other)).toContain('image "ubuntu:24.04", not "debian"')
    expect(simulator.machines()).toHaveLength(1)
  })
})

describe("two clients", () => {
  it("share no ledger unless they are given one: a key of the one says nothing to the other", async () => {
    const [one, two] = [{ seed: 1 }, { seed: 2 }].map((options) => {
      const simulator = createVastSimulator(options)
      const cloud = vast({ apiKey: simulator.apiKey, transport: fetchTransport(simulator.fetch) })
      return { simulator, gpu: createGpu({ clouds: [cloud], clock: simulator.clock }) }
    })
    for (const { gpu, simulator } of [one, two].filter((client) => client !== undefined)) {
      const [offer] = await gpu.offers({ kind: "container", limit: 1 })
      if (!offer) throw new Error("no offer")
      await gpu.rent({ offer, name: "job", image: "ubuntu", key: "job-1" })
      expect(simulator.machines()).toHaveLength(1)
    }
  })
})

describe("an end", () => {
  it("of a machine that nobody ever knew leaves no trace", async () => {
    const { gpu } = world()
    expect(await gpu.terminate("vast/container/777777")).toMatchObject({ alreadyGone: true })
    expect(await gpu.get("vast/container/777777").catch(caught)).toMatchObject({ _tag: "NotFound" })
  })
})

describe("what we asked long ago", () => {
  it("does not explain for ever what a machine does: one that runs past our stop was started by others", async () => {
    const { gpu, spec, simulator } = world()
    const machine = await gpu.rent(await spec())
    await gpu.waitUntilReady(machine.ref)
    await gpu.act(machine.ref, "stop")
    await gpu.waitFor(machine.ref, "stopped")
    const up = { actual_status: "running", intended_status: "running", cur_state: "running", next_state: "running" }
    simulator.setStatus(Number(machine.ref.id), up)
    await simulator.clock.sleep(200_000)
    expect(await gpu.get(machine.ref)).toMatchObject({ status: "running" })
    const down = { actual_status: "stopped", intended_status: "stopped", cur_state: "stopped", next_state: "stopped" }
    simulator.setStatus(Number(machine.ref.id), down)
    expect(await gpu.get(machine.ref)).toMatchObject({ status: "stopped", reason: "stopped-outside" })
  })
})
