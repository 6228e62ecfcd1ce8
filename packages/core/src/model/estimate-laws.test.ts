import * as DateTime from "effect/DateTime"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import type { BillingTerms } from "./billing.ts"
import { type Estimate, estimate } from "./estimate.ts"
import type { Job } from "./job.ts"
import { addMoney, type Money, zero } from "./money.ts"

const cost = (terms: BillingTerms, job: Job): Estimate => {
  const answer = estimate({ pricePerHour: terms.compute.perHour, terms }, job)
  if (answer === null) throw new Error("the price is known")
  return answer
}
const total = (terms: BillingTerms, job: Job) => cost(terms, job).total.micros

describe("for all terms and jobs", () => {
  const amount = fc.nat({ max: 50_000_000 }).map((micros): Money => ({ micros, currency: "USD" }))
  const terms = fc.record({
    compute: fc.record({
      perHour: amount,
      stepSeconds: fc.constantFrom(1, 60, 3600, 86_400),
      stepsFrom: fc.constantFrom("start" as const, "clock" as const),
      clockOffsetSeconds: fc.nat({ max: 86_399 }),
      minimumSeconds: fc.constantFrom(0, 600, 3600)
    }),
    storage: fc.option(
      fc.record({
        perUnitMonth: amount,
        unit: fc.constantFrom("GiB" as const, "whole GB" as const),
        hoursPerMonth: fc.constantFrom(720, 730),
        whileStopped: fc.constantFrom(true, false, "unknown" as const)
      })
    ),
    traffic: fc.oneof(
      fc.constant(null),
      fc.constant("unknown" as const),
      fc.record({ outPerGiB: amount, inPerGiB: amount })
    ),
    upfront: fc.option(fc.record({ seconds: fc.constantFrom(0, 10_800), refundableSeconds: fc.constant(0) })),
    accountFloor: fc.option(amount)
  })
  const rest = fc.record(
    {
      startAt: fc.integer({ min: -1e12, max: 3e12 }).map((millis) => DateTime.makeUnsafe(millis)),
      storageMiB: fc.nat({ max: 10_000_000 }),
      egressGiB: fc.double({ min: 0, max: 10_000, noNaN: true }),
      ingressGiB: fc.double({ min: 0, max: 10_000, noNaN: true })
    },
    { requiredKeys: [] }
  )
  const millis = fc.integer({ min: 1, max: 90 * 86_400_000 })

  test("the total is the sum of the lines and never below the exact rate times the time", () => {
    fc.assert(
      fc.property(terms, rest, millis, (given, job, duration) => {
        const answer = cost(given, { ...job, duration })
        expect(answer.total).toEqual(answer.lines.reduce((sum, line) => addMoney(sum, line.amount), zero()))
        const [compute] = answer.lines
        expect(BigInt(compute?.amount.micros ?? 0) * 3_600_000n).toBeGreaterThanOrEqual(
          BigInt(given.compute.perHour.micros) * BigInt(duration)
        )
        expect(BigInt(answer.perHour.micros) * BigInt(Math.ceil(duration / 1000))).toBeGreaterThanOrEqual(
          BigInt(answer.total.micros) * 3600n
        )
        expect(answer.exact || answer.assumptions.length > 0).toBe(true)
      })
    )
  })

  test("a longer job never costs less, and a known start never costs more than an unknown one", () => {
    fc.assert(
      fc.property(terms, rest, millis, millis, (given, job, a, b) => {
        const [short, long] = [Math.min(a, b), Math.max(a, b)]
        expect(total(given, { ...job, duration: short })).toBeLessThanOrEqual(total(given, { ...job, duration: long }))
        const { startAt: _, ...anytime } = job
        expect(total(given, { ...job, duration: a })).toBeLessThanOrEqual(total(given, { ...anytime, duration: a }))
      })
    )
  })
})
