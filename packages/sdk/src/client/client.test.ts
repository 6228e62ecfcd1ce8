import { createClock, createVastSimulator } from "@anygpu/simulators"
import { vast } from "@anygpu/vast"
import { describe, expect, it } from "vitest"
import { type Cloud, createGpu, estimate, type Instance, isGpuError, Unsupported } from "../index.ts"
import { world } from "../testing/world.test-support.ts"

describe("the client", () => {
  it("rents, watches, stops, starts and ends a machine", async () => {
    const { gpu, spec, simulator, alive } = world()
    const seen: string[] = []
    const machine = await gpu.rent(await spec())
    const onChange = (now: Instance) => seen.push(now.status)
    const ready = await gpu.waitUntilReady(machine.ref, { onChange })
    expect(seen).toEqual(["provisioning", "starting", "running"])
    expect(ready.endpoints.ssh[0]?.command).toMatch(/^ssh -p \d+ root@/)
    expect((await gpu.list()).items.map(({ ref }) => String(ref))).toEqual([String(machine.ref)])
    await gpu.act(machine.ref, "stop")
    expect(await gpu.waitFor(machine.ref, "stopped")).toMatchObject({ billing: "storage", reason: null })
    await gpu.act(machine.ref, "start")
    expect(await gpu.waitUntilReady(String(machine.ref))).toMatchObject({ status: "running", billing: "compute" })
    expect(await gpu.terminate(machine.ref)).toMatchObject({ alreadyGone: false, leftovers: [] })
    expect(await gpu.get(machine.ref)).toMatchObject({ status: "terminated", billing: "none", actions: [] })
    expect(await gpu.terminate(machine.ref)).toMatchObject({ alreadyGone: true })
    expect(alive()).toHaveLength(0)
    expect(simulator.spent()).toBeGreaterThan(0)
  })

  it("lists what came, and says what did not", async () => {
    const { cloud, simulator } = world()
    const dead = { ...vast({ apiKey: "dead-key-12345", baseUrl: "http://127.0.0.1:1" }), name: "dead" } as Cloud
    const gpu = createGpu({ clouds: [cloud, dead], clock: simulator.clock })
    const offers = await gpu.offers()
    expect(offers.items.length).toBeGreaterThan(0)
    expect(offers.complete).toBe(false)
    expect(offers.problems.map(({ part, error }) => [part, error._tag])).toEqual([
      ["all offers", "Network"],
      ["all offers", "Network"]
    ])
    const all = await gpu.list()
    expect([all.complete, all.items.length, all.problems.length]).toEqual([false, 0, 2])
  })

  it("asks for the wanted kind alone", async () => {
    const { gpu, simulator } = world()
    const offers = await gpu.offers({ kind: "vm" })
    expect(new Set(offers.items.map(({ kind }) => kind))).toEqual(new Set(["vm"]))
    expect(offers.complete).toBe(true)
    expect(simulator.requests()).toHaveLength(1)
  })

  it("takes a signal in the options of every call, and rejects with its reason", async () => {
    const { gpu } = world()
    const reason = new Error("enough")
    const signal = AbortSignal.abort(reason)
    await expect(gpu.offers({ signal })).rejects.toBe(reason)
    await expect(gpu.list({ signal })).rejects.toBe(reason)
    await expect(gpu.get("vast/container/1", { signal })).rejects.toBe(reason)
    await expect(gpu.clouds.vast.containers.balance({ signal })).rejects.toBe(reason)
    await expect(gpu.clouds.vast.native.currentUser({ signal })).rejects.toBe(reason)
  })

  it("ends what it made when a launch is aborted while the request is under way", async () => {
    const { gpu, spec, simulator, alive } = world()
    const abort = new AbortController()
    simulator.fault({ on: { method: "PUT", path: "/api/v0/asks/{id}/" }, do: { kind: "latency", ms: 5_000 } })
    const launch = gpu.rent(await spec(), { signal: abort.signal })
    await simulator.clock.sleep(1_000)
    abort.abort(new Error("enough"))
    await expect(launch).rejects.toThrow("enough")
    expect(simulator.machines()).toHaveLength(1)
    expect(alive()).toHaveLength(0)
  })

  it("stops a wait at once when it is aborted, and leaves the machine alone", async () => {
    const { gpu, spec, alive } = world()
    const machine = await gpu.rent(await spec())
    const abort = new AbortController()
    const wait = gpu.waitUntilReady(machine.ref, {
      signal: abort.signal,
      onChange: () => abort.abort(new Error("stop"))
    })
    await expect(wait).rejects.toThrow("stop")
    expect(alive()).toHaveLength(1)
  })

  it("answers Unsupported for what a kind lacks, and sends nothing", async () => {
    const { gpu, simulator } = world()
    const error = await gpu.act("vast/vm/1", "logs").catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(Unsupported)
    expect(isGpuError(error)).toBe(true)
    expect(simulator.requests()).toHaveLength(0)
  })

  it("reaches every endpoint through the native client", async () => {
    const { gpu, simulator, spec } = world()
    const { ref } = await gpu.rent(await spec())
    const answer = await gpu.clouds.vast.native.manageInstance({
      params: { id: ref.id },
      body: { label: "by hand" }
    })
    expect(answer.success).toBe(true)
    expect(simulator.machines()[0]?.label).toBe("by hand")
  })

  it("quotes what a job costs, which the meter confirms", async () => {
    const { gpu, spec, simulator } = world()
    const { offer, ...rest } = await spec()
    const storageMiB = 20_480
    const machine = await gpu.rent({ offer, ...rest, diskMiB: storageMiB })
    await gpu.waitUntilReady(machine.ref)
    const before = simulator.spent()
    await simulator.clock.sleep(3_600_000)
    const quote = estimate(offer, { duration: "1 hour", storageMiB })
    const metered = simulator.spent() - before
    expect(quote).not.toBeNull()
    expect((quote?.total.micros ?? 0) / 1e6).toBeGreaterThanOrEqual(metered * 0.999)
    expect((quote?.total.micros ?? 0) / 1e6).toBeLessThan(metered * 1.02)
  })

  it("works over a real socket with the pooled transport as well", async () => {
    const clock = createClock({ mode: { speed: 30 } })
    const simulator = createVastSimulator({ clock })
    await using server = await simulator.listen()
    const gpu = createGpu({ clouds: [vast({ apiKey: simulator.apiKey, baseUrl: server.url })], clock })
    const [offer] = await gpu.offers({ kind: "container", limit: 1 })
    if (!offer) throw new Error("no offer")
    const machine = await gpu.rent({ offer, name: "socket", image: "ubuntu" })
    await gpu.waitUntilReady(machine.ref)
    await gpu.terminate(machine.ref)
    expect(simulator.machines().map(({ alive }) => alive)).toEqual([false])
  })
})
