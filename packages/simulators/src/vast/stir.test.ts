import { expect, it } from "vitest"
import { createRandom } from "../random.ts"
import { createClient } from "../testing/client.ts"

it("lets a market move: prices within bounds, offers that go and come, machines that stay", async () => {
  const { call, show, simulator } = createClient({ credit: 1000 })
  const offers = async (): Promise<ReadonlyArray<{ readonly id: number; readonly dph_base: number }>> =>
    (await call("POST", "/api/v0/bundles/", { limit: 1000 })).body.offers
  const id = simulator.addMachine()
  const before = await show(id)
  const first = new Map((await offers()).map((offer) => [offer.id, offer.dph_base]))
  const random = createRandom(7)
  const counts = new Set<number>()
  for (let step = 0; step < 50; step++) {
    simulator.stir(random)
    counts.add((await offers()).length)
  }
  const last = await offers()
  const moved = last.filter((offer) => first.has(offer.id) && first.get(offer.id) !== offer.dph_base)
  expect(moved.length).toBeGreaterThan(first.size / 4)
  for (const offer of moved) {
    const factor = offer.dph_base / (first.get(offer.id) ?? Number.NaN)
    expect(factor).toBeGreaterThan(0.69)
    expect(factor).toBeLessThan(1.51)
  }
  expect(counts.size).toBeGreaterThan(5)
  expect(Math.min(...counts)).toBeGreaterThan(first.size * 0.7)
  expect(await show(id)).toMatchObject({ actual_status: before.actual_status, dph_base: before.dph_base })
})
