import { money } from "@anygpu/core"
import * as Effect from "effect/Effect"
import { describe, expect, test } from "vitest"
import { errorOf, fates, request as launch, setUp, untyped } from "../placement/placement.test-support.ts"
import type { PoolRequest, PoolRound } from "./request.ts"

const pool = { ...launch, name: "work", size: 2 } as const satisfies PoolRequest

const run = Effect.runPromise
const idsOf = ({ machines }: PoolRound) => machines.map(({ place, ref }) => `${place} ${ref.id}`)
const idsIn = (refs: ReadonlyArray<{ readonly id: string }>) => refs.map(({ id }) => id)

describe("a round of a pool", () => {
  test("rents what is missing, the cheapest first, under names and leases of its own", async () => {
    const { gpu, alive, machines, ledger } = setUp([fates("boots", "boots", "boots")])
    const round = await gpu.pool(pool)
    expect(machines.map(({ stand, label }) => [stand.id, label.split("-").slice(0, 2).join("-")])).toEqual([
      ["o1", "work-1"],
      ["o1", "work-2"]
    ])
    expect([round.launched.length, round.missing, round.replaced, round.ended]).toEqual([2, [], [], []])
    expect(alive()).toHaveLength(2)
    const leases = await run(ledger.launches({ leased: true }))
    expect(leases.map(({ key }) => key)).toEqual(["pool:work:1:1", "pool:work:2:1"])
  })

  test("changes nothing where all is there", async () => {
    const { gpu, creates } = setUp([fates("boots", "boots")])
    const first = await gpu.pool(pool)
    const second = await gpu.pool(pool)
    expect(idsOf(second)).toEqual(idsOf(first))
    expect([second.launched, creates.length]).toEqual([[], 2])
  })

  test("two processes at once keep the same machines", async () => {
    const { gpu, client, machines } = setUp([fates("boots", "boots")])
    const [one, other] = await Promise.all([gpu.pool(pool), client().pool(pool)])
    expect(idsOf(one)).toEqual(idsOf(other))
    expect(machines).toHaveLength(2)
    expect([...one.launched, ...other.launched]).toHaveLength(2)
  })

  test("replaces what somebody ended, and what has failed, which it ends first", async () => {
    const { gpu, machines, alive } = setUp([fates("boots", "breaks", "boots")])
    const { machines: before } = await gpu.pool(pool)
    const [first] = before
    if (first) await gpu.terminate(first.ref)
    const second = await gpu.pool(pool)
    expect(second.replaced).toMatchObject([{ ref: first?.ref, because: "terminated" }])
    expect(alive()).toHaveLength(2)
    expect(machines).toHaveLength(3)
  })

  test("replaces a machine that does not come up, once its time is over", async () => {
    const { gpu, alive, clock, machines } = setUp([fates("never-boots", "boots")])
    const one = { ...pool, size: 1, limits: { readyWithin: "10 minutes" } } as const
    await gpu.pool(one)
    await clock.sleep(9 * 60_000)
    expect((await gpu.pool(one)).replaced).toEqual([])
    await clock.sleep(2 * 60_000)
    const round = await gpu.pool(one)
    expect(round.replaced).toMatchObject([{ because: "provisioning" }])
    expect(alive()).toHaveLength(1)
    expect(machines).toHaveLength(2)
  })

  test("does not replace a machine that cannot be read, nor one whose end fails", async () => {
    const script = fates("breaks", "boots")
    const { gpu, machines, clock } = setUp([script])
    await gpu.pool({ ...pool, size: 1 })
    await clock.sleep(120_000)
    script.endsFail = 1
    const round = await gpu.pool({ ...pool, size: 1 })
    expect(round).toMatchObject({ replaced: [], missing: [{ place: 1 }], machines: [{ place: 1 }] })
    expect(machines).toHaveLength(1)
  })

  test("says what it cannot have, and has the rest", async () => {
    const { gpu } = setUp([fates("boots")], { spendLimit: { perHour: money("1.5") } })
    const round = await gpu.pool(pool)
    expect(round.launched).toHaveLength(1)
    expect(round.missing).toMatchObject([{ place: 2, error: { _tag: "OutOfFunds" } }])
  })

  test("keeps a budget of its own, besides that of the client", async () => {
    const { gpu, alive } = setUp([fates("boots")])
    const round = await gpu.pool({ ...pool, size: 3, budget: { perHour: money(2) } })
    expect([round.launched.length, alive().length]).toEqual([2, 2])
    expect(round.missing).toMatchObject([{ place: 3, error: { _tag: "OutOfFunds", ownLimit: true } }])
  })

  test("ends what is more than its size, the last places first to go", async () => {
    const { gpu, alive } = setUp([fates("boots")])
    const { machines } = await gpu.pool(pool)
    const smaller = await gpu.pool({ ...pool, size: 1 })
    expect(idsIn(smaller.ended)).toEqual([machines[1]?.ref.id])
    expect(idsOf(smaller)).toEqual([`1 ${machines[0]?.ref.id}`])
    expect((await gpu.pool({ ...pool, size: 0 })).ended).toHaveLength(1)
    expect(alive()).toEqual([])
  })

  test("holds its machines as long as it is kept, and they end when nobody keeps it", async () => {
    const { gpu, alive, clock } = setUp([fates("boots")])
    for (let round = 0; round < 6; round++) {
      expect((await gpu.pool({ ...pool, size: 1 })).machines).toHaveLength(1)
      await clock.sleep(40 * 60_000)
      await gpu.sweep()
    }
    expect(alive()).toHaveLength(1)
    await clock.sleep(61 * 60_000)
    await gpu.sweep()
    expect(alive()).toEqual([])
    expect((await gpu.pool({ ...pool, size: 1 })).replaced).toMatchObject([{ because: "terminated" }])
  })

  test("finds the last of many machines of a place", async () => {
    const { gpu, machines } = setUp([fates("boots")])
    for (let number = 1; number <= 9; number++) {
      const { machines: now } = await gpu.pool({ ...pool, size: 1 })
      expect(machines).toHaveLength(number)
      if (now[0]) await gpu.terminate(now[0].ref)
    }
  })

  test.each([
    [{ size: -1 }, "size"],
    [{ size: 1.5 }, "size"],
    [{ size: 5000 }, "size"],
    [{ name: "Work!" }, "name"],
    [{ key: "k" }, "key"],
    [{ ttl: "1 hour" }, "ttl"],
    [{ holdFor: "10 seconds" }, "holdFor"],
    [{ budget: { perYear: 1 } }, "budget.perYear"],
    [{ candidates: [] }, "candidates"]
  ])("%o is refused before anything is sent", async (more, path) => {
    const { gpu, creates } = setUp([fates("boots")])
    const error = await errorOf(gpu.pool(untyped({ ...pool, ...more })))
    expect(error).toMatchObject({ _tag: "InvalidRequest", issues: [{ path }] })
    expect(creates).toEqual([])
  })
})
