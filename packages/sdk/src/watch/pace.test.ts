import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { intervalAfter, nextLook, type Pace } from "./pace.ts"

const paces: fc.Arbitrary<Pace> = fc
  .record({ every: fc.integer({ min: 1_000, max: 60_000 }), more: fc.nat(300_000), origin: fc.nat() })
  .map(({ every, more, origin }) => ({ every, idle: every + more, origin }))

describe("the interval between looks", () => {
  it("never falls while it is calm, from the pace to the idle time", () => {
    fc.assert(
      fc.property(paces, fc.nat(2_000), (pace, calm) => {
        expect(intervalAfter(pace, 0)).toBe(pace.every)
        expect(intervalAfter(pace, calm + 1)).toBeGreaterThanOrEqual(intervalAfter(pace, calm))
        expect(intervalAfter(pace, Number.POSITIVE_INFINITY)).toBe(pace.idle)
      })
    )
  })
})

describe("the next look", () => {
  it("is never too soon, and later than the interval only for a reason", () => {
    const times = fc.record({
      since: fc.nat(10_000_000),
      took: fc.nat(120_000),
      calm: fc.nat(9),
      asked: fc.nat(400_000)
    })
    fc.assert(
      fc.property(paces, times, (pace, { since, took, calm, asked }) => {
        const begun = pace.origin + since
        const ended = begun + took
        const interval = intervalAfter(pace, calm)
        const next = nextLook(pace, { begun, ended, interval, notBefore: ended + asked })
        const soonest = Math.max(begun + pace.every, ended + pace.every / 2, ended + asked)
        expect(next).toBeGreaterThanOrEqual(soonest)
        expect(next).toBeLessThanOrEqual(Math.max(begun + interval, soonest + pace.every))
      })
    )
  })

  it("is at the same time for all that have the same interval, however their looks began", () => {
    fc.assert(
      fc.property(paces, fc.nat(9), fc.nat(1_000), fc.nat(1_000), (pace, calm, one, other) => {
        const interval = intervalAfter(pace, calm)
        const next = (begun: number) => nextLook(pace, { begun, ended: begun, interval, notBefore: 0 })
        const steps = [one, other].map((step) => next(pace.origin + step * interval) - pace.origin)
        expect(steps).toEqual([(one + 1) * interval, (other + 1) * interval])
      })
    )
  })
})
