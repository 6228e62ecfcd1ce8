import { durationText } from "@anygpu/operations"
import { decimalOf, money } from "anygpu"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { amountOf, durationOf, momentOf, percentOf, sizeOf } from "./inputs.ts"

const durations: ReadonlyArray<readonly [string, number]> = [
  ["90m", 5400],
  ["2h 30m", 9000],
  ["2h30m", 9000],
  ["1 day 12 hours", 129_600],
  ["1.5h", 5400],
  ["2 hours and 5 minutes", 7500],
  ["1w", 604_800],
  ["30 SECS", 30]
]

describe("lengths of time", () => {
  test.each(durations)("%s", (text, seconds) => {
    expect(durationOf({ ttl: text }, "ttl")).toBe(seconds * 1000)
  })

  test.each(["", "5", "h", "2h later", "-2h", "2 fortnights", "0s", "1h30", "1e3h"])("not %j", (text) => {
    expect(() => durationOf({ ttl: text }, "ttl")).toThrow()
  })

  test("what is printed can be typed again", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000_000 }), (seconds) => {
        const text = durationText(seconds * 1000)
        const again = (durationOf({ ttl: text }, "ttl") ?? 0) / 1000
        expect(durationText(again * 1000)).toBe(text)
        expect(again).toBeLessThanOrEqual(seconds)
      })
    )
  })
})

describe("money", () => {
  test("what is written is what is meant, to the micro", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e12 }), fc.constantFrom("", "$"), (micros, sign) => {
        const amount = { ...money(0), micros }
        expect(amountOf({ maxTotal: `${sign}${decimalOf(amount)}` }, "maxTotal")).toEqual(amount)
      })
    )
  })

  test("a currency may be named", () => {
    expect(amountOf({ bid: "2.50 usdc" }, "bid")).toEqual(money("2.5", "USDC"))
    expect(amountOf({ bid: ".5" }, "bid")).toEqual(money("0.5"))
  })

  test.each(["", "-1", "1,50", "1e3", "Infinity", "2 EUR", "0x10", "1.2.3", "1.0000001"])("not %j", (text) => {
    expect(() => amountOf({ bid: text }, "bid")).toThrow()
  })
})

describe("sizes", () => {
  test.each([
    ["24GB", 24_576],
    ["24 GiB", 24_576],
    ["512mb", 512],
    ["1.5T", 1_572_864],
    ["0.5G", 512]
  ])("%s", (text, mib) => {
    expect(sizeOf({ disk: text }, "disk")).toBe(mib)
  })

  test.each(["", "24", "24KB", "-1GB", "GB", "1e3GB"])("not %j", (text) => {
    expect(() => sizeOf({ disk: text }, "disk")).toThrow(/--disk|is not a size/)
  })
})

test("shares are percentages", () => {
  expect(percentOf({ minReliability: "99.5%" }, "minReliability")).toBeCloseTo(0.995)
  for (const text of ["0.9.9", "101", "-1", "most"]) {
    expect(() => percentOf({ minReliability: text }, "minReliability")).toThrow()
  }
})

test("moments have a zone", () => {
  expect(momentOf({ start: "2026-06-01T15:50+02:00" }, "start", 0)).toEqual(new Date("2026-06-01T13:50Z"))
  expect(momentOf({ start: "2026-06-01" }, "start", 0)).toEqual(new Date("2026-06-01T00:00Z"))
  expect(momentOf({ start: "now" }, "start", 42)).toEqual(new Date(42))
  for (const text of ["2026-06-01T15:50", "2026-13-01", "tomorrow", "1717"]) {
    expect(() => momentOf({ start: text }, "start", 0)).toThrow()
  }
})
