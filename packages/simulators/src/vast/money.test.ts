import { expect, it } from "vitest"
import { createClient } from "../testing/client.ts"
import { money } from "./money.ts"

const hour = 3_600_000

it("meters GPU and disk exactly, by state", async () => {
  const { call, show, simulator } = createClient({ credit: 1000 })
  const id = simulator.addMachine({ disk: 72 })
  const row = await show(id)
  const disk = (row.storage_cost * 72) / 720
  await simulator.clock.sleep(10 * hour)
  expect(simulator.spent()).toBeCloseTo(10 * (row.dph_base + disk), 12)
  expect(simulator.balance()).toBeCloseTo(1000 - simulator.spent(), 12)
  expect(row.dph_total).toBeCloseTo(row.dph_base + disk, 12)
  simulator.exitContainer(id)
  const running = simulator.spent()
  await simulator.clock.sleep(100 * hour)
  expect(simulator.spent() - running).toBeCloseTo(100 * disk, 10)
  simulator.setStatus(id, { actual_status: "frozen" })
  const exited = simulator.spent()
  await simulator.clock.sleep(hour)
  expect(simulator.spent() - exited).toBeCloseTo(row.dph_base + disk, 10)
  await call("DELETE", `/api/v0/instances/${id}/`)
  const final = simulator.spent()
  await simulator.clock.sleep(1000 * hour)
  expect(simulator.spent()).toBe(final)
  expect(simulator.machines()[0]?.spent).toBe(final)
})

it("charges storage but no GPU while booting", async () => {
  const { rent, show, simulator } = createClient({
    timeline: { provisioning: hour, created: hour, loading: hour, jitter: 0 }
  })
  const id = await rent({ disk: 100 })
  const row = await show(id)
  await simulator.clock.sleep(3 * hour)
  expect(simulator.spent()).toBeCloseTo((3 * row.storage_cost * 100) / 720, 12)
})

it("gives the same sum however often it's looked at", async () => {
  const [often, once] = [createClient({ credit: 50 }), createClient({ credit: 50 })]
  for (const { simulator } of [often, once]) simulator.addMachine({ disk: 33.3 })
  for (let look = 0; look < 1000; look++) {
    await often.simulator.clock.sleep(1237)
    often.simulator.balance()
  }
  await once.simulator.clock.sleep(1237 * 1000)
  expect(often.simulator.spent()).toBe(once.simulator.spent())
  expect(often.simulator.balance()).toBe(once.simulator.balance())
})

it("keeps the price of a contract when the offer's changes", async () => {
  const { call, show, simulator } = createClient()
  const id = simulator.addMachine()
  const before = await show(id)
  const offer = simulator.machines()[0]?.offerId ?? 0
  await call("PUT", `/api/v0/instances/${id}/`, { state: "stopped" })
  await simulator.clock.sleep(60_000)
  const quote = async () =>
    (await call("POST", "/api/v0/bundles/", { ask_contract_id: { eq: offer } })).body.offers[0].dph_base
  const old = await quote()
  simulator.changePrice(offer, 2)
  expect(await quote()).toBeCloseTo(old * 2, 6)
  expect((await show(id)).dph_base).toBe(before.dph_base)
})

it("stops at the very moment the credit ends", async () => {
  const { show, simulator } = createClient({ credit: 1, timeline: { stopping: 0, jitter: 0 } })
  const id = simulator.addMachine({ disk: 10 })
  const { dph_base, storage_cost } = await show(id)
  await simulator.clock.sleep(1000 * hour)
  const gpuHours = 1 / (dph_base + (storage_cost * 10) / 720)
  expect(simulator.spent()).toBeCloseTo(1 + (1000 - gpuHours) * ((storage_cost * 10) / 720), 5)
})

it("converts without loss", () => {
  expect(money.toDollars(money.toUnits(25))).toBe(25)
  expect(money.toDollars(money.toUnits(0.000001))).toBe(0.000001)
  expect(money.toDollars(-money.toUnits(1.25))).toBe(-1.25)
  expect(money.toUnits(1)).toBe(money.unitsPerDollar)
})
