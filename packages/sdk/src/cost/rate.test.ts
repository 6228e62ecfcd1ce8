import { type BillingTerms, compareAtPar, estimate, type Instance, money, type Offer } from "@anygpu/core"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { paidUntil, type Rate, rateOf } from "./rate.ts"

const at = (time: string) => Date.parse(`2026-03-01T${time}Z`)

type Compute = BillingTerms["compute"]
const rate = (compute: Partial<Compute>, more: Partial<BillingTerms> = {}, disk = 0): Rate => {
  const perHour = compute.perHour ?? money(2)
  const terms: BillingTerms = {
    compute: { perHour, stepSeconds: 1, stepsFrom: "start", minimumSeconds: 0, ...compute },
    ...{ storage: null, traffic: null, upfront: null, accountFloor: null },
    ...more
  }
  return { offer: { pricePerHour: { ...perHour, micros: perHour.micros + disk }, terms } }
}

describe("the last moment that an amount pays for", () => {
  const clockHours = rate({ stepSeconds: 3600, stepsFrom: "clock" })

  it("is the end of the last clock hour that it pays for, however late in an hour the machine began", () => {
    expect(paidUntil(clockHours, at("15:20:00"), money(4))).toBe(at("17:00:00"))
    expect(paidUntil(clockHours, at("15:59:59.999"), money(4))).toBe(at("17:00:00"))
    expect(paidUntil(clockHours, at("16:00:00"), money(4))).toBe(at("18:00:00"))
    expect(paidUntil(clockHours, at("15:20:00"), money("5.999999"))).toBe(at("17:00:00"))
  })

  it("is on the clock of a cloud whose steps do not begin at midnight", () => {
    const days = rate({ perHour: money(1), stepSeconds: 86_400, stepsFrom: "clock", clockOffsetSeconds: 64_500 })
    expect(paidUntil(days, at("15:20:00"), money(47))).toBe(at("17:55:00"))
    expect(paidUntil(days, at("15:20:00"), money(48))).toBe(at("17:55:00") + 86_400_000)
  })

  it("is counted in whole steps from the start where the cloud does so", () => {
    const hours = rate({ stepSeconds: 3600 })
    expect(paidUntil(hours, at("15:20:00"), money(5))).toBe(at("17:20:00"))
    expect(paidUntil(rate({ minimumSeconds: 600 }), at("15:20:00"), money("0.333334"))).toBe(at("15:30:00"))
  })

  it("counts the disk", () => {
    expect(paidUntil(rate({ perHour: money(1) }, {}, 0), 0, money(2))).toBe(7_200_000)
    const storage = { perUnitMonth: money(720), unit: "GiB", hoursPerMonth: 720, whileStopped: true } as const
    expect(paidUntil({ ...rate({ perHour: money(1) }, { storage }), storageMiB: 1024 }, 0, money(2))).toBe(3_600_000)
    expect(paidUntil(rate({ perHour: money(1) }, { storage }, 1_000_000), 0, money(2))).toBe(3_600_000)
  })

  it("is the start when it does not pay for the shortest rent, and never comes when the rate is next to nothing", () => {
    expect(paidUntil(clockHours, at("15:20:00"), money("1.999999"))).toBe(at("15:20:00"))
    expect(paidUntil(rate({ minimumSeconds: 600 }), 5, money("0.333333"))).toBe(5)
    expect(paidUntil(rate({ perHour: money("0.000001") }), 0, money(100))).toBe(Number.POSITIVE_INFINITY)
  })

  it("is not known without terms, and counts one USDC as one USD", () => {
    expect(paidUntil({ offer: { pricePerHour: money(1), terms: null } }, 0, money(5))).toBeNull()
    expect(paidUntil(rate({ perHour: money(1, "USDC") }), 0, money(2))).toBe(7_200_000)
  })

  it("costs no more than the amount, and a millisecond later it would", () => {
    const amount = (least: number, most: number) => fc.integer({ min: least, max: most })
    const cases = fc.record({
      perHour: amount(1_000, 20_000_000),
      perStep: fc.option(amount(1, 5_000_000)),
      stepSeconds: fc.constantFrom(1, 60, 600, 3600, 86_400),
      stepsFrom: fc.constantFrom("start" as const, "clock" as const),
      clockOffsetSeconds: fc.constantFrom(0, 64_500),
      minimumSeconds: fc.constantFrom(0, 600, 3601),
      storage: fc.option(amount(0, 50_000_000)),
      storageMiB: fc.option(amount(1, 2_000_000)),
      disk: amount(0, 500_000),
      start: amount(1_700_000_000_000, 1_900_000_000_000),
      most: amount(1, 500_000_000)
    })
    fc.assert(
      fc.property(cases, ({ perHour, perStep, storage, storageMiB, disk, start, most, ...compute }) => {
        const usd = (micros: number) => ({ micros, currency: "USD" as const })
        const month = { unit: "whole GB", hoursPerMonth: 720, whileStopped: true, minimumUnits: 8 } as const
        const terms = {
          storage: storage === null ? null : { perUnitMonth: usd(storage), ...month }
        }
        const paid: Rate = {
          ...rate({ ...compute, perHour: usd(perHour), ...(perStep && { perStep: usd(perStep) }) }, terms, disk),
          ...(storageMiB && { storageMiB })
        }
        const costAt = (moment: number) =>
          estimate(paid.offer, {
            duration: Duration.millis(moment - start),
            startAt: DateTime.makeUnsafe(start),
            ...(storageMiB && { storageMiB })
          })?.total ?? money(0)
        const until = paidUntil(paid, start, usd(most))
        if (until === null) throw new Error("the terms are known")
        if (until === Number.POSITIVE_INFINITY) return
        if (until > start) expect(compareAtPar(costAt(until), usd(most))).toBeLessThanOrEqual(0)
        expect(compareAtPar(costAt(until + 1), usd(most))).toBeGreaterThan(0)
      }),
      { numRuns: 500 }
    )
  })
})

describe("what the machine of a launch costs", () => {
  const { offer } = rate({ perHour: money(1), perStep: money(1) }, {}, 100_000)
  const spec = { offer: offer as Offer, name: "job" }
  const machine = (price: ReturnType<typeof money>) => ({ pricePerHour: price }) as Instance

  it("is what its offer says, also when the machine turns out cheaper or its price is in another currency", () => {
    for (const price of [money("1.1"), money("0.5"), money(9, "USDC")]) {
      expect(rateOf(spec, machine(price))).toEqual({ offer })
    }
  })

  it("is the machine's own price when that is higher", () => {
    expect(rateOf(spec, machine(money("1.6"))).offer).toMatchObject({
      pricePerHour: money("1.6"),
      terms: { compute: { perHour: money("1.5") } }
    })
    expect(rateOf(spec, machine(money("1.6"))).offer.terms?.compute).not.toHaveProperty("perStep")
  })

  it("is the bid instead of the compute rate", () => {
    const { pricePerHour: price, terms } = rateOf({ ...spec, bid: money(3) }).offer
    expect({ price, rate: terms?.compute.perHour }).toEqual({ price: money("3.1"), rate: money(3) })
  })

  it("has the disk that was asked for", () => {
    const storage = { perUnitMonth: money(720), unit: "GiB", hoursPerMonth: 720, whileStopped: true } as const
    const disk = { ...spec, offer: rate({ perHour: money(1) }, { storage }, 5_000_000).offer as Offer, diskMiB: 1024 }
    expect(rateOf(disk, machine(money(2)))).toMatchObject({ storageMiB: 1024, offer: { pricePerHour: money(6) } })
    expect(rateOf(disk, machine(money("2.5"))).offer.terms?.compute.perHour).toEqual(money("1.5"))
  })
})
