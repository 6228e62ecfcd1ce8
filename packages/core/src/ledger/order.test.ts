import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { memoryLedger } from "./memory.ts"
import type { NewOrder, OrderOutcome, OrderRecord, OrderState } from "./order.ts"

const error = { tag: "NoCapacity", message: "sold out" } as const

const newOrder = (id: string, more: Partial<NewOrder> = {}): NewOrder => ({
  ...{ id, key: id, what: "launch", name: "job", by: "me", clouds: [], request: {}, waits: 60_000 },
  ...more
})

/** What may follow on what: an order that is final stays what it is. */
const next: Readonly<Record<OrderState, ReadonlyArray<OrderState>>> = {
  queued: ["queued", "started", "failed", "cancelled"],
  started: ["started", "queued", "placed", "failed", "cancelled"],
  ...{ placed: ["placed"], failed: ["failed"], cancelled: ["cancelled"] }
}

const outcome: fc.Arbitrary<OrderOutcome> = fc.oneof(
  fc.constant<OrderOutcome>({ is: "placed", ref: "north/vm/1" }),
  fc.constant<OrderOutcome>({ is: "failed", error }),
  fc.record({ is: fc.constant("again" as const), after: fc.nat(40_000), error: fc.constant(error) }),
  fc.record({ is: fc.constant("unsettled" as const), after: fc.nat(20_000), error: fc.constant(error) })
)

/** What happens to an order: a keeper takes it, says that it goes on, says what came of it; its user cancels it; time passes. */
const event = fc.oneof(
  fc.record({ does: fc.constant("claim" as const), by: fc.constantFrom("a", "b") }),
  fc.record({ does: fc.constant("confirm" as const), fence: fc.nat(5) }),
  fc.record({ does: fc.constant("settle" as const), fence: fc.nat(5), outcome }),
  fc.record({ does: fc.constant("cancel" as const) }),
  fc.record({ does: fc.constant("pass" as const), millis: fc.nat(30_000) })
)

type Event = typeof event extends fc.Arbitrary<infer A> ? A : never

const happen = Effect.fnUntraced(function* (events: ReadonlyArray<Event>) {
  const ledger = memoryLedger()
  const read = Effect.map(ledger.orders({ id: "o" }), ([order]) => order as OrderRecord)
  const seen: OrderRecord[] = [yield* ledger.openOrder(newOrder("o"))]
  for (const one of events) {
    const before = yield* read
    const now = yield* ledger.now()
    if (one.does === "pass") yield* TestClock.adjust(one.millis)
    if (one.does === "cancel") yield* ledger.cancelOrder("o")
    if (one.does === "confirm") {
      const isHeld = yield* ledger.confirmOrder({ id: "o", fence: one.fence }, 10_000)
      expect(isHeld).toBe(before.state === "started" && before.fence === one.fence)
    }
    if (one.does === "claim" && (yield* ledger.claimOrder("o", { by: one.by, lasts: 10_000 }))) {
      // Nobody has it, it is due, and it was begun before its time was over.
      expect([before.heldUntil <= now, before.nextAt <= now]).toEqual([true, true])
      expect(before.state === "started" || now < (before.until ?? 0)).toBe(true)
    }
    if (one.does === "settle") {
      const settled = yield* ledger.settleOrder({ id: "o", fence: one.fence }, one.outcome)
      expect(settled !== null).toBe(before.state === "started" && before.fence === one.fence)
      // A machine that is there is never said not to be.
      if (settled && one.outcome.is === "placed") expect(settled.state).toBe("placed")
      if (settled && before.asked === "cancel") expect(settled.state).not.toBe("queued")
    }
    seen.push(yield* read)
  }
  return seen
})

test("an order goes through its states in order, whatever keepers, users and time do", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 30 }), async (events) => {
      const seen = await Effect.runPromise(Effect.provide(happen(events), TestClock.layer()))
      for (const [index, after] of seen.slice(1).entries()) {
        const before = seen[index] as OrderRecord
        expect(next[before.state]).toContain(after.state)
        expect(after.fence - before.fence).toBeGreaterThanOrEqual(0)
        if (before.state !== "queued" && before.state !== "started") expect(after).toEqual(before)
        expect(after.ref !== null).toBe(after.state === "placed")
      }
    }),
    { numRuns: 300 }
  )
})

describe("a pool's order", () => {
  const claim = { by: "a", lasts: 10_000 }
  const pool = (size: number) => newOrder("p", { what: "pool", waits: null, request: { size } })

  test("takes another size while a round is under way, and is looked at again at once", async () => {
    const ledger = memoryLedger()
    const held = await Effect.runPromise(
      Effect.gen(function* () {
        yield* ledger.openOrder(pool(2))
        const round = yield* ledger.claimOrder("p", claim)
        yield* ledger.openOrder({ ...pool(0), id: "q" })
        return yield* ledger.settleOrder(
          { id: "p", fence: round?.fence ?? 0 },
          { is: "again", after: 60_000, error: null }
        )
      })
    )
    expect(held).toMatchObject({ id: "p", state: "queued", request: { size: 0 } })
    expect((held?.nextAt ?? 0) - (held?.at ?? 0)).toBeLessThan(60_000)
    expect(await Effect.runPromise(ledger.orders())).toHaveLength(1)
  })

  test("is held beside launches on the same clouds", async () => {
    const ledger = memoryLedger()
    const both = await Effect.runPromise(
      Effect.gen(function* () {
        yield* ledger.openOrder(pool(2))
        yield* ledger.openOrder(newOrder("l"))
        yield* ledger.openOrder(newOrder("m"))
        return yield* Effect.forEach(["l", "p", "m"], (id) => ledger.claimOrder(id, claim))
      })
    )
    expect(both.map((order) => order?.id ?? null)).toEqual(["l", "p", null])
  })
})
