import * as Effect from "effect/Effect"
import fc from "fast-check"
import { expect, test } from "vitest"
import { InstanceRef } from "../model/ref.ts"
import { type BillingLook, lookGrain } from "./history.ts"
import { memoryLedger } from "./memory.ts"

const ref = new InstanceRef("vast", "container", "1")
const look = (more: Partial<BillingLook> = {}): BillingLook => ({
  ...{ ref, billing: "compute", pricePerHour: { micros: 1_000_000, currency: "USD" }, gpu: null, launchedAt: null },
  ...more
})

const minute = 60_000

test("a machine costs the same until it is seen to cost something else, or to be gone", async () => {
  const ledger = memoryLedger()
  const all = await Effect.runPromise(
    Effect.gen(function* () {
      yield* ledger.billed([look({ launchedAt: 2 * minute })], 3 * minute)
      yield* ledger.billed([look()], 8 * minute)
      yield* ledger.billed([look()], 20 * minute)
      yield* ledger.billed([look({ billing: "storage" })], 60 * minute)
      yield* ledger.gone(ref, 90 * minute)
      return yield* ledger.history()
    })
  )
  expect(all.map(({ from, first, seen, end, billing }) => [from, first, seen, end, billing])).toEqual([
    [2 * minute, 3 * minute, 20 * minute, 60 * minute, "compute"],
    [60 * minute, 60 * minute, 60 * minute, 90 * minute, "storage"]
  ])
})

test("a machine of others begins with the first look at it, and one that is back goes on where it ended", async () => {
  const ledger = memoryLedger()
  const all = await Effect.runPromise(
    Effect.gen(function* () {
      yield* ledger.billed([look()], 5 * minute)
      yield* ledger.gone(ref, 10 * minute)
      yield* ledger.seen([ref], 30 * minute)
      yield* ledger.billed([look({ launchedAt: 1 })], 30 * minute)
      return yield* ledger.history()
    })
  )
  expect(all.map(({ from, end }) => [from, end])).toEqual([
    [5 * minute, 10 * minute],
    [10 * minute, null]
  ])
})

test("a list that still shows a machine which is verified gone opens nothing that would never end", async () => {
  const ledger = memoryLedger()
  const all = await Effect.runPromise(
    Effect.gen(function* () {
      yield* ledger.billed([look()], 5 * minute)
      yield* ledger.gone(ref, 10 * minute)
      yield* ledger.billed([look()], 11 * minute)
      yield* ledger.gone(ref, 12 * minute)
      return yield* ledger.history()
    })
  )
  expect(all.map(({ from, end }) => [from, end])).toEqual([[5 * minute, 10 * minute]])
})

const step = fc.record({
  at: fc.integer({ min: 0, max: 40 * lookGrain }),
  is: fc.constantFrom("compute", "storage", "none", "gone") as fc.Arbitrary<BillingLook["billing"] | "gone">,
  launchedAt: fc.option(fc.integer({ min: 0, max: 3 * lookGrain }))
})

test("whatever is seen when, no two intervals of a machine overlap, and each holds the looks at it", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const ledger = memoryLedger()
      for (const { at, is, launchedAt } of steps) {
        await Effect.runPromise(
          is === "gone" ? ledger.gone(ref, at) : ledger.billed([look({ billing: is, launchedAt })], at)
        )
      }
      const all = await Effect.runPromise(ledger.history())
      for (const { from, first, seen, end } of all) {
        expect(from).toBeLessThanOrEqual(first)
        expect(first).toBeLessThanOrEqual(seen)
        if (end !== null) expect(seen).toBeLessThanOrEqual(end)
      }
      for (const [index, { end }] of all.slice(0, -1).entries()) {
        expect(end).not.toBeNull()
        expect(end ?? 0).toBeLessThanOrEqual(all[index + 1]?.from ?? 0)
      }
    })
  )
})
