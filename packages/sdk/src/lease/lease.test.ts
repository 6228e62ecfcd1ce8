import { Conflict } from "@anygpu/core"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { leaseWorld } from "../testing/leases.test-support.ts"

const caught = (error: unknown) => error
const hour = 3_600_000

describe("a leased machine", () => {
  it("has its end in the ledger, and is ended, verified, when the block is left", async () => {
    const world = leaseWorld()
    const { during, lease, spec, alive, ledger, gpu, clock } = world
    const good = await spec()
    let ref = ""
    await during(
      (async () => {
        await using machine = await lease(good, { ttl: "2 hours" })
        ref = String(machine.ref)
        expect(alive()).toHaveLength(1)
        const [launch] = await Effect.runPromise(ledger.launches({ leased: true }))
        expect(launch).toMatchObject({ state: "created", instanceId: machine.ref.id })
        expect(launch?.leaseUntil).toBe((launch?.at ?? 0) + 2 * hour)
        expect(machine.until.epochMilliseconds).toBe(launch?.leaseUntil)
        expect(machine.signal.aborted).toBe(false)
      })()
    )
    expect(alive()).toHaveLength(0)
    expect(await during(gpu.get(ref))).toMatchObject({ status: "terminated" })
    expect(await Effect.runPromise(ledger.launches({ leased: true }))).toEqual([])
    // Nothing is left that would wake at the end of its time.
    expect(world.sleeping()).toBe(0)
    const asked = world.simulator.requests().length
    await clock.advance(3 * hour)
    expect(world.simulator.requests()).toHaveLength(asked)
  })

  it("is ended when the block throws, with the block's own error", async () => {
    const { during, lease, spec, alive } = leaseWorld()
    const good = await spec()
    const block = async () => {
      await using _ = await lease(good, { ttl: "2 hours" })
      throw new Error("the training failed")
    }
    expect(String(await during(block().catch(caught)))).toBe("Error: the training failed")
    expect(alive()).toHaveLength(0)
  })

  it("is ended by an abort, and what works on it hears of it", async () => {
    const { during, lease, spec, alive, ends, clock, sleeping } = leaseWorld()
    const abort = new AbortController()
    const machine = await during(lease(await spec(), { ttl: "2 hours", signal: abort.signal }))
    abort.abort(new Error("enough"))
    await clock.advance(20_000)
    expect(alive()).toHaveLength(0)
    expect(sleeping()).toBe(0)
    expect(machine.signal.reason).toBeInstanceOf(Conflict)
    await during(machine[Symbol.asyncDispose]())
    expect(ends()).toBe(1)
  })

  it("leaves nothing when the abort comes during the launch, or before it", async () => {
    const { during, lease, spec, alive, simulator, clock, ledger } = leaseWorld()
    const good = await spec()
    const abort = new AbortController()
    simulator.fault({ on: { method: "PUT" }, do: { kind: "latency", ms: 5_000 } })
    const leasing = lease(good, { ttl: "2 hours", signal: abort.signal }).catch(caught)
    await clock.advance(2_000)
    abort.abort(new Error("enough"))
    expect(String(await during(leasing))).toBe("Error: enough")
    expect(simulator.machines()).toHaveLength(1)
    expect(alive()).toHaveLength(0)
    expect(String(await lease(good, { ttl: "2 hours", signal: abort.signal }).catch(caught))).toBe("Error: enough")
    expect(await Effect.runPromise(ledger.launches())).toHaveLength(1)
  })

  it("is ended when the abort comes as it was just leased", async () => {
    const { during, lease, spec, alive, simulator, ledger, sleeping } = leaseWorld()
    const good = await spec()
    const abort = new AbortController()
    const { launches } = ledger
    ledger.launches = (query) => {
      if (query?.instanceId !== undefined) abort.abort(new Error("enough"))
      return launches(query)
    }
    const error = await during(lease(good, { ttl: "2 hours", signal: abort.signal }).catch(caught))
    expect(String(error)).toBe("Error: enough")
    expect(simulator.machines()).toHaveLength(1)
    expect(alive()).toHaveLength(0)
    expect(sleeping()).toBe(0)
  })

  it("is ended when the fiber that has it in its scope is interrupted", async () => {
    const { during, effects, spec, alive, clock, run } = leaseWorld()
    const abort = new AbortController()
    const work = Effect.scoped(Effect.andThen(effects.lease(await spec(), { ttl: "2 hours" }), Effect.never))
    const working = run(work, abort.signal).catch(caught)
    await clock.advance(60_000)
    expect(alive()).toHaveLength(1)
    abort.abort(new Error("enough"))
    expect(String(await during(working))).toBe("Error: enough")
    expect(alive()).toHaveLength(0)
  })

  it("is ended when its time runs out, while the block goes on", async () => {
    const { during, lease, spec, alive, clock } = leaseWorld()
    const machine = await during(lease(await spec(), { ttl: "2 hours" }))
    const end = machine.until.epochMilliseconds
    await clock.advance(end - clock.now() - 1)
    expect(machine.signal.aborted).toBe(false)
    expect(alive()).toHaveLength(1)
    await clock.advance(1)
    expect(machine.signal.aborted).toBe(true)
    expect(String(machine.signal.reason)).toContain("ran out at 2026-03-01T17:")
    await clock.advance(1_000)
    expect(alive()).toHaveLength(0)
    expect(await during(machine.end())).toMatchObject({ ref: machine.ref, alreadyGone: false })
  })

  it("is asked to end once, when its time and the end of the block meet", async () => {
    const { during, lease, spec, clock, ends } = leaseWorld()
    const machine = await during(lease(await spec(), { ttl: "2 hours" }))
    await clock.advance(machine.until.epochMilliseconds - clock.now() - 1)
    const left = machine[Symbol.asyncDispose]()
    const asked = machine.end()
    await clock.advance(1)
    await during(Promise.all([left, asked, machine.end()]))
    expect(ends()).toBe(1)
  })

  it("whose end is aborted by one who waits for it is ended all the same", async () => {
    const { during, lease, spec, alive, clock } = leaseWorld()
    const machine = await during(lease(await spec(), { ttl: "2 hours" }))
    const abort = new AbortController()
    const waiting = machine.end({ signal: abort.signal }).catch(caught)
    abort.abort(new Error("not now"))
    expect(String(await waiting)).toBe("Error: not now")
    await clock.advance(30_000)
    expect(alive()).toHaveLength(0)
  })
})

describe("renewing", () => {
  it("moves the end, later and sooner, here and in the ledger", async () => {
    const { during, lease, spec, alive, clock, ledger } = leaseWorld()
    const machine = await during(lease(await spec(), { ttl: "2 hours" }))
    await clock.advance(1.5 * hour)
    const later = await machine.renew("2 hours")
    expect(later.epochMilliseconds).toBe(clock.now() + 2 * hour)
    expect(machine.until).toEqual(later)
    const inLedger = async () => (await Effect.runPromise(ledger.launches({ leased: true })))[0]?.leaseUntil
    expect(await inLedger()).toBe(later.epochMilliseconds)
    await clock.advance(1.9 * hour)
    expect(alive()).toHaveLength(1)
    const sooner = await machine.renew("10 seconds")
    expect(await inLedger()).toBe(sooner.epochMilliseconds)
    await clock.advance(9_000)
    expect(alive()).toHaveLength(1)
    await clock.advance(2_000)
    expect(alive()).toHaveLength(0)
  })

  it("is refused once the end has begun, and for what is no time", async () => {
    const { during, lease, spec } = leaseWorld()
    const machine = await during(lease(await spec(), { ttl: "2 hours" }))
    for (const ttl of [0, Number.POSITIVE_INFINITY, "soon"]) {
      expect(await machine.renew(ttl as "1 hour").catch(caught)).toMatchObject({ _tag: "InvalidRequest" })
    }
    await during(machine.end())
    for (const refused of [machine.renew("1 hour"), machine.keep()]) {
      const error = await refused.catch(caught)
      expect(error).toMatchObject({ _tag: "Conflict", ref: machine.ref })
      expect(String(error)).toContain("its end has begun")
    }
  })

  it("makes the time of a machine that ends itself shorter, never longer, and the work goes on", async () => {
    const { during, lease, spec } = leaseWorld()
    const machine = await during(lease({ ...(await spec()), endsItself: true }, { ttl: "2 hours" }))
    const { until } = machine
    for (const refused of [() => machine.renew("3 hours"), () => machine.keep()]) {
      const error = await during(refused().catch(caught))
      expect(error).toMatchObject({
        _tag: "Conflict",
        ref: machine.ref,
        message: expect.stringContaining("ends itself")
      })
    }
    expect(machine.signal.aborted).toBe(false)
    expect(machine.until).toEqual(until)
    await during(machine.renew("1 hour"))
    expect(machine.until.epochMilliseconds).toBeLessThan(until.epochMilliseconds)
    await during(machine.end())
  })

  it("that cannot be written down does not hold", async () => {
    const { during, lease, spec, ledger } = leaseWorld()
    const machine = await during(lease(await spec(), { ttl: "2 hours" }))
    const before = machine.until
    const broken = { ...ledger }
    ledger.renewLease = () => Effect.fail(new Conflict({ message: "locked", retry: "temporary" })) as never
    expect(await machine.renew("5 hours").catch(caught)).toMatchObject({ message: "locked" })
    expect(await machine.keep().catch(caught)).toMatchObject({ message: "locked" })
    Object.assign(ledger, broken)
    expect(machine.until).toEqual(before)
    await during(machine.end())
  })
})

describe("keeping", () => {
  it("makes an ordinary machine that neither the block nor time nor a sweep ends", async () => {
    const { during, lease, spec, alive, clock, sweep, gpu, sleeping } = leaseWorld()
    const good = await spec()
    let ref = ""
    await during(
      (async () => {
        await using machine = await lease({ ...good, key: "job-1" }, { ttl: "2 hours" })
        ref = String(machine.ref)
        await machine.keep()
        expect(await machine.end().catch(caught)).toMatchObject({ _tag: "Conflict" })
        expect(sleeping()).toBe(0)
      })()
    )
    await clock.advance(5 * hour)
    expect(await sweep()).toEqual({ ended: [], failed: [], underWay: [], kept: [], problems: [] })
    expect(alive()).toHaveLength(1)
    // Its key leases it no more.
    const again = await during(lease({ ...good, key: "job-1" }, { ttl: "2 hours" }).catch(caught))
    expect(again).toMatchObject({ _tag: "Conflict" })
    expect(alive()).toHaveLength(1)
    await during(gpu.terminate(ref))
    const over = await during(lease({ ...good, key: "job-1" }, { ttl: "2 hours" }).catch(caught))
    expect(String(over)).toContain("has ended")
  })
})

describe("a key that is used again", () => {
  it("leases the same machine, with the end it has", async () => {
    const { during, lease, spec, clock, simulator, alive } = leaseWorld()
    const good = { ...(await spec()), key: "job-1" }
    const first = await during(lease(good, { ttl: "2 hours" }))
    await clock.advance(hour)
    const second = await during(lease(good, { ttl: "9 hours" }))
    expect(String(second.ref)).toBe(String(first.ref))
    expect(second.until).toEqual(first.until)
    expect(simulator.machines()).toHaveLength(1)
    await during(second.end())
    await during(first[Symbol.asyncDispose]())
    expect(alive()).toHaveLength(0)
  })
})
