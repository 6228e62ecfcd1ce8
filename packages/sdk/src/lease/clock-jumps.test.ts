import { money } from "@anygpu/core"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { leaseWorld } from "../testing/leases.test-support.ts"

const caught = (error: unknown) => error
const [minute, hour] = [60_000, 3_600_000]

const held = async (options: Parameters<ReturnType<typeof leaseWorld>["lease"]>[1]) => {
  const world = leaseWorld()
  const machine = await world.during(world.lease({ ...(await world.spec()), key: "job" }, options))
  return { ...world, machine }
}

describe("a lease while the wall clock is set", () => {
  it("5 hours back is as long as it was", async () => {
    const { clock, alive } = await held({ ttl: "10 minutes", maxTotal: money(5) })
    await clock.advance(minute)
    clock.jump(-5 * hour)
    await clock.advance(8 * minute)
    expect(alive()).toHaveLength(1)
    await clock.advance(2 * minute)
    expect(alive()).toHaveLength(0)
  })

  it("back in the midst of its launch is as long as it was", async () => {
    const { clock, alive, during, lease, spec, simulator } = leaseWorld()
    const good = await spec()
    simulator.fault({ on: { method: "PUT" }, do: { kind: "latency", ms: 20_000 } })
    const leasing = lease(good, { ttl: "10 minutes" })
    await clock.advance(5_000)
    clock.jump(-5 * hour)
    await during(leasing)
    await clock.advance(9 * minute)
    expect(alive()).toHaveLength(1)
    await clock.advance(2 * minute)
    expect(alive()).toHaveLength(0)
  })

  it("back is renewed for as long as was asked, and no longer than maxTotal pays for", async () => {
    const { clock, alive, machine, ledger } = await held({ ttl: "10 minutes", maxTotal: money("0.2") })
    clock.jump(-5 * hour)
    const later = await machine.renew("15 minutes")
    expect(later.epochMilliseconds).toBe(clock.now() + 15 * minute)
    expect((await Effect.runPromise(ledger.launches()))[0]?.leaseUntil).toBe(later.epochMilliseconds)
    const most = await machine.renew("300 hours")
    const left = most.epochMilliseconds - clock.now()
    expect(left).toBeLessThan(5 * hour)
    await clock.advance(left - 1000)
    expect(alive()).toHaveLength(1)
    await clock.advance(10_000)
    expect(alive()).toHaveLength(0)
  })

  it("3 days forward ends early: the ledger's moment has come", async () => {
    const { clock, alive, machine } = await held({ ttl: "2 hours" })
    clock.jump(72 * hour)
    await clock.advance(70_000)
    expect(alive()).toHaveLength(0)
    expect(String(machine.signal.reason)).toContain("ran out")
  })

  it("forward by less than it has left changes nothing before its moment", async () => {
    const { clock, alive } = await held({ ttl: "2 hours" })
    clock.jump(8 * minute)
    await clock.advance(100 * minute)
    expect(alive()).toHaveLength(1)
    await clock.advance(13 * minute)
    expect(alive()).toHaveLength(0)
  })

  it("back is as long as it was from then on, for one that another process has launched", async () => {
    const { clock, alive, lease, during, spec, gpu } = leaseWorld()
    const good = { ...(await spec()), key: "job" }
    await during(gpu.rent({ ...good, ttl: "30 minutes" }))
    await clock.advance(10 * minute)
    await during(lease(good, { ttl: "30 minutes" }))
    clock.jump(-5 * hour)
    await clock.advance(19 * minute)
    expect(alive()).toHaveLength(1)
    await clock.advance(2 * minute)
    expect(alive()).toHaveLength(0)
  })
})

describe("a lease whose machine was ended elsewhere", () => {
  /** Another process on the same ledger, whose clock is ahead, has swept the machine. */
  const swept = async () => {
    const world = await held({ ttl: "1 hour" })
    world.clock.jump(2 * hour)
    const { ended } = await world.sweep()
    world.clock.jump(-2 * hour)
    expect(ended).toMatchObject([{ ref: world.machine.ref }])
    return world
  }

  it.each(["renew", "keep"] as const)("is Conflict for %s, and aborts its signal", async (what) => {
    const world = await held({ ttl: "1 hour" })
    const { machine, during, gpu, ends } = world
    // Ended, and not noticed yet.
    await during(gpu.terminate(machine.ref))
    expect(machine.signal.aborted).toBe(false)
    const error = await during((what === "renew" ? machine.renew("2 hours") : machine.keep()).catch(caught))
    expect(error).toMatchObject({ _tag: "Conflict", ref: machine.ref })
    expect(machine.signal.reason).toMatchObject({ _tag: "Conflict", ref: machine.ref })
    const before = ends()
    await during(machine[Symbol.asyncDispose]())
    expect(ends()).toBe(before)
    expect(world.sleeping()).toBe(0)
  })

  it("is not renewed in the ledger", async () => {
    const { machine, during, ledger, clock } = await swept()
    await clock.advance(1)
    expect(await during(machine.renew("2 hours").catch(caught))).toMatchObject({ _tag: "Conflict" })
    expect((await Effect.runPromise(ledger.launches()))[0]?.leaseUntil).toBeNull()
  })

  it("aborts its signal within a minute, without being asked", async () => {
    const { machine, clock, simulator, sleeping } = await swept()
    await clock.advance(61_000)
    expect(String(machine.signal.reason)).toContain("ended elsewhere")
    const asked = simulator.requests().length
    await clock.advance(5 * hour)
    expect(simulator.requests()).toHaveLength(asked)
    expect(sleeping()).toBe(0)
  })

  it("while its end is under way elsewhere is neither renewed nor kept, and is ended at its time", async () => {
    const { machine, during, ledger, alive, clock } = await held({ ttl: "1 hour" })
    await Effect.runPromise(ledger.intend(machine.ref, { action: "terminate", at: clock.now() }))
    for (const change of [machine.renew("2 hours"), machine.keep()]) {
      expect(await change.catch(caught)).toMatchObject({ _tag: "Conflict" })
    }
    expect(machine.signal.aborted).toBe(true)
    expect(alive()).toHaveLength(1)
    await clock.advance(hour)
    expect(alive()).toHaveLength(0)
    await during(machine[Symbol.asyncDispose]())
  })

  it("is kept when another holder of it has kept it, and hears of that", async () => {
    const { machine, lease, during, spec, alive, clock } = await held({ ttl: "1 hour" })
    const other = await during(lease({ ...(await spec()), key: "job" }, { ttl: "1 hour" }))
    expect(other.ref).toEqual(machine.ref)
    await during(other.keep())
    await clock.advance(61_000)
    expect(machine.signal.aborted).toBe(true)
    await during(machine[Symbol.asyncDispose]())
    await clock.advance(2 * hour)
    expect(alive()).toHaveLength(1)
  })
})
