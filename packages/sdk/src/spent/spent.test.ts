import { type BillingInterval, formatMoney, InstanceRef, isReady, memoryLedger, money, type Tags } from "@anygpu/core"
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

const rented = async (
  { gpu, clock }: ReturnType<typeof setUp>,
  hours: number,
  whose: { readonly tags?: Tags; readonly owner?: string } = {}
) => {
  const [offer] = await gpu.offers()
  if (!offer) throw new Error("no offer")
  const { ref } = await gpu.rent({ offer, name: "job", os: "ubuntu", ...whose })
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

test("an end says what its machine has cost, and a sweep of each", async () => {
  const world = setUp()
  const ref = await rented(world, 3)
  const ended = await world.gpu.terminate(ref)
  expect(formatMoney(ended.cost?.cost[0] ?? money(0), 2)).toMatch(/^\$6\.\d\d$/)
  expect(ended.cost).toEqual((await world.gpu.spent()).total)
  const [offer] = await world.gpu.offers()
  if (!offer) throw new Error("no offer")
  await world.gpu.rent({ offer, name: "job", os: "ubuntu", ttl: "1 hour" })
  await world.gpu.list()
  await world.clock.sleep(2 * hour)
  expect((await world.gpu.sweep()).ended).toMatchObject([{ cost: { cost: [{ currency: "USD" }] } }])
})

test("what was spent is added up by tag and owner, and a machine says whose it is", async () => {
  const world = setUp()
  const first = await rented(world, 1, { tags: { team: "nlp", stage: "dev" }, owner: "ann@laptop" })
  await world.gpu.terminate(first)
  const second = await rented(world, 2, { tags: { team: "nlp" }, owner: "bob@ci" })
  expect(await world.gpu.get(second)).toMatchObject({ tags: { team: "nlp" }, owner: "bob@ci" })
  expect((await world.gpu.list()).items.filter(isReady)).toMatchObject([{ tags: { team: "nlp" }, owner: "bob@ci" }])
  await world.gpu.terminate(second)
  const third = await rented(world, 1)
  expect((await world.gpu.get(third)).tags).toBeUndefined()
  const whole = amounts(await world.gpu.spent())
  const hours = async (request: Parameters<typeof world.gpu.spent>[0]) =>
    Object.fromEntries(
      (await world.gpu.spent(request)).rows.map(({ of, paid }) => [of, Math.round(Duration.toHours(paid))])
    )
  expect(await hours({ by: "tag" })).toEqual({ "team=nlp": 3, "stage=dev": 1, "no tag": 1 })
  expect(await hours({ by: "owner" })).toEqual({ "ann@laptop": 1, "bob@ci": 2, "no owner": 1 })
  expect(await hours({ tags: { team: "nlp" } })).toEqual({ [String(first)]: 1, [String(second)]: 2 })
  expect(await hours({ machines: [String(third)] })).toEqual({ [String(third)]: 1 })
  expect(amounts(await world.gpu.spent({ by: "tag" })).total).toBe(whole.total)
})

test("tags that no option could hold are refused before anything is sent", async () => {
  const world = setUp()
  const [offer] = await world.gpu.offers()
  if (!offer) throw new Error("no offer")
  const spec = { offer, name: "job", os: "ubuntu" }
  await expect(world.gpu.rent({ ...spec, tags: { "a b": "x" } })).rejects.toThrow(/tags\.a b: is no name of a tag/)
  await expect(world.gpu.launch({ name: "job", job: { duration: "1 hour" }, owner: "a,b" })).rejects.toThrow(
    /^owner: must/
  )
  expect((await world.gpu.list()).items).toEqual([])
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
  [{ by: "week" }, /^by: must be machine or cloud or gpu or day or tag or owner or account/],
  [{ from: "yesterday" }, /^from: must be a Date, epoch milliseconds or a text such as/],
  [{ from: "2026-02-01", to: "2026-01-01" }, /from: is later than to/],
  [{ since: "7d" }, /since/],
  [{ machines: [7] }, /^machines\[0\]: must be/],
  [{ tags: { "": "x" } }, /no name of a tag/]
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
