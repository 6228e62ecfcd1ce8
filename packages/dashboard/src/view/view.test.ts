import { formatMoney } from "anygpu"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { microsText, sumsOf } from "./amount.ts"
import { cloudColor } from "./cloud-color.ts"
import { valueAt } from "./line-chart.ts"
import { marketLines } from "./market-lines.ts"
import { timeTicks, valueTicks } from "./ticks.ts"

describe("amounts", () => {
  test("read as the command prints them, but for the commas between thousands", () => {
    const micros = fc.oneof(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 0, max: 1e14 }))
    fc.assert(
      fc.property(
        micros,
        fc.constantFrom("USD" as const, "USDC" as const),
        fc.integer({ min: 2, max: 6 }),
        (one, currency, digits) => {
          expect(microsText(one, currency, digits).replaceAll(",", "")).toBe(
            formatMoney({ micros: one, currency }, digits)
          )
        }
      )
    )
    expect(microsText(1_234_567_890_000, "USD")).toBe("$1,234,567.89")
  })

  test("of two currencies are never added", () => {
    const all = [
      { amount: "1.1", currency: "USDC" as const },
      { amount: "0.2", currency: "USD" as const },
      { amount: "0.1", currency: "USD" as const }
    ]
    expect(sumsOf(all)).toEqual([
      { amount: "0.3", currency: "USD" },
      { amount: "1.1", currency: "USDC" }
    ])
  })
})

describe("ticks", () => {
  test("of values begin at 0, are even, and reach over the greatest", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e12, noNaN: true }), fc.integer({ min: 2, max: 8 }), (most, count) => {
        const ticks = valueTicks(most, count)
        expect(ticks[0]).toBe(0)
        expect(ticks.at(-1)).toBeGreaterThanOrEqual(most * 0.999_999)
        expect(ticks.length).toBeLessThanOrEqual(count + 2)
      })
    )
    expect(valueTicks(0, 4)).toEqual([0, 1])
  })

  test("of moments are round in the zone of the reader", () => {
    const [hour, day] = [3_600_000, 86_400_000]
    const from = Date.UTC(2026, 5, 1, 13, 20)
    const ticks = timeTicks(from, from + 7 * day, 7, 3 * hour)
    expect(ticks.length).toBe(7)
    for (const at of ticks) expect((at + 3 * hour) % day).toBe(0)
  })
})

test("a cloud has the same colour wherever it stands, also when there are more of them than colours", () => {
  const clouds = Array.from({ length: 12 }, (_, index) => `cloud-${index}`)
  expect(cloudColor(clouds, "cloud-3")).toBe("c3")
  expect(cloudColor(clouds, "cloud-11")).toBe("c1")
})

test("a line of prices has the lowest of an hour, and a gap where nobody looked or nothing was on offer", () => {
  const at = (hour: number) => new Date(Date.UTC(2026, 0, 1, hour)).toISOString()
  const usd = (amount: string) => ({ amount, currency: "USD" as const })
  const row = { provider: "acme", kind: "vm", gpu: "H100", median: null, max: null, count: 1 }
  const hours = [
    { ...row, hour: at(1), min: usd("2") },
    { ...row, hour: at(1), kind: "container", min: usd("1.5") },
    { ...row, hour: at(4), min: usd("3") }
  ]
  const looked = [1, 2, 4].map((hour) => ({ hour: at(hour), provider: "acme", kind: "vm" }))
  const [line] = marketLines({ hours, looked }, ["acme"])
  if (!line) throw new Error("no line")
  const value = (hour: number) => valueAt(line, Date.parse(at(hour)) + 60_000)
  expect([0, 1, 2, 3, 4, 5].map(value)).toEqual([null, 1_500_000, null, null, 3_000_000, null])
})
