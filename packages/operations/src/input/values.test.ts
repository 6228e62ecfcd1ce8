import { decimalOf, money } from "anygpu"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { durationText } from "../text/duration-text.ts"
import {
  parseBandwidth,
  parseDuration,
  parseExistingVolume,
  parseMoney,
  parseShare,
  parseSize,
  parseSpeed,
  parseTime,
  parseVersion,
  parseVolume
} from "./values.ts"

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
    expect(parseDuration(text, "--flag")).toBe(seconds * 1000)
  })

  test.each(["", "5", "h", "2h later", "-2h", "2 fortnights", "0s", "1h30", "1e3h"])("not %j", (text) => {
    expect(() => parseDuration(text, "--flag")).toThrow()
  })

  test("what is printed can be typed again", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000_000 }), (seconds) => {
        const text = durationText(seconds * 1000)
        const again = parseDuration(text, "--flag") / 1000
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
        expect(parseMoney(`${sign}${decimalOf(amount)}`, "--flag")).toEqual(amount)
      })
    )
  })

  test("a currency may be named", () => {
    expect(parseMoney("2.50 usdc", "--flag")).toEqual(money("2.5", "USDC"))
    expect(parseMoney(".5", "--flag")).toEqual(money("0.5"))
  })

  test.each(["", "-1", "1,50", "1e3", "Infinity", "2 EUR", "0x10", "1.2.3", "1.0000001"])("not %j", (text) => {
    expect(() => parseMoney(text, "--flag")).toThrow()
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
    expect(parseSize(text, "--flag")).toBe(mib)
  })

  test.each(["", "24", "24KB", "-1GB", "GB", "1e3GB"])("not %j", (text) => {
    expect(() => parseSize(text, "--flag")).toThrow("--flag")
  })
})

test("shares go from 0 to 1, and say so when they are percentages", () => {
  expect(parseShare("99.5%", "--flag")).toBeCloseTo(0.995)
  for (const [text, value] of [
    ["0.98", 0.98],
    [".5", 0.5],
    ["1", 1],
    ["0", 0],
    ["100%", 1]
  ] as const) {
    expect(parseShare(text, "--flag")).toBe(value)
  }
  for (const text of ["", "%", "0.9.9", "99", "101%", "-1", "most"]) {
    expect(() => parseShare(text, "--flag")).toThrow("write 0.99 or 99%")
  }
})

test("speeds are above nothing", () => {
  expect(parseSpeed("60x", "--speed")).toBe(60)
  for (const text of ["0", "-1", "x", "fast"]) expect(() => parseSpeed(text, "--speed")).toThrow("--speed")
})

test("disks have a name and a size", () => {
  expect(parseExistingVolume("runpod/2q9m7x4c", "--attach")).toEqual({
    provider: "runpod",
    id: "2q9m7x4c",
    region: null
  })
  expect(parseExistingVolume("lambda/my data=/data/x", "--attach")).toMatchObject({ id: "my data", path: "/data/x" })
  for (const text of ["data", "lambda/", "/data", "lambda/a=b", "lambda/=/data"]) {
    expect(() => parseExistingVolume(text, "--attach")).toThrow("--attach")
  }
  expect(parseVolume("data=200GB", "--volume")).toEqual({ name: "data", sizeMiB: 204_800 })
  for (const text of ["data", "=200GB", "data=much"]) expect(() => parseVolume(text, "--volume")).toThrow("--volume")
})

test("moments have a zone", () => {
  expect(parseTime("2026-06-01T15:50+02:00", "--start", { now: () => 0 })).toEqual(new Date("2026-06-01T13:50Z"))
  expect(parseTime("2026-06-01", "--start", { now: () => 0 })).toEqual(new Date("2026-06-01T00:00Z"))
  expect(parseTime("now", "--start", { now: () => 42 })).toEqual(new Date(42))
  for (const text of ["2026-06-01T15:50", "2026-13-01", "tomorrow", "1717"]) {
    expect(() => parseTime(text, "--start", { now: () => 0 })).toThrow()
  }
})

describe("the speed of a line", () => {
  test.each([
    ["500", 500],
    ["500Mbps", 500],
    ["500 mbit/s", 500],
    ["1.5Gbps", 1500],
    ["2G", 2000]
  ])("%s is %d megabits per second", (text, speed) => {
    expect(parseBandwidth(text, "--flag")).toBe(speed)
  })

  test.each(["", "fast", "500MB/s", "1GBps", "5 Kbps", "-1"])("not %j", (text) => {
    expect(() => parseBandwidth(text, "--flag")).toThrow("--flag")
  })
})

describe("a version", () => {
  test.each(["12", "12.4", " 8.9 "])("%s", (text) => {
    expect(parseVersion(text, "--flag")).toBe(text.trim())
  })

  test.each(["", "new", "12.4.1", "v12", "12."])("not %j", (text) => {
    expect(() => parseVersion(text, "--flag")).toThrow("--flag")
  })
})
