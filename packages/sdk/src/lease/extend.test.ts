import { Conflict, memoryLedger, money, OutOfFunds } from "@anygpu/core"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { createGpu } from "../client/create-gpu.ts"
import type { SpendLimit } from "../spending/spending.ts"
import { market } from "../testing/market.ts"

const hour = 3_600_000

const setUp = async (spendLimit?: SpendLimit) => {
  const { clouds, clock, alive } = market({ name: "acme", stands: [{ id: "o1", perHour: "2" }] })
  const ledger = memoryLedger()
  const open = (limit?: SpendLimit) => createGpu({ clouds, clock, ledger, ...(limit && { spendLimit: limit }) })
  const gpu = open(spendLimit)
  const [offer] = await gpu.offers()
  if (!offer) throw new Error("no offer")
  const rent = (ttl?: string) => gpu.rent({ offer, name: "job", os: "ubuntu", ...(ttl && { ttl: "1 hour" }) })
  const end = async () => (await Effect.runPromise(ledger.launches({ states: ["created"] })))[0]?.leaseUntil ?? null
  const held = async () => (await Effect.runPromise(ledger.commitments("default")))[0]?.cost.total ?? null
  return { gpu, open, rent, end, held, clock, alive }
}

describe("the end of a lease is moved", () => {
  it("to so long from now, and no earlier than it was", async () => {
    const { gpu, rent, end, clock, alive } = await setUp()
    const { ref } = await rent("1 hour")
    const extended = await gpu.extend(ref, "3 hours")
    expect(extended.until.epochMilliseconds - extended.before.epochMilliseconds).toBeGreaterThanOrEqual(
      2 * hour - 60_000
    )
    expect(await end()).toBe(extended.until.epochMilliseconds)
    const again = await gpu.extend(ref, "1 hour")
    expect(again.until).toEqual(again.before)
    expect(await end()).toBe(extended.until.epochMilliseconds)
    await clock.sleep(2 * hour)
    expect((await gpu.sweep()).ended).toEqual([])
    await clock.sleep(2 * hour)
    expect((await gpu.sweep()).ended).toHaveLength(1)
    expect(alive()).toEqual([])
  })

  it("for what the budget has left, and holds that", async () => {
    const { gpu, rent, held } = await setUp({ total: money("10") })
    const { ref } = await rent("1 hour")
    expect(await held()).toEqual(money("2"))
    await gpu.extend(ref, "3 hours")
    expect((await held())?.micros).toBeGreaterThanOrEqual(6_000_000)
    expect((await held())?.micros).toBeLessThanOrEqual(8_000_000)
  })

  it.each<SpendLimit>([{ total: money("5") }, { perDay: money("5") }])(
    "not above a limit: everything is as it was (%j)",
    async (limit) => {
      const { gpu, rent, end, held } = await setUp(limit)
      const { ref } = await rent("1 hour")
      const [before, kept] = [await end(), await held()]
      const error = await gpu.extend(ref, "4 hours").catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(OutOfFunds)
      expect([await end(), await held()]).toEqual([before, kept])
    }
  )

  it("not by a client whose budget holds nothing for the machine", async () => {
    const { open, rent, end } = await setUp()
    const { ref } = await rent("1 hour")
    const before = await end()
    await expect(open({ total: money("99"), budget: "other" }).extend(ref, "3 hours")).rejects.toThrow(
      /holds nothing for it/
    )
    expect(await end()).toBe(before)
  })

  it("not where there is none", async () => {
    const { gpu, rent } = await setUp()
    const { ref } = await rent()
    await expect(gpu.extend(ref, "1 hour")).rejects.toBeInstanceOf(Conflict)
    await expect(gpu.extend("acme/vm/none", "1 hour")).rejects.toBeInstanceOf(Conflict)
  })

  it("not once it was asked to end", async () => {
    const { gpu, rent } = await setUp()
    const { ref } = await rent("1 hour")
    await gpu.terminate(ref)
    await expect(gpu.extend(ref, "3 hours")).rejects.toBeInstanceOf(Conflict)
  })
})
