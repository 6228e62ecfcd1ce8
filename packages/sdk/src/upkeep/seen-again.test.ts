import { describe, expect, it } from "vitest"
import { leaseWorld } from "../testing/leases.test-support.ts"

const [hour, day] = [3_600_000, 86_400_000]

/** Vast answers every question for a machine with "not found". */
const lying = ({ simulator }: ReturnType<typeof leaseWorld>) => {
  const lies = [
    { on: { method: "DELETE" }, json: { success: true } },
    { on: { method: "GET", path: "/api/v0/instances/{id}/" }, json: { instances: null } },
    { on: { method: "GET", path: "/api/v1/instances/" }, json: { instances: [], next_token: null } }
  ].map(({ on, json }) => simulator.fault({ on, times: 9_999, do: { kind: "status", status: 200, json } }))
  return () => {
    for (const stop of lies) stop()
  }
}

/** A machine whose end was verified, and that lives on. */
const survivor = async (ttl?: "1 hour") => {
  const world = leaseWorld()
  const spec = { ...(await world.spec()), ...(ttl && { ttl }) }
  const { ref } = await world.during(world.gpu.rent(spec))
  const stop = lying(world)
  await world.during(world.gpu.terminate(ref))
  stop()
  expect(await world.run(world.ledger.machine(ref), undefined)).toMatchObject({ goneAt: expect.any(Number) })
  expect(world.alive()).toHaveLength(1)
  return { ...world, ref, lie: () => lying(world) }
}

describe("a machine that shows again after its verified end", () => {
  it.each(["1 hour", undefined] as const)("is ended by the next sweep (ttl %s)", async (ttl) => {
    const { sweep, ref, alive } = await survivor(ttl)
    expect(await sweep()).toMatchObject({ ended: [{ ref, alreadyGone: false }], failed: [], problems: [] })
    expect(alive()).toEqual([])
    expect((await sweep()).ended).toEqual([])
  })

  it("is overdue and billed in an audit, and ended by a sweep however late", async () => {
    const { audit, sweep, ref, alive, clock } = await survivor()
    await clock.advance(3 * day)
    expect((await sweep()).ended).toEqual([])
    const seen = await audit()
    expect(seen).toMatchObject({ overdue: [{ ref }], claimed: [{ machine: { ref } }] })
    expect(seen.perHour.all).toHaveLength(1)
    expect(await sweep()).toMatchObject({ ended: [{ ref }] })
    expect(alive()).toEqual([])
  })

  it.each([
    ["5 hours", 5 * hour],
    ["3 days", 3 * day]
  ])("is ended by the next sweep when the wall clock is set back by %s after that end", async (_, by) => {
    const { sweep, audit, ref, alive, clock } = await survivor("1 hour")
    clock.jump(-by)
    expect((await audit()).overdue).toMatchObject([{ ref }])
    expect(await sweep()).toMatchObject({ ended: [{ ref, alreadyGone: false }], failed: [] })
    expect(alive()).toEqual([])
    expect((await audit()).overdue).toEqual([])
    expect((await sweep()).ended).toEqual([])
  })

  it("that cannot be ended is in what failed, and is tried again", async () => {
    const { sweep, ref, alive, simulator } = await survivor("1 hour")
    const stop = simulator.fault({
      on: { method: "DELETE" },
      times: 9_999,
      do: { kind: "status", status: 200, json: { success: true } }
    })
    expect(await sweep()).toMatchObject({ ended: [], failed: [{ ref, error: { _tag: "Timeout" } }] })
    stop()
    expect(await sweep()).toMatchObject({ ended: [{ ref }], failed: [] })
    expect(alive()).toEqual([])
  })

  it("is not ended when somebody starts it again meanwhile, or nobody asked for its end", async () => {
    const world = leaseWorld()
    const { ref } = await world.during(world.gpu.rent(await world.spec()))
    await world.clock.advance(600_000)
    await world.during(world.gpu.get(ref))
    const stop = lying(world)
    expect(await world.during(world.gpu.get(ref))).toMatchObject({ status: "terminated" })
    stop()
    await world.audit()
    expect((await world.sweep()).ended).toEqual([])
    expect(world.alive()).toHaveLength(1)
  })
})

it("a list that cannot be had leaves it open whether machines show again, and is said", async () => {
  const { sweep, simulator } = await survivor("1 hour")
  simulator.fault({ on: {}, times: 9_999, do: { kind: "status", status: 500, text: "down" } })
  expect(await sweep()).toMatchObject({
    ended: [],
    problems: [{ part: "machines that may show again after their end" }]
  })
})
