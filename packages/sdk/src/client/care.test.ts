import { fetchTransport } from "@anygpu/core/adapter"
import { createVastSimulator, type VastSimulator } from "@anygpu/simulators"
import { vast } from "@anygpu/vast"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { createGpu, type InstanceRef, type Ledger, memoryLedger, ProviderFault, Timeout } from "../index.ts"
import { world } from "../testing/world.test-support.ts"

const show = { method: "GET", path: "/api/v0/instances/{id}/" }

/** Somebody ends a machine in the cloud's console. */
const removeOutside = async (simulator: VastSimulator, { id }: InstanceRef) => {
  const init = { method: "DELETE", headers: { authorization: `Bearer ${simulator.apiKey}` } }
  await simulator.fetch(`${simulator.origin}/api/v0/instances/${id}/`, init)
}

describe("care that all clouds share", () => {
  it("goes on waiting through reads that fail temporarily", async () => {
    const { gpu, spec, simulator } = world()
    const machine = await gpu.rent(await spec())
    simulator.fault({ on: show, times: 12, do: { kind: "status", status: 503, text: "down" } })
    expect(await gpu.waitUntilReady(machine.ref)).toMatchObject({ status: "running" })
  })

  it("gives a wait up in time when reads never come back, with their error", async () => {
    const { gpu, spec, simulator } = world()
    const machine = await gpu.rent(await spec())
    simulator.fault({ on: show, times: 1_000, do: { kind: "status", status: 503, text: "down" } })
    const error = await gpu.waitUntilReady(machine.ref, { within: "5 minutes" }).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(ProviderFault)
  })

  it("names the machine when a wait runs out of time", async () => {
    const { gpu, spec } = world({ timeline: { loading: 3_600_000 } })
    const machine = await gpu.rent(await spec())
    const error = await gpu.waitUntilReady(machine.ref, { within: "10 minutes" }).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(Timeout)
    expect(error).toMatchObject({ provider: "vast", kind: "container", ref: machine.ref, leftovers: [machine.ref] })
  })

  it("calls a machine that does not show yet pending, and one that the list lacks too terminated", async () => {
    const { gpu, spec, simulator } = world()
    simulator.fault({ on: show, times: 1_000, do: { kind: "status", status: 200, json: { instances: null } } })
    const machine = await gpu.rent(await spec())
    expect(machine).toMatchObject({ status: "pending", reason: "not-visible-yet", billing: "unknown" })
    await simulator.clock.sleep(120_000)
    expect(await gpu.get(machine.ref)).not.toMatchObject({ status: "terminated" })
    await removeOutside(simulator, machine.ref)
    expect(await gpu.get(machine.ref)).toMatchObject({ status: "terminated", billing: "none" })
  })

  it("calls a machine that was seen and is gone right after its launch not visible, and terminated a minute later", async () => {
    const { gpu, spec, simulator } = world()
    const machine = await gpu.rent(await spec())
    await removeOutside(simulator, machine.ref)
    expect(await gpu.get(machine.ref)).toMatchObject({ status: "pending", billing: "unknown" })
    await simulator.clock.sleep(60_000)
    expect(await gpu.get(machine.ref)).toMatchObject({ status: "terminated" })
  })

  it("sends no launch that it cannot write down, and ends machines all the same", async () => {
    const full = new ProviderFault({ message: "the disk is full", retry: "temporary", operation: "ledger" })
    const kept = memoryLedger()
    let broken = false
    let deaf = false
    const write = <A, E>(effect: Effect.Effect<A, E>) =>
      Effect.suspend((): Effect.Effect<A, E | ProviderFault> => (broken ? Effect.fail(full) : effect))
    const ledger: Ledger = {
      ...kept,
      openLaunch: (launch, reservation) => write(kept.openLaunch(launch, reservation)),
      intend: (ref, intent) => write(kept.intend(ref, intent)),
      gone: (ref, at) => write(kept.gone(ref, at)),
      settleLaunch: (marker, outcome) => (deaf ? Effect.fail(full) : kept.settleLaunch(marker, outcome))
    }
    const simulator = createVastSimulator()
    const cloud = vast({ apiKey: simulator.apiKey, transport: fetchTransport(simulator.fetch) })
    const gpu = createGpu({ clouds: [cloud], ledger, clock: simulator.clock })
    const [offer, other] = await gpu.offers({ kind: "container" })
    if (!offer || !other) throw new Error("no offers")
    const machine = await gpu.rent({ offer, name: "one", image: "ubuntu" })
    deaf = true
    const error = await gpu.rent({ offer: other, name: "deaf", image: "ubuntu" }).catch((caught: unknown) => caught)
    expect(error).toMatchObject({ leftovers: [{ id: String(simulator.machines()[1]?.id) }] })
    expect(String(error)).toContain("is rented and costs money, but the ledger could not note it")
    const taken = await gpu.rent({ offer, name: "taken", image: "ubuntu" }).catch((caught: unknown) => caught)
    expect(taken).toMatchObject({ _tag: "NoCapacity" })
    broken = true
    await expect(gpu.rent({ offer, name: "two", image: "ubuntu" })).rejects.toThrow("the disk is full")
    expect(simulator.machines()).toHaveLength(2)
    const { leftovers } = await gpu.terminate(machine.ref)
    expect(leftovers).toEqual([expect.stringContaining("the ledger could not note its end")])
    expect(simulator.machines()[0]?.alive).toBe(false)
  })

  it("settles what a lost answer and an unreadable list left open, once the cloud can be asked again", async () => {
    const { gpu, spec, simulator, alive } = world()
    const good = await spec()
    simulator.fault({ on: { method: "PUT", path: "/api/v0/asks/{id}/" }, do: { kind: "reset-after" } })
    const disarm = simulator.fault({
      on: { path: "/api/v1/instances/" },
      times: 1_000,
      do: { kind: "status", status: 502, text: "<html>" }
    })
    const error = await gpu.rent(good).catch((caught: unknown) => caught)
    expect(error).toMatchObject({ _tag: "LaunchUnsettled", provider: "vast", operation: "launch" })
    expect(alive()).toHaveLength(1)
    disarm()
    const { adopted, unsettled } = await gpu.recover()
    expect(adopted.map(({ ref }) => ref.id)).toEqual(alive().map(({ id }) => String(id)))
    expect(unsettled).toEqual([])
    expect(await gpu.recover()).toEqual({
      adopted: [],
      absent: [],
      unsettled: [],
      late: [],
      complete: true,
      problems: []
    })
  })
})
