import { describe, expect, it } from "vitest"
import { createClock } from "../../clock.ts"
import { configuration, createClient } from "../client.test-support.ts"

const at = (time: string) => createClock({ start: new Date(`2026-02-07T${time}Z`) })
const smallest = "cpu-2-ram-4gb-storage-25gb"
const inParis = { basicConfiguration: smallest, datacenter: { countries: ["FR"] } }
const day = 86_400_000

describe("a CPU machine", () => {
  it("is missing in the lists for seconds, then Launching without an address, then Active", async () => {
    const { createCpu, get, simulator } = createClient()
    const id = await createCpu()
    expect(id).toMatch(/^0x[0-9a-fA-F]{40}$/)
    expect(await get("/vms/v2")).toEqual([])
    expect(await get(`/vms/v3/status?ids=${id}`)).toEqual([])
    await simulator.clock.sleep(3000)
    expect(await get("/vms/v3")).toMatchObject([{ id, status: "Launching", publicIp: null }])
    expect((await get(`/vms/v3/status?ids=${id}`))[0]).not.toHaveProperty("publicIp")
    await simulator.clock.sleep(117_000)
    expect(await get("/vms/v3")).toMatchObject([{ status: "Active", statusChangedAt: "2026-01-01T00:02:00Z" }])
    const [row] = await get("/vms/v2")
    expect(row).not.toHaveProperty("statusChangedAt")
    expect(row).toMatchObject({ status: "Active", publicIp: expect.stringMatching(/^[\d.]+$/) })
    expect(row.ports).toEqual([{ port: 22, protocol: "tcp" }, ...configuration.openPorts])
    expect(await get(`/vms/v3/status?ids=0x00,${id.toLowerCase()}`)).toEqual([
      { id, status: "Active", statusChangedAt: "2026-01-01T00:02:00Z", publicIp: row.publicIp }
    ])
  })

  it("is the cheapest and smallest that meets the constraints, as long as there is one", async () => {
    const { call, createCpu, get, simulator } = createClient()
    const one = { vmConfiguration: configuration, instances: 1 }
    await createCpu()
    await createCpu({ datacenter: { countries: ["FR"] } })
    await createCpu({ datacenter: { countries: ["FR", "US"] } })
    await createCpu({ basicConfiguration: "cpu-4-ram-8gb-storage-25gb", hardware: { memory: [{ generation: "5" }] } })
    expect(simulator.machines().map(({ planId }) => planId)).toEqual([
      `${smallest}@PL-POZ-1`,
      `${smallest}@FR-PAR-1`,
      `${smallest}@US-DAL-2`,
      "cpu-4-ram-8gb-storage-25gb@US-DAL-2"
    ])
    const dear = { ...inParis, maxTotalPricePerEpochUsd: "2.4351" }
    expect((await call("POST", "/vms/v3", { ...one, constraints: dear })).status).toBe(422)
    expect((await call("POST", "/vms/v3", { ...one, constraints: inParis })).status).toBe(200)
    expect((await call("POST", "/vms/v3", { ...one, constraints: inParis })).status).toBe(422)
    const offers = (await call("POST", "/marketplace/offers", { basicConfiguration: smallest })).body
    expect(
      offers.map(({ servers }: { servers: Array<{ availableBasicInstances: number }> }) => servers[0])
    ).toMatchObject([{ availableBasicInstances: 4 }, { availableBasicInstances: 2 }])
    simulator.takeOption(`${smallest}@PL-POZ-1`)
    await createCpu()
    expect(simulator.machines().at(-1)?.planId).toBe(`${smallest}@US-DAL-2`)
    await simulator.clock.sleep(5000)
    expect(await get("/vms/v3")).toHaveLength(6)
  })

  it("closes ports that an update leaves out, all machines of an update or none", async () => {
    const { call, createCpu, get, simulator } = createClient()
    const [id, other] = [await createCpu(), await createCpu()]
    await simulator.clock.sleep(5000)
    const openPorts = [{ port: 9000, protocol: "udp" }]
    const lost = [
      { id, openPorts },
      { id: "0x00", openPorts }
    ]
    expect((await call("PATCH", "/vms/v3", { updates: lost })).status).toBe(404)
    expect((await get("/vms/v3"))[0].ports).toHaveLength(2)
    const updates = [
      { id, openPorts },
      { id: other, vmName: "other" }
    ]
    expect((await call("PATCH", "/vms/v3", { updates })).status).toBe(204)
    expect(await get("/vms/v3")).toMatchObject([{ ports: openPorts, vmName: "my-vm" }, { vmName: "other" }])
    expect((await call("PATCH", "/vms/v2", { id, openPorts: [] })).status).toBe(204)
    expect((await get("/vms/v2"))[0].ports).toEqual([])
  })

  it("leaves the lists after its DELETE, many at once", async () => {
    const { call, createCpu, get, simulator } = createClient()
    const ids = [await createCpu(), await createCpu()]
    await simulator.clock.sleep(200_000)
    expect((await call("DELETE", "/vms/v3", { vmIds: [...ids, "0x00"] })).status).toBe(200)
    expect((await call("DELETE", "/vms/v3", { vmIds: ids })).status).toBe(200)
    expect((await get("/vms/v3"))[0].status).toBe("Active")
    await simulator.clock.sleep(10_000)
    expect(await get("/vms/v3")).toMatchObject([{ status: "Stopped", publicIp: null }, { status: "Stopped" }])
    await simulator.clock.sleep(60_000)
    expect(await get("/vms/v3")).toEqual([])
    expect(simulator.machines()).toMatchObject([
      { reserved: 0, alive: false },
      { reserved: 0, alive: false }
    ])
  })

  it.each([
    ["no key", { sshKeys: [] }, "vmConfiguration.sshKeys"],
    ["another name", { name: "my vm" }, "vmConfiguration.name"],
    ["no URL", { osImage: "ubuntu" }, "vmConfiguration.osImage"],
    ["another file", { osImage: "https://example.com/image.iso" }, "vmConfiguration.osImage"],
    ["the reserved port", { openPorts: [{ port: 10250, protocol: "tcp" }] }, "vmConfiguration.openPorts.0.port"],
    ["port 0", { openPorts: [{ port: 0, protocol: "tcp" }] }, "vmConfiguration.openPorts.0.port"],
    ["port 65536", { openPorts: [{ port: 65_536, protocol: "tcp" }] }, "vmConfiguration.openPorts.0.port"],
    ["a port as text", { openPorts: [{ port: "80", protocol: "tcp" }] }, "vmConfiguration.openPorts.0.port"],
    [
      "51 ports",
      { openPorts: Array.from({ length: 51 }, (_, i) => ({ port: i + 100, protocol: "tcp" })) },
      "vmConfiguration.openPorts"
    ]
  ])("with %s isn't made", async (_, more, path) => {
    const { call, simulator } = createClient()
    const body = { instances: 1, vmConfiguration: { ...configuration, ...more } }
    const { status, body: answer } = await call("POST", "/vms/v3", body)
    expect([status, answer.error]).toEqual([400, expect.stringContaining(`${path}: `)])
    expect(simulator.machines()).toEqual([])
  })
})

it("a CPU machine opens the first port and the last one", async () => {
  const { call } = createClient()
  const openPorts = [1, 65_535].map((port) => ({ port, protocol: "tcp" }))
  const body = { instances: 1, vmConfiguration: { ...configuration, openPorts } }
  expect((await call("POST", "/vms/v3", body)).status).toBe(200)
})

describe("the price of a CPU machine", () => {
  it("is a whole day at once and a day held; the next at 17:55 UTC", async () => {
    const { createCpu, get, simulator } = createClient({ clock: at("17:45:00"), credit: 20 })
    await createCpu(inParis)
    await simulator.clock.sleep(5000)
    expect(simulator.balance()).toBe(15.1296)
    const row = async () => (await get("/vms/v2"))[0]
    expect(await row()).toMatchObject({
      ...{ pricePerEpoch: "2.4352", reservedBalance: "2.4352", totalSpent: "2.4352" },
      nextBillingAt: "2026-02-07T17:55:00Z"
    })
    await simulator.clock.sleep(10 * 60_000)
    expect(await row()).toMatchObject({ totalSpent: "4.8704", nextBillingAt: "2026-02-08T17:55:00Z" })
    await simulator.clock.sleep(day - 600_000)
    expect((await row()).totalSpent).toBe("4.8704")
  })

  it("gives the reserve back at the end, and charges an epoch that began before it", async () => {
    const { call, createCpu, simulator } = createClient({ clock: at("17:00:00"), credit: 20 })
    const id = await createCpu({ ...inParis, additionalResources: null, hardware: null })
    await simulator.clock.sleep(3_600_000)
    await call("DELETE", "/vms/v3", { vmIds: [id] })
    await simulator.clock.sleep(day)
    expect([simulator.spent(), simulator.balance()]).toEqual([4.8704, 15.1296])
  })

  it("isn't charged for an epoch that begins after its DELETE", async () => {
    const { call, createCpu, simulator } = createClient({ clock: at("17:50:00"), credit: 20 })
    const id = await createCpu(inParis)
    await simulator.clock.sleep(295_000)
    await call("DELETE", "/vms/v3", { vmIds: [id] })
    await simulator.clock.sleep(6000)
    expect(simulator.machines()).toMatchObject([{ status: "Active", spent: 2.4352 }])
    await simulator.clock.sleep(day)
    expect([simulator.spent(), simulator.balance()]).toEqual([2.4352, 17.5648])
  })

  it("can't be paid: no deposit, no machine", async () => {
    const { call, simulator } = createClient({ credit: 4.87 })
    const body = { constraints: inParis, instances: 1, vmConfiguration: configuration }
    expect((await call("POST", "/vms/v3", body)).status).toBe(400)
    simulator.addCredit(0.0004)
    expect((await call("POST", "/vms/v3", body)).status).toBe(200)
    expect(simulator.balance()).toBe(0)
  })

  it("runs out: SmallBalance, InsufficientFunds, Terminated; new credit helps before that", async () => {
    const { createCpu, get, simulator } = createClient({ clock: at("12:00:00"), credit: 4.8704 })
    await createCpu(inParis)
    const status = async () => (await get("/vms/v2"))[0].status
    await simulator.clock.sleep(day / 2)
    expect([await status(), (await get("/vms/v2"))[0].publicIp]).toEqual(["SmallBalance", expect.any(String)])
    simulator.addCredit(2.4352)
    expect(await status()).toBe("Active")
    await simulator.clock.sleep(day)
    expect(await status()).toBe("SmallBalance")
    await simulator.clock.sleep(day)
    expect([await status(), (await get("/vms/v2"))[0].publicIp]).toEqual(["InsufficientFunds", null])
    simulator.addCredit(5)
    expect([await status(), (await get("/vms/v2"))[0].totalSpent]).toEqual(["Active", "9.7408"])
    simulator.addCredit(-simulator.balance())
    await simulator.clock.sleep(3 * day)
    expect(await status()).toBe("Terminated")
    expect(simulator.spent()).toBe(12.176)
  })

  it("is held after its provider ended it, until a DELETE", async () => {
    const { call, createCpu, get, simulator } = createClient({ credit: 10 })
    const id = await createCpu(inParis)
    await simulator.clock.sleep(200_000)
    simulator.providerTerminates(id)
    await simulator.clock.sleep(10 * day)
    expect((await get("/vms/v3"))[0]).toMatchObject({
      status: "Terminated",
      reservedBalance: "2.4352",
      datacenter: null
    })
    expect([simulator.balance(), simulator.spent()]).toEqual([5.1296, 2.4352])
    await call("DELETE", "/vms/v3", { vmIds: [id] })
    expect(simulator.balance()).toBe(7.5648)
    await simulator.clock.sleep(60_000)
    expect(await get("/vms/v3")).toEqual([])
  })
})
