import { compareAtPar, estimate, money } from "@anygpu/core"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { leaseWorld } from "../testing/leases.test-support.ts"

const caught = (error: unknown) => error
const hour = 3_600_000

describe("maxTotal", () => {
  it("ends the machine a minute before its cost would go above it, by the offer's terms", async () => {
    const { during, lease, spec, clock, alive, simulator, ledger } = leaseWorld()
    const good = await spec()
    const maxTotal = money("0.75")
    const machine = await during(lease(good, { ttl: "90 days", maxTotal }))
    const [launch] = await Effect.runPromise(ledger.launches({ leased: true }))
    const at = launch?.at ?? 0
    const end = machine.until.epochMilliseconds
    const costAt = (moment: number) =>
      estimate(good.offer, { duration: Duration.millis(moment - at), startAt: DateTime.makeUnsafe(at) })?.total ??
      money(0)
    expect(compareAtPar(costAt(end + 60_000), maxTotal)).toBeLessThanOrEqual(0)
    expect(compareAtPar(costAt(end + 60_001), maxTotal)).toBeGreaterThan(0)
    expect(launch?.leaseUntil).toBe(end)
    await clock.advance(end - clock.now() - 1)
    expect(alive()).toHaveLength(1)
    await clock.advance(5_000)
    expect(alive()).toHaveLength(0)
    const spent = simulator.machines()[0]?.spent ?? 0
    expect(spent).toBeLessThanOrEqual(0.75)
    expect(spent).toBeGreaterThan(0.7)
  })

  it("is kept by the clock where a cloud charges clock hours", async () => {
    const { during, lease, spec, clock, alive } = leaseWorld()
    const { offer, ...rest } = await spec()
    if (!offer.terms || !offer.pricePerHour) throw new Error("the offer has no terms")
    const perHour = money(2)
    const compute = { perHour, stepSeconds: 3600, stepsFrom: "clock", minimumSeconds: 0 } as const
    const terms = { ...offer.terms, compute, storage: null }
    const machine = await during(
      lease({ ...rest, offer: { ...offer, pricePerHour: perHour, terms } }, { ttl: "9 hours", maxTotal: money(5) })
    )
    // 15:20 to 16:00 and 16:00 to 17:00 are paid for; 17:00 must not begin.
    expect(DateTime.formatIso(machine.until)).toBe("2026-03-01T16:59:00.000Z")
    expect(DateTime.formatIso(await during(machine.renew("5 hours")))).toBe("2026-03-01T16:59:00.000Z")
    await clock.advance(Date.parse("2026-03-01T16:59:00Z") - clock.now() - 1)
    expect(alive()).toHaveLength(1)
    await clock.advance(1_000)
    expect(alive()).toHaveLength(0)
  })

  it("does not lengthen a lease", async () => {
    const { during, lease, spec } = leaseWorld()
    const machine = await during(lease(await spec(), { ttl: "1 hour", maxTotal: money(500) }))
    const [moment, start] = [machine.until.epochMilliseconds, machine.machine.observedAt.epochMilliseconds]
    expect(moment - start).toBeLessThanOrEqual(hour)
    await during(machine.end())
  })

  it("counts a machine that turned out dearer than its offer at its own price", async () => {
    const { during, lease, spec, simulator, ledger } = leaseWorld()
    const good = await spec()
    const options = { ttl: "90 days", maxTotal: money("0.75") } as const
    const expected = await during(lease(good, options))
    const span = expected.until.epochMilliseconds - expected.machine.observedAt.epochMilliseconds
    await during(expected.end())
    simulator.changePrice(Number(good.offer.id), 5)
    const dearer = await during(lease(good, options))
    const shorter = dearer.until.epochMilliseconds - dearer.machine.observedAt.epochMilliseconds
    expect(shorter).toBeLessThan(span / 2)
    const [launch] = await Effect.runPromise(ledger.launches({ leased: true }))
    expect(launch?.leaseUntil).toBe(dearer.until.epochMilliseconds)
    await during(dearer.end())
  })
})

describe("what cannot be leased", () => {
  const wrong: ReadonlyArray<readonly [string, unknown, string]> = [
    ["no options", undefined, "object"],
    ["no ttl", {}, "ttl"],
    ["an endless ttl", { ttl: "Infinity" }, "ttl"],
    ["a ttl of nothing", { ttl: 0 }, "ttl"],
    ["a limit that is no amount", { ttl: "1 hour", maxTotal: 5 }, "maxTotal"],
    ["no limit at all, explicitly", { ttl: "1 hour", maxTotal: null }, "maxTotal"],
    ["a limit of nothing", { ttl: "1 hour", maxTotal: money(0) }, "maxTotal"],
    ["a misspelt limit", { ttl: "1 hour", maxtotal: money(5) }, "maxtotal"]
  ]
  it.each(wrong)("%s is refused with nothing sent", async (_, options, says) => {
    const { lease, spec, simulator, ledger } = leaseWorld()
    const good = await spec()
    const asked = simulator.requests().length
    const error = await lease(good, options as never).catch(caught)
    expect(error).toMatchObject({ _tag: "InvalidRequest", message: expect.stringContaining(says) })
    expect(simulator.requests()).toHaveLength(asked)
    expect(await Effect.runPromise(ledger.launches())).toEqual([])
  })

  it.each<[unknown, string]>([
    [null, "spec"],
    [{}, "offer"],
    [{ offer: 5, name: "test" }, "offer"]
  ])("the launch %j is refused with nothing sent", async (wrong, path) => {
    const { lease, simulator } = leaseWorld()
    for (const options of [{ ttl: "1 hour" }, { ttl: "1 hour", maxTotal: money(5) }] as const) {
      const error = await lease(wrong as never, options).catch(caught)
      expect(error).toMatchObject({
        _tag: "InvalidRequest",
        issues: expect.arrayContaining([expect.objectContaining({ path })])
      })
    }
    expect(simulator.requests()).toHaveLength(0)
  })

  it("a ttl of the launch is refused, as are a limit that pays for too little and an offer without terms", async () => {
    const { lease, spec, simulator } = leaseWorld()
    const good = await spec()
    const asked = simulator.requests().length
    expect(await lease({ ...good, ttl: "1 hour" }, { ttl: "1 hour" }).catch(caught)).toMatchObject({
      _tag: "InvalidRequest"
    })
    const offer = { ...good.offer, terms: null }
    const unknown = await lease({ ...good, offer }, { ttl: "1 hour", maxTotal: money(5) }).catch(caught)
    expect(unknown).toMatchObject({ _tag: "InvalidRequest", issues: [{ path: "maxTotal" }] })
    for (const [amount, says] of [
      ["0.000001", "does not pay for the shortest rent"],
      ["0.001", "leaves no time to end it"]
    ] as const) {
      const poor = await lease(good, { ttl: "1 hour", maxTotal: money(amount) }).catch(caught)
      expect(poor).toMatchObject({ _tag: "OutOfFunds", ownLimit: true, message: expect.stringContaining(says) })
    }
    expect(simulator.requests()).toHaveLength(asked)
  })

  it("a launch that is refused leaves no lease and no timer", async () => {
    const { lease, spec, simulator, during, sweep, clock } = leaseWorld()
    const good = await spec()
    simulator.fault({ on: { method: "PUT" }, do: { kind: "capacity" } })
    expect(await during(lease(good, { ttl: "1 hour" }).catch(caught))).toMatchObject({ _tag: "NoCapacity" })
    const asked = simulator.requests().length
    await clock.advance(2 * hour)
    expect(await sweep()).toEqual({ ended: [], failed: [], underWay: [], kept: [], problems: [] })
    expect(simulator.requests()).toHaveLength(asked)
  })
})
