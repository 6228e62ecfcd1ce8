import { fetchTransport } from "@anygpu/core/adapter"
import { describe, expect, it, test } from "vitest"
import { apiKey, simulated } from "./cloud.test-support.ts"
import { vast } from "./index.ts"
import { noticeOf } from "./price-increases.ts"

const route = { method: "GET", path: "/api/v0/instances/pending-price-increases/" }
const asked = ({ simulator }: ReturnType<typeof simulated>) =>
  simulator.requests().filter(({ path }) => path === route.path).length

/** A simulated Vast on which the first price increase that waits has other fields. */
const altered = (odd: object) => {
  const world = simulated()
  const { simulator } = world
  const transport = fetchTransport(async (url, init) => {
    const answer = await simulator.fetch(url, init)
    if (!url.endsWith(route.path)) return answer
    const { pending_price_increases: rows, ...rest } = (await answer.json()) as { pending_price_increases: object[] }
    return Response.json({
      ...rest,
      pending_price_increases: rows.map((row, at) => (at === 0 ? { ...row, ...odd } : row))
    })
  })
  return { ...world, containers: vast({ apiKey, transport }).containers }
}

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

  it.each([
    ["a rate that is a text", { new_gpu_costpersec: "dear" }, true],
    ["an end that is a date", { contract_end_date: "2027-01-01" }, true],
    ["no id of its own", { pending_price_increase_id: null }, false],
    ["a contract of another type", { contract_id: { id: 1 } }, false]
  ])("costs itself alone with %s, and that is said", async (_, odd, isShown) => {
    const world = altered(odd)
    const add = () => world.simulator.addMachine()
    const [fine, other] = [add(), add()]
    world.simulator.raisePrice(other, 2)
    const id = world.simulator.raisePrice(fine, 1.5)
    const { items, complete, problems } = await world.run(world.containers.list())
    expect([items.length, complete, problems.length]).toEqual([2, true, 1])
    const of = (machine: number) => items.find(({ ref }) => ref.id === String(machine))?.native
    expect(of(fine)?.price_increase).toMatchObject({ pending_price_increase_id: id })
    expect("price_increase" in (of(other) ?? {})).toBe(isShown)
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
