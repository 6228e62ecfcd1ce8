import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { clockFrom } from "../clock.ts"
import { money } from "../model/money.ts"
import { InstanceRef } from "../model/ref.ts"
import { launchRecord } from "./launch.test-support.ts"
import { memoryLedger } from "./memory.ts"
import { overBudget } from "./over-budget.ts"
import { costInPeriod, periodAt, periodText, type Stay } from "./period.ts"

const hour = 3_600_000
const day = 24 * hour
const midnight = Date.UTC(2026, 10, 30)
const at = (hours: number): number => midnight + hours * hour
const stay = (more: Partial<Stay> = {}): Stay => ({
  ...{ from: at(10), leaseUntil: null, goneAt: null, perHour: money(2), total: null },
  ...more
})
const today = periodAt("day", at(12))
const tomorrow = periodAt("day", at(36))

test("days and months are those of UTC", () => {
  expect(periodAt("day", at(23.99))).toEqual({ from: midnight, to: midnight + day })
  expect(periodText("day", today)).toBe("2026-11-30")
  expect(periodAt("month", at(24))).toEqual({ from: Date.UTC(2026, 11, 1), to: Date.UTC(2027, 0, 1) })
  expect(periodText("month", periodAt("month", Date.UTC(2028, 1, 29)))).toBe("2028-02")
})

describe("what counts of a machine in a day", () => {
  test.each([
    ["without a lease: until the day ends", stay(), [28, 48]],
    ["with a lease: until that ends", stay({ leaseUntil: at(13) }), [6, 0]],
    ["whose lease is over: until now", stay({ leaseUntil: at(11) }), [4, 0]],
    ["whose lease passes midnight: in both days", stay({ leaseUntil: at(26) }), [28, 4]],
    ["in begun hours", stay({ leaseUntil: at(12.1) }), [6, 0]],
    ["gone: what it was there for", stay({ goneAt: at(11) }), [2, 0]],
    ["gone at once: one hour", stay({ goneAt: at(10) }), [2, 0]],
    ["of the day before", stay({ from: at(-10), goneAt: at(-1) }), [0, 0]],
    ["with a minimum: in the day of its launch", stay({ leaseUntil: at(13), total: money(9) }), [9, 0]],
    ["launched by a clock that is ahead: from now on", stay({ from: at(40), leaseUntil: at(14) }), [4, 0]],
    ["ended when it was made: what it did cost", stay({ perHour: money(0), total: money(3) }), [3, 0]],
    ["of an unknown price, in another day", stay({ perHour: null, goneAt: at(-1), from: at(-2) }), [0, 0]]
  ] as const)("%s", (_, one, [first, second]) => {
    expect([costInPeriod(one, today, at(12)), costInPeriod(one, tomorrow, at(12))]).toEqual([
      money(first),
      money(second)
    ])
  })

  test("is not known where its price is not", () => {
    expect(costInPeriod(stay({ perHour: null }), today, at(12))).toBeNull()
  })
})

test("a launch that would pass the limit of the next day is refused, and says which", () => {
  const wanted = (hours: number) => ({
    cost: { perHour: money(2), total: money(2 * hours) },
    stay: stay({ from: at(22), leaseUntil: at(22 + hours), total: money(2 * hours) })
  })
  const budget = { name: "team", perDay: money(10) }
  expect(overBudget([], wanted(7), budget, at(22))).toBeNull()
  const over = overBudget([], wanted(8), budget, at(22))
  expect(over).toMatchObject({ ownLimit: true, needed: money(12), available: money(10) })
  expect(over?.message).toContain('the budget "team" to $12.00 on 2026-12-01 (UTC), above its limit of $10.00')
})

/** What happens to a budget: a launch for some hours or without end, an end, time that passes. */
const step = fc.oneof(
  fc.record({
    is: fc.constant("launch" as const),
    hours: fc.integer({ min: 1, max: 60 }),
    dollars: fc.integer({ min: 1, max: 4 })
  }),
  fc.record({ is: fc.constant("end" as const), which: fc.nat(20) }),
  fc.record({ is: fc.constant("wait" as const), minutes: fc.integer({ min: 1, max: 900 }) })
)

interface Real {
  readonly marker: string
  readonly from: number
  end: number
  readonly dollars: number
}

test("machines that end with their leases never cost more in a day or a month than the budget allows", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 0, max: 40 * 24 }), (steps, beginning) => {
      let now = at(beginning)
      const clock = clockFrom({ now: () => now, sleep: async () => {} })
      const run = <A, E>(effect: Effect.Effect<A, E>) =>
        Effect.runSync(Effect.result(Effect.provideService(effect, Clock.Clock, clock)))
      const ledger = memoryLedger()
      const budget = { name: "team", perDay: money(60), perMonth: money(500) }
      const machines: Real[] = []
      const endOf = (one: Real, moment: number) => {
        one.end = moment
        run(ledger.gone(new InstanceRef("vast", "container", one.marker), moment))
      }
      const endDue = () => {
        for (const one of machines) if (one.end <= now) endOf(one, one.end)
      }
      for (const [index, one] of steps.entries()) {
        if (one.is === "wait") now += one.minutes * 60_000
        endDue()
        if (one.is === "end") {
          const live = machines.filter(({ end }) => end > now)
          const machine = live[one.which % Math.max(1, live.length)]
          if (machine) endOf(machine, now)
        }
        if (one.is !== "launch") continue
        const marker = `m-${index}`
        const leaseUntil = now + one.hours * hour
        const cost = { perHour: money(one.dollars), total: money(one.dollars * one.hours) }
        const opened = run(ledger.openLaunch(launchRecord(marker, { at: now, leaseUntil }), { budget, cost }))
        if (opened._tag === "Failure") continue
        run(ledger.settleLaunch(marker, { state: "created", instanceId: marker }))
        machines.push({ marker, from: now, end: leaseUntil, dollars: one.dollars })
      }
      for (const [unit, most] of [
        ["day", 60],
        ["month", 500]
      ] as const) {
        for (const period of new Set(machines.flatMap(({ from, end }) => [from, (from + end) / 2, end - 1])).values()) {
          const { from, to } = periodAt(unit, period)
          const spent = machines.reduce(
            (sum, one) => sum + (Math.max(0, Math.min(one.end, to) - Math.max(one.from, from)) / hour) * one.dollars,
            0
          )
          expect(spent).toBeLessThanOrEqual(most + 1e-6)
        }
      }
    }),
    { numRuns: 300 }
  )
})

test("what a machine that has ended does not use any more is there for the next one", () => {
  const now = at(10)
  const clock = clockFrom({ now: () => now, sleep: async () => {} })
  const run = <A, E>(effect: Effect.Effect<A, E>) =>
    Effect.runSync(Effect.result(Effect.provideService(effect, Clock.Clock, clock)))
  const ledger = memoryLedger()
  const reservation = { budget: { name: "team", perDay: money(20) }, cost: { perHour: money(1), total: null } }
  const open = (marker: string) =>
    run(ledger.openLaunch(launchRecord(marker, { at: at(9), leaseUntil: at(24) }), reservation))
  expect(open("a")._tag).toBe("Success")
  expect(open("b")).toMatchObject({ failure: { needed: money(30) } })
  run(ledger.settleLaunch("a", { state: "created", instanceId: "a" }))
  run(ledger.gone(new InstanceRef("vast", "container", "a"), now))
  expect(open("c")._tag).toBe("Success")
  run(ledger.settleLaunch("c", { state: "refused" }))
  expect(open("d")._tag).toBe("Success")
})
