import { simulateClouds } from "@anygpu/clouds/simulated"
import { createGpu, type Instance, memoryLedger, money } from "anygpu"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { enderOf } from "./machines/ended-by.ts"

const sshKeys = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPRyQpp2azm5mMPCAyap8ulgPLVDbt5PyG3DZ//90V1S me@laptop"]
const minute = 60_000

/** Shadeform has a switch of its own; Huddle01 has none. */
const world = async () => {
  const { simulators, clock, open } = simulateClouds({ credit: 1000 })
  const clouds = await open()
  const ledger = memoryLedger()
  const gpu = createGpu({ clouds, ledger, clock })
  const endedBy = (machine: Instance) => enderOf({ ledger: async () => ledger }, machine)
  const specOn = async (cloud: string) => {
    const { items: offers } = await gpu.offers({ kind: "vm" })
    const offer = offers.find(({ provider, availability }) => provider === cloud && availability === "available")
    if (!offer) throw new Error(`no offer of ${cloud}`)
    const os = cloud === "shadeform" ? "ubuntu22.04" : "ubuntu-24.04-cuda-13.0-open-docker"
    return { offer, name: "job", os, sshKeys }
  }
  const machine = (id: string) => simulators.shadeform.machines().find((one) => one.id === id)
  return { simulators, clock, gpu, ledger, endedBy, specOn, machine }
}

describe("who ends a machine", () => {
  it("is its cloud, where that has a switch of its own and shows that it is set", async () => {
    const { gpu, specOn, endedBy } = await world()
    const leased = await gpu.rent({ ...(await specOn("shadeform")), ttl: "1 hour" })
    expect(await endedBy(leased)).toBe("cloud")
    const listed = (await gpu.list()).items.find(({ ref }) => ref.id === leased.ref.id)
    expect(listed && (await endedBy(listed))).toBe("cloud")
    const forGood = await gpu.rent(await specOn("shadeform"))
    expect(await endedBy(forGood)).toBe("nobody")
  })

  it("is nobody where the cloud has none, or forgets what it was told: a sweep has to", async () => {
    const { gpu, specOn, simulators, endedBy } = await world()
    expect(await endedBy(await gpu.rent({ ...(await specOn("huddle")), ttl: "1 hour" }))).toBe("nobody")
    const info = { method: "GET", path: "/v1/instances/{id}/info" }
    simulators.shadeform.fault({ on: info, do: { kind: "status", status: 500 }, times: 50 })
    expect(await endedBy(await gpu.rent({ ...(await specOn("shadeform")), ttl: "1 hour" }))).toBe("nobody")
  })

  it("is the machine itself where its launch asked for that, which needs a time", async () => {
    const { gpu, endedBy, simulators } = await world()
    const { items: offers } = await gpu.offers({ kind: "container" })
    const offer = offers.find(({ provider, availability }) => provider === "vast" && availability === "available")
    if (!offer) throw new Error("no offer of vast")
    const spec = { offer, name: "job", image: "ubuntu:22.04", endsItself: true } as const
    expect(await endedBy(await gpu.rent({ ...spec, ttl: "1 hour" }))).toBe("itself")
    const before = simulators.vast.requests().length
    await expect(gpu.rent(spec)).rejects.toMatchObject({ _tag: "InvalidRequest", issues: [{ path: "endsItself" }] })
    expect(simulators.vast.requests()).toHaveLength(before)
  })

  it("is a keeper that has a key of that cloud, as long as it is heard of", async () => {
    const { gpu, specOn, ledger, endedBy } = await world()
    const leased = await gpu.rent({ ...(await specOn("huddle")), ttl: "1 hour" })
    const forGood = await gpu.rent(await specOn("huddle"))
    const say = (places: ReadonlyArray<string>, lasts: number) =>
      Effect.runPromise(ledger.announceKeeper({ id: "k", host: "here", since: 0, places }, lasts))
    await say(["vast/container"], 60_000)
    expect(await endedBy(leased)).toBe("nobody")
    await say(["huddle/vm", "vast/container"], 60_000)
    expect(await endedBy(leased)).toBe("keeper")
    expect(await endedBy(forGood)).toBe("nobody")
    await say(["huddle/vm"], 0)
    expect(await endedBy(leased)).toBe("nobody")
  })

  it("is this process, while it holds the lease", async () => {
    const { gpu, specOn, endedBy } = await world()
    const lease = await gpu.lease(await specOn("huddle"), { ttl: "1 hour" })
    expect(await endedBy(lease.machine)).toBe("process")
    await lease.keep()
    expect(await endedBy(lease.machine)).toBe("nobody")
    await gpu.terminate(lease.ref)
  })
})

describe("a lease on a cloud with a switch of its own", () => {
  it("is ended by the cloud when every process is gone, within minutes of its end", async () => {
    const { gpu, specOn, machine, clock } = await world()
    // The process dies: nobody holds the lease, and no sweep comes.
    const { ref } = await gpu.rent({ ...(await specOn("shadeform")), ttl: "2 hours" })
    await clock.sleep(119 * minute)
    expect(machine(ref.id)?.state).toBe("active")
    await clock.sleep(12 * minute)
    expect(machine(ref.id)?.state).toMatch(/^delet/)
  })

  it("sets time and money, moves the end with every renewal, and removes it when the machine is kept", async () => {
    const { gpu, specOn, machine, clock } = await world()
    const lease = await gpu.lease(await specOn("shadeform"), { ttl: "1 hour", maxTotal: money("7.005") })
    const { id } = lease.ref
    const dateOf = () => Date.parse(machine(id)?.autoDelete?.date_threshold ?? "")
    expect(machine(id)?.autoDelete?.spend_threshold).toBe("7.00")
    expect(dateOf() - lease.until.epochMilliseconds).toBeGreaterThan(0)
    await clock.sleep(30 * minute)
    const until = await lease.renew("3 hours")
    expect(dateOf() - until.epochMilliseconds).toBeLessThanOrEqual(6 * minute)
    expect(dateOf()).toBeGreaterThan(clock.now() + 180 * minute)
    await lease.keep()
    expect(machine(id)?.autoDelete).toBeNull()
    await clock.sleep(300 * minute)
    expect(machine(id)?.state).toBe("active")
    await gpu.terminate(lease.ref)
  })

  it("is not renewed where the cloud would end it all the same, and says so", async () => {
    const { gpu, specOn, simulators } = await world()
    const lease = await gpu.lease(await specOn("shadeform"), { ttl: "1 hour" })
    const { until } = lease
    const update = { method: "POST", path: "/v1/instances/{id}/update" }
    const heal = simulators.shadeform.fault({ on: update, do: { kind: "status", status: 400 }, times: 50 })
    await expect(lease.renew("5 hours")).rejects.toMatchObject({ _tag: "InvalidRequest" })
    await expect(lease.keep()).rejects.toMatchObject({ _tag: "InvalidRequest" })
    expect(lease.until.epochMilliseconds).toBe(until.epochMilliseconds)
    heal()
    await lease.renew("5 hours")
    await lease.end()
  })
})
