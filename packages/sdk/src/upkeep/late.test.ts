import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { leaseWorld } from "../testing/leases.test-support.ts"

const caught = (error: unknown) => error
const [minute, hour, day] = [60_000, 3_600_000, 86_400_000]

/** A launch whose create arrives minutes after anybody has waited for it. */
const late = async (more: object, arrives = 20 * minute) => {
  const world = leaseWorld()
  const good = { ...(await world.spec()), ...more }
  world.simulator.fault({ on: { method: "PUT" }, do: { kind: "late", ms: arrives } })
  const error = await world.during(world.gpu.rent(good).catch(caught))
  expect(error).toMatchObject({ _tag: "Timeout" })
  expect(world.alive()).toHaveLength(0)
  const lists = () => world.simulator.requests().filter(({ path }) => path.startsWith("/api/v1/instances/")).length
  return { ...world, good, lists }
}

describe("a lease whose create arrives late", () => {
  it("is swept when its time is over", async () => {
    const { clock, sweep, alive, audit, ledger } = await late({ ttl: "2 hours" })
    expect(await sweep()).toMatchObject({ ended: [], failed: [], kept: [] })
    await clock.advance(hour)
    expect(alive()).toHaveLength(1)
    await clock.advance(2 * hour)
    const [machine] = alive()
    expect((await audit()).overdue).toMatchObject([
      { ref: { id: String(machine?.id) }, machine: { status: "running" } }
    ])
    expect(await sweep()).toMatchObject({ ended: [{ ref: { id: String(machine?.id) } }], failed: [] })
    expect(alive()).toHaveLength(0)
    expect((await audit()).overdue).toEqual([])
    expect(await Effect.runPromise(ledger.launches({ leased: true }))).toEqual([])
  })

  it("is swept also when its key went to another machine, and that one stays", async () => {
    const { clock, sweep, alive, gpu, good, during, audit, offers } = await late({ ttl: "2 hours", key: "job" })
    const [, offer = good.offer] = await offers()
    const second = await during(gpu.rent({ ...good, offer, ttl: "9 hours" }))
    expect(alive().map(({ id }) => String(id))).toEqual([second.ref.id])
    await clock.advance(2 * hour + minute)
    expect(alive()).toHaveLength(2)
    expect((await audit()).overdue).toHaveLength(1)
    const { ended, failed, kept } = await sweep()
    expect(ended).toHaveLength(1)
    expect({ failed, kept }).toMatchObject({ failed: [], kept: [{ ref: second.ref }] })
    expect(alive().map(({ id }) => String(id))).toEqual([second.ref.id])
    expect(await sweep()).toMatchObject({ ended: [], failed: [], kept: [{ ref: second.ref }] })
  })

  it.each([{ ttl: "2 hours" }, { ttl: "2 hours", key: "job" }])(
    "is looked for in one list a sweep: %j",
    async (more) => {
      const { clock, sweep, lists, gpu, good, during, simulator } = await late(more, 100 * day)
      for (const key of ["a", "b", "c"]) {
        simulator.fault({ on: { method: "PUT" }, do: { kind: "late", ms: 100 * day } })
        await during(gpu.rent({ ...good, ...("key" in more && { key }) }).catch(caught))
      }
      if ("key" in more) {
        for (const key of ["job", "a", "b", "c"]) {
          const taken = await during(gpu.rent({ ...good, key }))
          await during(gpu.terminate(taken.ref))
        }
      }
      await clock.advance(20 * hour)
      // What comes of ends that were asked for before is settled first.
      await sweep()
      const before = lists()
      expect(await sweep()).toEqual({ ended: [], failed: [], underWay: [], kept: [], problems: [] })
      expect(lists() - before).toBeLessThanOrEqual(2)
      await clock.advance(31 * day)
      const after = lists()
      await sweep()
      expect(lists()).toBe(after)
    }
  )

  it("is no failure of a sweep while the cloud cannot be asked, which is said", async () => {
    const { clock, sweep, simulator, alive, gpu, good, during, offers } = await late({ ttl: "2 hours", key: "job" })
    const [, offer = good.offer] = await offers()
    await during(gpu.rent({ ...good, offer, ttl: "9 hours" }))
    await clock.advance(3 * hour)
    const disarm = simulator.fault({ on: {}, times: 10_000, do: { kind: "status", status: 500, text: "down" } })
    const { ended, failed, problems } = await sweep()
    expect({ ended, failed, problems }).toMatchObject({ ended: [], failed: [], problems: [{ provider: "vast" }] })
    disarm()
    expect(await sweep()).toMatchObject({ ended: [{}] })
    expect(alive()).toHaveLength(1)
  })
})

it("a machine without a lease that comes late is adopted by recover(), also days later", async () => {
  const { clock, gpu, alive, during } = await late({ key: "job" }, 3 * day)
  await clock.advance(4 * day)
  const [machine] = alive()
  const { adopted } = await during(gpu.recover())
  expect(adopted).toMatchObject([{ ref: { id: String(machine?.id) } }])
})
