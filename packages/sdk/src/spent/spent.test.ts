import { type BillingInterval, formatMoney, InstanceRef, memoryLedger } from "@anygpu/core"
import * as Duration from "effect/Duration"
import fc from "fast-check"
import { expect, test } from "vitest"
import { createGpu, type Spent } from "../index.ts"
import { market } from "../testing/market.ts"
import { costWithin, daysOf } from "./interval-cost.ts"

const hour = 3_600_000

const setUp = () => {
  const { clouds, clock } = market({ name: "acme", stands: [{ id: "o1", perHour: "2" }] })
  const ledger = memoryLedger()
  return { gpu: createGpu({ clouds, clock, ledger }), clock, ledger, clouds }
}

const amounts = ({ rows, total }: Spent) => ({
  rows: Object.fromEntries(rows.map(({ of, cost }) => [of, cost.map((one) => formatMoney(one, 2)).join()])),
  total: total.cost.map((one) => formatMoney(one, 2)).join()
})

const rented = async ({ gpu, clock }: ReturnType<typeof setUp>, hours: number) => {
  const [offer] = await gpu.offers()
  if (!offer) throw new Error("no offer")
  const { ref } = await gpu.rent({ offer, name: "job", os: "ubuntu" })
  await gpu.waitUntilReady(ref)
  await clock.sleep(hours * hour)
  return ref
}

test("what machines have cost is known after they ended, also to the next process", async () => {
  const world = setUp()
  const ref = await rented(world, 3)
  await world.gpu.terminate(ref)
  const spent = await createGpu({ clouds: world.clouds, clock: world.clock, ledger: world.ledger }).spent()
  expect(amounts(spent).rows[String(ref)]).toMatch(/^\$6\.\d\d$/)
  expect(spent.total.cost).toEqual(spent.rows[0]?.cost)
  await world.clock.sleep(50 * hour)
  expect(amounts(await world.gpu.spent())).toEqual(amounts(spent))
})

test("a machine that nobody looked at costs on, and for how long nobody looked is said", async () => {
  const world = setUp()
  await rented(world, 10)
  const { total } = await world.gpu.spent({ by: "cloud" })
  expect(Duration.toHours(total.paid)).toBeCloseTo(10, 0)
  expect(Duration.toHours(total.unobserved)).toBeCloseTo(10, 0)
  await world.gpu.list()
  expect(Duration.toHours((await world.gpu.spent()).total.unobserved)).toBe(0)
})

test("days add up to the whole, and a part of time is a part of the cost", async () => {
  const world = setUp()
  const ref = await rented(world, 60)
  await world.gpu.terminate(ref)
  const [whole, days] = [await world.gpu.spent(), await world.gpu.spent({ by: "day" })]
  expect(days.rows.length).toBeGreaterThanOrEqual(3)
  expect(Duration.toMillis(days.total.paid)).toBe(Duration.toMillis(whole.total.paid))
  const [first] = days.rows
  const to = `${days.rows[1]?.of}T00:00:00Z`
  expect((await world.gpu.spent({ to })).total.cost).toEqual(first?.cost)
  expect((await world.gpu.spent({ from: world.clock.now() })).rows).toEqual([])
})

test.each([
  [{ by: "week" }, /^by: must be machine or cloud or gpu or day/],
  [{ from: "yesterday" }, /^from: must be a Date, epoch milliseconds or a text such as/],
  [{ from: "2026-02-01", to: "2026-01-01" }, /from: is later than to/],
  [{ since: "7d" }, /since/]
] as const)("%j is refused", async (request, message) => {
  await expect(setUp().gpu.spent(request as never)).rejects.toThrow(message)
})

const moment = fc.integer({ min: 0, max: 400 * hour })

test("the cost of a span is that of its days, to a rounding for each", () => {
  fc.assert(
    fc.property(moment, moment, moment, fc.integer({ min: 0, max: 10_000_000 }), (a, b, now, micros) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b)]
      const interval: BillingInterval = {
        ...{ ref: new InstanceRef("vast", "container", "1"), from, first: from, seen: from, end: to, gpu: null },
        billing: "compute",
        pricePerHour: { micros, currency: "USD" }
      }
      const whole = costWithin(interval, { from, to }, now)
      if (whole === null) {
        expect(from).toBe(to)
        return
      }
      const days = daysOf(whole).map((day) => costWithin(interval, day, now))
      const sum = days.reduce((total, day) => total + (day?.cost?.micros ?? 0), 0)
      expect(Math.abs(sum - (whole.cost?.micros ?? 0))).toBeLessThanOrEqual(days.length)
      expect(days.reduce((total, day) => total + (day?.unobserved ?? 0), 0)).toBe(whole.unobserved)
    })
  )
})
