import * as Effect from "effect/Effect"
import fc from "fast-check"
import { expect, test } from "vitest"
import { memoryLedger } from "./memory.ts"
import type { PriceLook } from "./prices.ts"

const minute = 60_000
const hour = 60 * minute
const start = 480_000 * hour

const look = (prices: Readonly<Record<string, number>>, more: Partial<PriceLook> = {}): PriceLook => ({
  ...{ provider: "acme", kind: "vm", interruptible: false, complete: true },
  offers: Object.entries(prices).map(([offer, micros]) => ({
    ...{ offer, gpu: "H100", gpuCount: 2, price: { micros, currency: "USD" } }
  })),
  ...more
})

const ledgerWith = (...looks: ReadonlyArray<readonly [minutes: number, look: PriceLook]>) => {
  const ledger = memoryLedger()
  const news = looks.map(([minutes, one]) => Effect.runSync(ledger.recordPrices([one], start + minutes * minute)))
  const changes = (offer: string, range = {}) =>
    Effect.runSync(ledger.priceChanges({ provider: "acme", kind: "vm", offer, ...range })).map(
      ({ at, price }) => [(at - start) / minute, price?.micros ?? null] as const
    )
  const hours = () =>
    Effect.runSync(ledger.marketHours()).map(
      ({ gpu, hour: begin, min, median, max, count }) =>
        [(begin - start) / hour, gpu, min?.micros, median?.micros, max?.micros, count] as const
    )
  return { news, changes, hours, ledger }
}

test("a price that stays is not written again, a new one and the end of an offer are", () => {
  const { news, changes } = ledgerWith(
    [0, look({ a: 20, b: 40 })],
    [5, look({ a: 20, b: 40 })],
    [10, look({ a: 30, b: 40 })],
    [15, look({ b: 40 })],
    [20, look({ a: 30, b: 40 })]
  )
  expect(news.map(({ changed, gone, same }) => [changed, gone, same])).toEqual([
    [2, 0, 0],
    [0, 0, 2],
    [1, 0, 1],
    [0, 1, 1],
    [1, 0, 1]
  ])
  expect(changes("a")).toEqual([
    [0, 20],
    [10, 30],
    [15, null],
    [20, 30]
  ])
  expect(changes("b")).toEqual([[0, 40]])
  expect(changes("a", { from: start + 12 * minute, to: start + 20 * minute })).toEqual([
    [10, 30],
    [15, null]
  ])
})

test("of a list that is not whole nothing is concluded about what is missing", () => {
  const { news, changes, hours } = ledgerWith([0, look({ a: 20, b: 40 })], [5, look({ a: 20 }, { complete: false })])
  expect(news[1]).toEqual({ changed: 0, gone: 0, same: 1 })
  expect(changes("b")).toEqual([[0, 40]])
  expect(hours()).toContainEqual([0, "H100", 10, 15, 20, 2])
})

test("a look that is older than the last one changes nothing", () => {
  const { news, changes } = ledgerWith([5, look({ a: 20 })], [0, look({ a: 99, b: 1 })])
  expect(news[1]).toEqual({ changed: 0, gone: 0, same: 0 })
  expect([changes("a"), changes("b")]).toEqual([[[5, 20]], []])
})

test("an hour has the lowest and the highest price of all its looks, and the median of the last, per GPU", () => {
  const { hours } = ledgerWith(
    [0, look({ a: 20, b: 40, c: 60 })],
    [30, look({ a: 200, b: 40, c: 60 })],
    [59, look({})],
    [61, look({})],
    [130, look({ a: 20 })]
  )
  expect(hours()).toEqual([
    [0, "H100", 10, undefined, 100, 0],
    [0, null, undefined, undefined, undefined, 0],
    [1, null, undefined, undefined, undefined, 0],
    [2, "H100", 10, 10, 10, 1],
    [2, null, undefined, undefined, undefined, 1]
  ])
})

test("changes are forgotten after 400 days, and what is gone for that long", () => {
  const days = (count: number) => count * 24 * 60
  const { changes } = ledgerWith(
    [0, look({ a: 20, b: 40, c: 60 })],
    [5, look({ a: 30, b: 40 })],
    [days(401), look({ a: 50, b: 40 })]
  )
  expect([changes("a"), changes("b"), changes("c")]).toEqual([[[days(401), 50]], [[0, 40]], []])
})

test("the changes of an offer are just its prices at the looks, each written once", () => {
  const price = fc.option(fc.integer({ min: 1, max: 3 }), { nil: null })
  fc.assert(
    fc.property(fc.array(price, { minLength: 1, maxLength: 30 }), (prices) => {
      const { changes } = ledgerWith(
        ...prices.map((micros, index) => [index, look(micros === null ? {} : { a: micros })] as const)
      )
      const written = changes("a")
      const before = [null, ...prices]
      expect(written).toEqual(prices.flatMap((micros, index) => (micros === before[index] ? [] : [[index, micros]])))
    })
  )
})
