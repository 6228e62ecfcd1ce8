import type { Market, MarketHour } from "anygpu"
import * as DateTime from "effect/DateTime"
import fc from "fast-check"
import { expect, test } from "vitest"
import { bucketLength, bucketsOf } from "./buckets.ts"

const hour = 3_600_000
const start = Date.UTC(2026, 10, 24)

const row = (at: number, prices: readonly [min: number, median: number, max: number] | null, count: number) => {
  const [min, median, max] = (prices ?? []).map((micros) => ({ micros, currency: "USD" as const }))
  return {
    ...{ provider: "acme", kind: "vm" as const, interruptible: false, gpu: "H100", hour: start + at * hour, count },
    ...{ min: min ?? null, median: median ?? null, max: max ?? null }
  } satisfies MarketHour
}

const market = (
  hours: ReadonlyArray<ReturnType<typeof row>>,
  until: number,
  looked: ReadonlyArray<number> = []
): Market => ({
  ...{ gpus: ["H100"], interruptible: false, from: DateTime.makeUnsafe(start), hours },
  to: DateTime.makeUnsafe(start + until * hour),
  looked: looked.map((at) => ({ provider: "acme", kind: "vm", hour: start + at * hour }))
})

test("times have the lowest, the middle and the highest of their hours, and say where nobody looked", () => {
  const buckets = bucketsOf(market([row(0, [1, 2, 3], 2), row(1, [2, 4, 9], 8)], 5, [0, 1, 4]), 3)
  expect(buckets).toEqual([
    { from: start, looked: true, min: 1, typical: 4, max: 9, offers: 8 },
    { from: start + 2 * hour, looked: false, min: null, typical: null, max: null, offers: 0 },
    { from: start + 4 * hour, looked: true, min: null, typical: null, max: null, offers: 0 }
  ])
})

test("any span is covered by few enough times, whole and in order", () => {
  const moment = fc.integer({ min: 0, max: 400 * 24 * hour })
  fc.assert(
    fc.property(moment, moment, fc.integer({ min: 4, max: 40 }), (a, b, most) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b) + 1]
      const length = bucketLength(from, to, most)
      expect(length % hour).toBe(0)
      expect(Math.floor(to / length) - Math.floor(from / length) + 1).toBeLessThanOrEqual(most)
    })
  )
})

test("no price of an hour is outside of those of its time", () => {
  const hours = fc.array(
    fc
      .tuple(fc.nat(200), fc.nat(1000), fc.integer({ min: 1, max: 50 }))
      .map(([at, price, count]) => row(at, [price, price + 1, price + 2], count))
  )
  fc.assert(
    fc.property(hours, fc.integer({ min: 4, max: 20 }), (rows, most) => {
      const buckets = bucketsOf(market(rows, 201), most)
      const all = rows.flatMap(({ min, max }) => [min?.micros ?? 0, max?.micros ?? 0])
      const lows = buckets.flatMap(({ min }) => min ?? [])
      const highs = buckets.flatMap(({ max }) => max ?? [])
      if (all.length === 0) expect(lows).toEqual([])
      else expect([Math.min(...lows), Math.max(...highs)]).toEqual([Math.min(...all), Math.max(...all)])
      for (const { min, typical, max } of buckets) {
        if (min !== null && max !== null) expect(typical !== null && typical >= min && typical <= max).toBe(true)
      }
    })
  )
})
