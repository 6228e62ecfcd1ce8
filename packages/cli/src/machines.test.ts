import { type BillingState, type Instance, money } from "anygpu"
import { describe, expect, test } from "vitest"
import { billedText } from "./machines.ts"

const machine = (billing: BillingState, price: string | null, currency: "USD" | "USDC" = "USD") =>
  ({ billing, pricePerHour: price === null ? null : money(price, currency) }) as Instance

describe("what is billed now", () => {
  test.each([
    ["", []],
    ["", [machine("none", "1")]],
    ["$1.50 per hour", [machine("compute", "1"), machine("compute", "0.5"), machine("none", "7")]],
    ["$1.00 per hour and 2.00 USDC per hour", [machine("compute", "1"), machine("compute", "2", "USDC")]],
    ["$1.00 per hour, and the disk of 1 machine", [machine("compute", "1"), machine("storage", "3")]],
    ["the disk of 2 machines", [machine("storage", "1"), machine("storage", null)]],
    ["1 machine without a known price", [machine("compute", null)]],
    [
      "the disk of 1 machine, and perhaps 2 machines: the cloud does not say",
      [machine("unknown", "1"), machine("storage", "1"), machine("unknown", null)]
    ]
  ])("%s", (text, machines) => {
    expect(billedText(machines)).toBe(text)
  })
})
