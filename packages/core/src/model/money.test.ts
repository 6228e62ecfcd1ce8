import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { InvalidRequest } from "../errors.ts"
import {
  addMoney,
  compareAtPar,
  compareMoney,
  decimalOf,
  formatMoney,
  type Money,
  money,
  scaleMoney,
  subtractMoney,
  zero
} from "./money.ts"

const micros = fc.integer({ min: 0, max: 1e12 })
const amount = micros.map((value): Money => ({ micros: value, currency: "USD" }))

describe("money", () => {
  test.each([
    [0.1, 100_000],
    ["0.4", 400_000],
    ["2.4352", 2_435_200],
    [".30697", 306_970],
    ["1.", 1_000_000],
    [" 20 ", 20_000_000],
    ["+1", 1_000_000],
    [1e-7, 1],
    ["0.0000001", 1],
    [1.1e-5, 11],
    ["1.5E2", 150_000_000],
    [0.001_111_111_111_111_111, 1_112],
    [-0, 0]
  ])("%s is %d micros", (text, value) => {
    expect(money(text)).toEqual({ micros: value, currency: "USD" })
  })

  test.each([
    Number.NaN,
    Number.POSITIVE_INFINITY,
    -1,
    "-0.5",
    "",
    " ",
    ".",
    "e5",
    "1,5",
    "$1",
    "0x10",
    "1e9",
    "1e999"
  ])("%s is refused", (text) => {
    if (text === "1e9") return expect(money(text).micros).toBe(1e15)
    expect(() => money(text)).toThrow(InvalidRequest)
  })

  test("a number is the same money as its digits, however near to a whole micro it is", () => {
    const price = fc.oneof(
      fc.double({ min: 0, max: 1e9, noNaN: true }),
      micros.map((value) => value / 1e6),
      fc.tuple(micros, fc.integer({ min: -40, max: 40 })).map(([value, steps]) => {
        const near = value / 1e6
        return Math.max(0, near + steps * Number.EPSILON * near)
      }),
      fc.tuple(fc.integer({ min: 1, max: 999_999 }), fc.integer({ min: 1, max: 720 })).map(([a, b]) => a / b / 1e5)
    )
    fc.assert(
      fc.property(price, (value) => {
        expect(money(value)).toEqual(money(String(value)))
      }),
      { numRuns: 2_000 }
    )
  })

  test("every amount survives its decimal and its display", () => {
    fc.assert(
      fc.property(micros, fc.constantFrom("USD" as const, "USDC" as const), (value, currency) => {
        const one: Money = { micros: value, currency }
        expect(money(decimalOf(one), currency)).toEqual(one)
        expect(money(formatMoney(one).replace(/[$ USDC]/g, ""), currency)).toEqual(one)
      })
    )
  })

  test("a number is taken as it is written, rounded up and never down", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e6, noNaN: true }), (value) => {
        const { micros: got } = money(value)
        expect(got).toBeGreaterThanOrEqual(Math.floor(value * 1e6) - 1)
        expect(got - value * 1e6).toBeLessThanOrEqual(1.000_1)
      })
    )
  })
})

test.each([
  [0, "$0.00"],
  [400_000, "$0.40"],
  [2_074, "$0.002074"],
  [1_234_500, "$1.2345"],
  [20_000_000, "$20.00"],
  [-285_000, "$-0.285"]
])("formatMoney(%d)", (value, text) => {
  expect(formatMoney({ micros: value, currency: "USD" })).toBe(text.replace("$-", "-$"))
  expect(formatMoney({ micros: value, currency: "USDC" })).toBe(`${text.replace("$", "")} USDC`)
})

test.each([
  [0, "0"],
  [10_000_000, "10"],
  [402_070, "0.40207"],
  [-5, "-0.000005"]
])("decimalOf(%d) is %s", (value, text) => {
  expect(decimalOf({ micros: value, currency: "USD" })).toBe(text)
})

describe("arithmetic", () => {
  test("sums are exact where floats are not", () => {
    expect(addMoney(money("0.1"), money("0.2"))).toEqual(money("0.3"))
  })

  test("add, subtract and compare agree", () => {
    fc.assert(
      fc.property(amount, amount, (a, b) => {
        expect(addMoney(a, b)).toEqual(addMoney(b, a))
        expect(subtractMoney(addMoney(a, b), b)).toEqual(a)
        expect(subtractMoney(a, addMoney(a, b))).toEqual(zero())
        expect(Math.sign(compareMoney(a, b))).toBe(-Math.sign(compareMoney(b, a)) || 0)
      })
    )
  })

  test("a rate times a quantity rounds up once", () => {
    expect(scaleMoney(money("0.149333"), 10, 720)).toEqual({ micros: 2_075, currency: "USD" })
    expect(scaleMoney(money("1.71"), 600, 3600)).toEqual(money("0.285"))
    fc.assert(
      fc.property(amount, fc.nat(), fc.integer({ min: 1, max: 1e6 }), (rate, numerator, denominator) => {
        fc.pre(rate.micros * numerator <= Number.MAX_SAFE_INTEGER)
        const exact = BigInt(rate.micros) * BigInt(numerator)
        const got = BigInt(scaleMoney(rate, numerator, denominator).micros) * BigInt(denominator)
        expect(got >= exact && got < exact + BigInt(denominator)).toBe(true)
      })
    )
  })

  test("two currencies are only ordered, one for one", () => {
    expect(compareAtPar(money("1.5"), money("1.499999", "USDC"))).toBeGreaterThan(0)
    expect(compareAtPar(money("1.5", "USDC"), money("1.5"))).toBe(0)
  })

  test("currencies never mix, and amounts never overflow", () => {
    for (const mix of [addMoney, subtractMoney, compareMoney]) {
      expect(() => mix(zero("USD"), zero("USDC"))).toThrow(InvalidRequest)
    }
    const most: Money = { micros: Number.MAX_SAFE_INTEGER, currency: "USD" }
    expect(() => addMoney(most, money("0.000001"))).toThrow(/beyond/)
    expect(() => scaleMoney(most, 2)).toThrow(/beyond/)
  })
})
