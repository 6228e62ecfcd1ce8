import { money } from "@anygpu/core"
import { describe, expect, test } from "vitest"
import { errorOf, fates, untyped } from "../placement/placement.test-support.ts"
import type { KeptPool } from "./kept-pool.ts"
import { world } from "./orders.test-support.ts"

const pool = {
  ...{ name: "work", size: 2, candidates: {}, workload: { os: "ubuntu" } },
  budget: { perHour: money(9) }
} as const satisfies KeptPool

describe("a pool that keepers keep", () => {
  test("is written and asks no cloud; a keeper makes a round a minute, and replaces what is lost", async () => {
    const { gpu, creates, turn, alive, clock, machines } = world([fates("boots")])
    const { id, key, state } = await gpu.keepPool(pool)
    expect([key, state, creates]).toEqual(["pool:work", "queued", []])
    expect(await turn(id)).toMatchObject({ is: "settled", order: { state: "queued", error: null } })
    expect([alive().length, (await turn(id)).is]).toEqual([2, "later"])
    const [lost] = alive()
    await gpu.terminate(`acme/vm/${lost?.id}`)
    await clock.sleep(61_000)
    await turn(id, "two")
    expect([alive().length, machines.length]).toEqual([2, 3])
  })

  test("takes another size at once, and with none its machines end and it is over", async () => {
    const { gpu, turn, alive } = world([fates("boots")])
    const { id } = await gpu.keepPool(pool)
    await turn(id)
    expect((await gpu.keepPool({ ...pool, size: 1 })).id).toBe(id)
    await turn(id)
    expect(alive()).toHaveLength(1)
    await gpu.keepPool({ name: "work", size: 0 })
    expect(await turn(id)).toMatchObject({ order: { state: "cancelled", error: null } })
    expect([alive(), await turn(id)]).toEqual([[], { is: "over" }])
    expect((await gpu.keepPool(pool)).id).not.toBe(id)
  })

  test("keeps at its order what a round could not have, and holds to what its client may spend", async () => {
    const { gpu, turn, alive } = world([fates("boots")], { spendLimit: { perHour: money("1.5") } })
    const { id } = await gpu.keepPool(pool)
    expect(await turn(id)).toMatchObject({
      order: { state: "queued", error: { tag: "OutOfFunds", message: expect.stringMatching(/^place 2: /) } }
    })
    expect(alive()).toHaveLength(1)
  })

  test("is not kept once its order is cancelled, and its machines end by their leases", async () => {
    const { gpu, turn, alive, clock } = world([fates("boots")])
    const { id } = await gpu.keepPool(pool)
    await turn(id)
    expect(await gpu.cancelOrder(id)).toMatchObject({ state: "cancelled" })
    await clock.sleep(61 * 60_000)
    await gpu.sweep()
    expect([alive(), (await turn(id)).is]).toEqual([[], "over"])
  })

  test.each([
    [{ budget: undefined }, "budget"],
    [{ size: -1 }, "size"],
    [{ verify: true }, "verify"],
    [{ candidates: [] }, "candidates"],
    [{ workload: { env: { TOKEN: "hf_1" } } }, "env.TOKEN"]
  ])("with %o is refused before it is written", async (more, path) => {
    const { gpu } = world([fates("boots")])
    const error = await errorOf(gpu.keepPool(untyped({ ...pool, ...more })))
    expect(error).toMatchObject({
      _tag: "InvalidRequest",
      issues: expect.arrayContaining([expect.objectContaining({ path })])
    })
    expect(await gpu.orders()).toEqual([])
  })
})
