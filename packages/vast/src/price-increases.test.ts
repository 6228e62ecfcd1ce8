import { describe, expect, it, test } from "vitest"
import { simulated } from "./cloud.test-support.ts"
import { noticeOf } from "./price-increases.ts"

const route = { method: "GET", path: "/api/v0/instances/pending-price-increases/" }
const asked = ({ simulator }: ReturnType<typeof simulated>) =>
  simulator.requests().filter(({ path }) => path === route.path).length

describe("a price increase that waits for its renter", () => {
  it("stands on its machine in the list, and is decided through the native client", async () => {
    const world = simulated()
    const [raised, other] = [world.simulator.addMachine(), world.simulator.addMachine()]
    const id = world.simulator.raisePrice(raised, 1.5)
    const { items, complete } = await world.run(world.containers.list())
    expect(complete).toBe(true)
    const of = (machine: number) => items.find(({ ref }) => ref.id === String(machine))
    expect(of(raised)?.native.price_increase).toMatchObject({ pending_price_increase_id: id, contract_id: raised })
    expect(of(raised)?.notice).toMatch(
      /the host wants another price from \d{4}-\d\d-\d\d on \(GPU \+50 %, .*accept or reject/
    )
    expect(of(raised)?.notice).toContain(String(id))
    expect(of(other)?.native.price_increase).toBeNull()
    expect(of(other)).not.toHaveProperty("notice")
    const decision = { body: { pending_price_increase_id: id } }
    expect(await world.run(world.cloud.native.acceptPriceIncrease(decision))).toMatchObject({ contract_id: raised })
    expect((await world.fails(world.cloud.native.rejectPriceIncrease(decision)))._tag).toBe("NotFound")
    const [first] = (await world.run(world.containers.list())).items
    expect(first?.native.price_increase).toBeNull()
  })

  it("is not asked for where there is no machine", async () => {
    const world = simulated()
    await world.run(world.containers.list())
    expect(asked(world)).toBe(0)
  })

  it.each([
    ["an error", { kind: "status", status: 404 }, "BadResponse"],
    ["silence", { kind: "hang" }, "Timeout"]
  ] as const)("that %s hides is said, and the list is whole all the same", async (_, fault, tag) => {
    const world = simulated()
    world.simulator.addMachine()
    world.simulator.fault({ on: route, times: 99, do: fault })
    const begun = world.clock.now()
    const { items, complete, problems } = await world.run(world.containers.list())
    expect([items.length, complete]).toEqual([1, true])
    expect(problems).toMatchObject([{ part: "price increases", error: { _tag: tag, provider: "vast" } }])
    expect(items[0]?.native).not.toHaveProperty("price_increase")
    expect(world.clock.now() - begun).toBeLessThanOrEqual(6000)
  })
})

test.each([
  [{}, /^the host wants another price after this contract: accept/],
  [{ contract_end_date: 1_735_689_600 }, /from 2025-01-01 on: accept/],
  [{ contract_end_date: 9e99 }, /after this contract: accept/],
  [{ old_gpu_costpersec: 0.0002, new_gpu_costpersec: 0.0001 }, /\(GPU -50 %\)/],
  [
    { old_gpu_costpersec: 0, new_gpu_costpersec: 0.0001, old_bwu_cost: 1, new_bwu_cost: 3 },
    /contract \(upload \+200 %\)/
  ]
])("%j is put into words", (more, words) => {
  expect(noticeOf({ pending_price_increase_id: 7, contract_id: 8, ...more } as Parameters<typeof noticeOf>[0])).toMatch(
    words
  )
})
