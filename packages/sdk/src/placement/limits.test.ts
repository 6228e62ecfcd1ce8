import { isGpuError, money } from "@anygpu/core"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import type { CloudScript, Fate, Stand } from "../testing/market.ts"
import { errorOf, fates, request, setUp, shown } from "./placement.test-support.ts"

const compute = { stepSeconds: 1, stepsFrom: "start", minimumSeconds: 3600 } as const
/** An hour is paid at least. */
const byTheHour = (...all: ReadonlyArray<Fate>): CloudScript => ({
  name: "acme",
  stands: all.map((fate, index): Stand => {
    const perHour = `${index + 1}`
    const terms = { compute: { ...compute, perHour: money(perHour) }, storage: null, traffic: null }
    return { id: `o${index + 1}`, perHour, fate, more: { terms: { ...terms, upfront: null, accountFloor: null } } }
  })
})

describe("maxTotal is for the launch as a whole", () => {
  test("what a failed boot cost counts, with the minimum charge", async () => {
    const limits = { maxTotal: money("6.99") }
    const { gpu, creates } = setUp([byTheHour("breaks", "boots")])
    const error = await errorOf(gpu.launch({ ...request, limits }))
    expect(error).toMatchObject({ _tag: "OutOfFunds", ownLimit: true, needed: money(7), available: money("6.99") })
    expect(error).toMatchObject({ trail: [{ outcome: "not-ready", spent: money(1) }, { outcome: "too-dear" }] })
    expect(error.message).toMatch(/cheapest.*acme\/vm\/o2.*\$6\.00 for the job.*\$1\.00 that was spent/)
    expect(creates).toEqual(["acme/o1"])
    const enough = setUp([byTheHour("breaks", "boots")])
    expect(shown((await enough.gpu.launch({ ...request, limits: { maxTotal: money(7) } })).trail)).toEqual([
      "o1 not-ready",
      "o2 ready"
    ])
  })

  test("a cheaper offer is still tried when a dearer one does not fit any more", async () => {
    const script = byTheHour("breaks", "boots", "boots")
    const { gpu } = setUp([{ ...script, stands: [0, 2, 1].flatMap((index) => script.stands[index] ?? []) }])
    const candidates = [...(await gpu.compare({ job: request.job }))]
    const order = [0, 2, 1].flatMap((index) => candidates[index] ?? [])
    const { trail } = await gpu.launch({ ...request, candidates: order, limits: { maxTotal: money("8.50") } })
    expect(shown(trail)).toEqual(["o1 not-ready", "o3 too-dear", "o2 ready"])
  })

  test("a machine that was ended since it turned out too dear counts at its own price", async () => {
    const script = byTheHour("boots", "boots")
    const [first, second] = script.stands
    if (!first || !second) throw new Error("no stands")
    const limits = { maxTotal: money(8), maxPerHour: money("2.50") }
    const { gpu } = setUp([{ ...script, stands: [{ ...first, costs: "3" }, second] }])
    expect(await errorOf(gpu.launch({ ...request, limits }))).toMatchObject({
      needed: money(9),
      trail: [
        { outcome: "too-dear", spent: money(3), ref: { provider: "acme" } },
        { outcome: "too-dear", spent: null }
      ]
    })
  })

  test("a machine at whose own price the job costs too much is ended, and the next one launched", async () => {
    const stands = [
      { id: "a", perHour: "1", costs: "3" },
      { id: "b", perHour: "2" }
    ]
    const { gpu, alive } = setUp([{ name: "acme", stands, appearMs: 20_000 }])
    const { trail } = await gpu.launch({ ...request, limits: { maxTotal: money(7) } })
    expect(shown(trail)).toEqual(["a too-dear", "b ready"])
    expect(alive().map(({ stand }) => stand.id)).toEqual(["b"])
  })

  test("a boot is cut before it has used up more than is left", async () => {
    const stands: ReadonlyArray<Stand> = [
      { id: "a", perHour: "60", fate: "never-boots" },
      { id: "b", perHour: "60" }
    ]
    const { gpu, machines, clock } = setUp([{ name: "acme", stands, endMs: 5000 }])
    const short = { ...request, job: { duration: "2 minutes" } } as const
    const error = await errorOf(gpu.launch({ ...short, limits: { maxTotal: money(3), readyWithin: "1 hour" } }))
    expect(error).toMatchObject({ _tag: "OutOfFunds", trail: [{ outcome: "too-dear" }, { outcome: "too-dear" }] })
    expect(error.trail?.[0]?.error?.message).toMatch(/boot of the machine on acme\/vm\/a has used up .*\$3\.00/)
    expect(machines).toHaveLength(1)
    expect(clock.now() - (machines[0]?.at ?? 0)).toBeLessThan(180_000)
  })
})

describe("maxAttempts", () => {
  const bad = (count: number) => fates(...Array.from({ length: count }, (): Fate => "breaks"))

  test("is five machines when nothing is said", async () => {
    const { gpu, creates, alive } = setUp([bad(9)])
    const error = await errorOf(gpu.launch(request))
    expect(error).toMatchObject({ _tag: "OutOfFunds", ownLimit: true })
    expect(error.message).toMatch(
      /5 machines were rented and none of them was kept.*maxAttempts.*4 offers were not tried/
    )
    expect([creates.length, alive().length]).toEqual([5, 0])
  })

  test("counts machines, not offers that could not be had", async () => {
    const none = Array.from({ length: 12 }, (): Fate => "no-capacity")
    const { gpu, creates } = setUp([fates(...none, "breaks", "boots")])
    expect((await gpu.launch({ ...request, limits: { maxAttempts: 2 } })).trail).toHaveLength(14)
    expect(creates).toHaveLength(14)
  })

  test.each(["order", "race"] as const)("of %s is never passed", async (strategy) => {
    for (const maxAttempts of [1, 2, 3]) {
      const { gpu, machines } = setUp([bad(8)])
      await errorOf(gpu.launch({ ...request, strategy, limits: { maxAttempts } }))
      expect(machines).toHaveLength(maxAttempts)
    }
  })

  test.each([0, 1.5, Number.NaN])("of %s is refused", async (maxAttempts) => {
    const { gpu, creates } = setUp([bad(1)])
    expect(await errorOf(gpu.launch({ ...request, limits: { maxAttempts } }))).toMatchObject({
      issues: [{ path: "limits.maxAttempts" }]
    })
    expect(creates).toEqual([])
  })
})

describe("an own limit that leaves no offer", () => {
  const stands = [
    { id: "cheap", perHour: "1" },
    { id: "dear", perHour: "2" }
  ]
  test.each([
    ["maxTotal of the limits", { limits: { maxTotal: money("2.50") } }, money(3), money("2.50")],
    ["maxTotal of what is compared", { candidates: { maxTotal: money("2.50") } }, money(3), money("2.50")],
    ["maxPerHour", { limits: { maxPerHour: money("0.50") } }, money(1), money("0.50")],
    ["both", { limits: { maxPerHour: money("0.50"), maxTotal: money(9) } }, money(1), money("0.50")]
  ])("%s: OutOfFunds with the cheapest that fits otherwise", async (_, limits, needed, available) => {
    const { gpu, creates } = setUp([{ name: "acme", stands }])
    const error = await errorOf(gpu.launch({ ...request, ...limits }))
    expect(error).toMatchObject({ _tag: "OutOfFunds", ownLimit: true, needed, available })
    expect(error.message).toMatch(/acme\/vm\/cheap.*\$3\.00 for the job, \$1\.00 per hour.*Nothing was rented/)
    expect(creates).toEqual([])
  })

  test("is no excuse when there is nothing without it either", async () => {
    const { gpu } = setUp([{ name: "acme", stands: [] }])
    const limits = { maxTotal: money(1) }
    expect(await errorOf(gpu.launch({ ...request, limits }))).toMatchObject({ _tag: "NoCapacity" })
  })

  test("of the client's budget: OutOfFunds too", async () => {
    const { gpu, creates } = setUp([{ name: "acme", stands }], { spendLimit: { total: money(2) } })
    const error = await errorOf(gpu.launch(request))
    expect(error).toMatchObject({ _tag: "OutOfFunds", ownLimit: true, needed: money(3), available: money(2) })
    expect(error.message).toContain("acme/vm/cheap")
    expect(creates).toEqual([])
  })
})

test("no launch spends more than maxTotal, nor rents more than maxAttempts, whatever happens", async () => {
  const stand = fc.record({
    perHour: fc.constantFrom("0.5", "1", "2", "6", "30"),
    fate: fc.constantFrom<Fate>("boots", "boots", "breaks", "never-boots", "no-capacity", "answer-lost", "no-hardware"),
    bootMs: fc.integer({ min: 1_000, max: 400_000 }),
    costs: fc.option(fc.constantFrom("0.7", "3", "40"), { nil: undefined, freq: 5 }),
    minimumSeconds: fc.constantFrom(0, 60, 600)
  })
  const world = fc.record({
    stands: fc.array(stand, { minLength: 1, maxLength: 7 }),
    maxTotal: fc.constantFrom("0.4", "1", "3", "8"),
    maxAttempts: fc.constantFrom(undefined, 1, 2, 3),
    strategy: fc.constantFrom("order" as const, "race" as const),
    minutes: fc.constantFrom(5, 30, 60),
    timing: fc.record({
      createMs: fc.constantFrom(0, 700),
      endMs: fc.constantFrom(0, 5_000, 20_000),
      appearMs: fc.constantFrom(0, 9_000)
    })
  })
  const run = async ({ stands, maxTotal, maxAttempts, strategy, minutes, timing }: Parameters<typeof check>[0]) => {
    const script: CloudScript = {
      name: "acme",
      ...timing,
      stands: stands.map(({ perHour, fate, bootMs, costs, minimumSeconds }, index): Stand => {
        const rate = { ...compute, perHour: money(perHour), minimumSeconds }
        const terms = { compute: rate, storage: null, traffic: null, upfront: null, accountFloor: null }
        return { id: `o${index}`, perHour, fate, bootMs, more: { terms }, ...(costs !== undefined && { costs }) }
      })
    }
    const { gpu, machines } = setUp([script])
    const limits = { maxTotal: money(maxTotal), ...(maxAttempts !== undefined && { maxAttempts }) }
    const job = { duration: minutes * 60_000 }
    const kept = await gpu.launch({ ...request, job, limits, strategy }).then(
      ({ instance }) => instance.ref.id,
      (error: unknown) => {
        if (!isGpuError(error)) throw error
        return null
      }
    )
    const spent = machines.map(({ id, at, endedAt, stand: one }) => {
      const seconds = id === kept ? minutes * 60 : ((endedAt ?? Number.POSITIVE_INFINITY) - at) / 1000
      const least = one.more?.terms?.compute.minimumSeconds ?? 0
      return (Math.max(seconds, least) / 3600) * Number(one.costs ?? one.perHour)
    })
    return { total: spent.reduce((sum, one) => sum + one, 0), machines: machines.length }
  }
  const check = async (one: typeof world extends fc.Arbitrary<infer World> ? World : never) => {
    const { total, machines } = await run(one)
    expect(machines).toBeLessThanOrEqual(one.maxAttempts ?? 5)
    // A machine that turns out dearer is known to be so when it is made: its least charge cannot be helped.
    const surprises = one.stands.map(({ costs, minimumSeconds }) => (Number(costs ?? 0) * (minimumSeconds + 60)) / 3600)
    expect(total).toBeLessThanOrEqual(Number(one.maxTotal) + surprises.reduce((sum, each) => sum + each, 0) + 1e-6)
  }
  await fc.assert(fc.asyncProperty(world, check), { numRuns: 150 })
})
