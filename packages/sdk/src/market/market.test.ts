import { memoryLedger } from "@anygpu/core"
import { expect, test } from "vitest"
import { createGpu } from "../index.ts"
import { market, type Stand } from "../testing/market.ts"

const hour = 3_600_000

const setUp = (...stands: ReadonlyArray<Stand>) => {
  const { clouds, clock } = market({ name: "acme", stands }, { name: "other", stands: [{ id: "x", perHour: "4" }] })
  return { gpu: createGpu({ clouds, clock, ledger: memoryLedger() }), clock }
}

test("a look writes down what changed since the last one, and the past is shown by the hour", async () => {
  const stand: { id: string; perHour: string; gone?: boolean } = { id: "a", perHour: "2" }
  const { gpu, clock } = setUp(stand)
  expect(await gpu.recordPrices()).toMatchObject({ changed: 2, gone: 0, same: 0, complete: true, problems: [] })
  await clock.sleep(hour)
  stand.perHour = "3"
  expect(await gpu.recordPrices()).toMatchObject({ changed: 1, gone: 0, same: 1 })
  await clock.sleep(hour)
  stand.gone = true
  expect(await gpu.recordPrices()).toMatchObject({ changed: 0, gone: 1, same: 1 })
  const { hours, looked } = await gpu.market({ gpu: "h100", clouds: ["acme"] })
  expect(hours.map(({ median, count }) => [median?.micros, count])).toEqual([
    [2_000_000, 1],
    [3_000_000, 1]
  ])
  expect(looked).toHaveLength(3)
  const changes = await gpu.prices({ offer: "acme/vm/a" })
  expect(changes.map(({ price }) => price?.micros)).toEqual([2_000_000, 3_000_000, undefined])
})

test.each([
  [{ gpu: [] }, /gpu: is an empty list/],
  [{}, /gpu/],
  [{ gpu: "h100", from: "2026-02-01", to: "2026-01-01" }, /from: is later than to/],
  [{ gpu: "h100", cloud: "acme" }, /clouds/]
])("%j is refused", async (request, message) => {
  await expect(setUp().gpu.market(request as never)).rejects.toThrow(message)
})

test("a name that is no offer's is refused", async () => {
  await expect(setUp().gpu.prices({ offer: "5120042" })).rejects.toThrow(/vast\/container\/5120042/)
})
