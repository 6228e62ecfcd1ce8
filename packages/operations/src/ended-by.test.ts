import { simulateClouds } from "@anygpu/clouds/simulated"
import { createGpu, memoryLedger, money } from "anygpu"
import { describe, expect, it } from "vitest"
import { endedBy } from "./machines/ended-by.ts"

const sshKeys = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPRyQpp2azm5mMPCAyap8ulgPLVDbt5PyG3DZ//90V1S me@laptop"]
const minute = 60_000

/** Shadeform has a switch of its own; Huddle01 has none. */
const world = async () => {
  const { simulators, clock, open } = simulateClouds({ credit: 1000 })
  const clouds = await open()
  const openGpu = () => createGpu({ clouds, ledger: memoryLedger(), clock })
  const gpu = openGpu()
  const specOn = async (cloud: string) => {
    const { items: offers } = await gpu.offers({ kind: "vm" })
    const offer = offers.find(({ provider, availability }) => provider === cloud && availability === "available")
    if (!offer) throw new Error(`no offer of ${cloud}`)
    const os = cloud === "shadeform" ? "ubuntu22.04" : "ubuntu-24.04-cuda-13.0-open-docker"
    return { offer, name: "job", os, sshKeys }
  }
  const machine = (id: string) => simulators.shadeform.machines().find((one) => one.id === id)
  return { simulators, clock, gpu, specOn, machine }
}

describe("who ends a machine", () => {
  it("is its cloud, where that has a switch of its own and shows that it is set", async () => {
    const { gpu, specOn, clock } = await world()
    const until = clock.now() + 60 * minute
    const leased = await gpu.rent({ ...(await specOn("shadeform")), ttl: "1 hour" })
    expect(endedBy(leased, until)).toBe("cloud")
    const listed = (await gpu.list()).items.find(({ ref }) => ref.id === leased.ref.id)
    expect(listed && endedBy(listed, until)).toBe("cloud")
    const forGood = await gpu.rent(await specOn("shadeform"))
    expect(endedBy(forGood, null)).toBe("nobody")
  })

  it("is a sweep where the cloud has none, or forgets what it was told", async () => {
    const { gpu, specOn, clock, simulators } = await world()
    const until = clock.now() + 60 * minute
    expect(endedBy(await gpu.rent({ ...(await specOn("huddle")), ttl: "1 hour" }), until)).toBe("sweep")
    const info = { method: "GET", path: "/v1/instances/{id}/info" }
    simulators.shadeform.fault({ on: info, do: { kind: "status", status: 500 }, times: 50 })
    const unread = await gpu.rent({ ...(await specOn("shadeform")), ttl: "1 hour" })
    expect(endedBy(unread, until)).toBe("sweep")
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
