import { formatMoney, money, ProviderFault } from "@anygpu/core"
import { describe, expect, test } from "vitest"
import { createGpu } from "../client/create-gpu.ts"
import { type CloudScript, market } from "../testing/market.ts"

const job = { duration: "3 hours" } as const

const setUp = (...scripts: ReadonlyArray<CloudScript>) => {
  const { clouds, clock, ...rest } = market(...scripts)
  return { gpu: createGpu({ clouds, clock }), clock, ...rest }
}

const plain: CloudScript = {
  name: "plain",
  stands: [
    { id: "a", perHour: "2.00" },
    { id: "b", perHour: "1.00" }
  ]
}

describe("ranking", () => {
  test("goes by what the whole job costs, not by the price per hour", async () => {
    const days: CloudScript = {
      name: "days",
      terms: { compute: { perHour: money("0.5"), stepSeconds: 86_400, stepsFrom: "start", minimumSeconds: 0 } },
      stands: [{ id: "day", perHour: "0.50" }]
    }
    const { gpu } = setUp(plain, days)
    const found = await gpu.compare({ job })
    const shown = found.candidates.map(({ rank, offer, cost }) => `${rank} ${offer.id} ${formatMoney(cost.total)}`)
    expect(shown).toEqual(["1 b $3.00", "2 a $6.00", "3 day $12.00"])
    expect([...found]).toEqual(found.candidates)
  })

  test("breaks ties by reliability, then by the places that are liked best", async () => {
    const at = (country: string, reliability: number | null) => ({
      more: { reliability, location: { country, region: `${country}-1`, native: null } }
    })
    const { gpu } = setUp({
      name: "plain",
      stands: [
        { id: "unknown", perHour: "1", ...at("DE", null) },
        { id: "us", perHour: "1", ...at("US", 0.99) },
        { id: "fi", perHour: "1", ...at("FI", 0.99) },
        { id: "best", perHour: "1", ...at("US", 0.999) }
      ]
    })
    const ids = async (prefer: ReadonlyArray<string>) =>
      (await gpu.compare({ job, prefer })).candidates.map(({ offer }) => offer.id)
    expect(await ids(["fi"])).toEqual(["best", "fi", "us", "unknown"])
    expect(await ids(["US-1", "FI"])).toEqual(["best", "us", "fi", "unknown"])
  })

  test("interruptible offers are compared when they are asked for, and both kinds together as any", async () => {
    const { gpu } = setUp({
      name: "plain",
      stands: [
        { id: "firm", perHour: "2" },
        { id: "loose", perHour: "1", more: { interruptible: true } }
      ]
    })
    const ids = async (interruptible?: boolean) =>
      (await gpu.compare({ job, ...(interruptible !== undefined && { interruptible }) })).candidates.map(
        ({ offer }) => offer.id
      )
    expect([await ids(), await ids(false), await ids(true)]).toEqual([["firm"], ["firm"], ["loose"]])
  })

  test("any: both are asked for, and neither is left out", async () => {
    const stands = [
      { id: "firm", perHour: "2" },
      { id: "loose", perHour: "1", more: { interruptible: true } }
    ]
    const { gpu } = setUp({ name: "bids", stands, takes: ["bid"] })
    const { candidates, excluded } = await gpu.compare({ job, interruptible: "any" })
    expect([candidates.map(({ offer }) => offer.id), excluded]).toEqual([["loose", "firm"], []])
  })

  test("machines without a GPU are among them when their kind is named", async () => {
    const { gpu } = setUp(plain, { name: "cpus", kind: "cpu-vm", stands: [{ id: "c", perHour: "0.1" }] })
    const ids = async (more: object) => (await gpu.compare({ job, ...more })).candidates.map(({ offer }) => offer.id)
    expect(await ids({})).toEqual(["b", "a"])
    expect(await ids({ kind: "cpu-vm" })).toEqual(["c"])
    expect(await ids({ kind: ["vm", "cpu-vm"] })).toEqual(["c", "b", "a"])
  })

  test("each cost comes in its lines, with what must be on the account", async () => {
    const storage = { perUnitMonth: money("7.2"), unit: "GiB", hoursPerMonth: 720, whileStopped: true } as const
    const { gpu } = setUp({
      name: "prepaid",
      terms: { storage, upfront: { seconds: 10_800, refundableSeconds: 7200 }, accountFloor: money(20) },
      stands: [{ id: "p", perHour: "2" }]
    })
    const [candidate] = await gpu.compare({ job: { duration: "1 hour", storageMiB: 102_400 } })
    expect(candidate?.cost).toMatchObject({
      ...{ total: money(3), upfront: money(20) },
      lines: [
        { item: "compute", amount: money(2) },
        { item: "storage", amount: money(1) }
      ]
    })
  })
})

describe("what is left out", () => {
  test("is counted by rule, per cloud", async () => {
    const { gpu } = setUp(plain, {
      name: "other",
      stands: [
        { id: "free", perHour: "1", more: { pricePerHour: null, terms: null } },
        { id: "cpu", perHour: "1", more: { gpu: null } },
        { id: "ok", perHour: "1.5" }
      ]
    })
    const { candidates, excluded } = await gpu.compare({ gpu: "H100", job, maxTotal: money(5), limit: 1 })
    expect(candidates.map(({ offer }) => offer.id)).toEqual(["b"])
    expect(excluded).toEqual([
      { provider: "plain", kind: "vm", rule: "maxTotal", count: 1 },
      { provider: "other", kind: "vm", rule: "gpu", count: 1 },
      { provider: "other", kind: "vm", rule: "unknown price", count: 1 }
    ])
  })

  test("a disk for the job is asked for by itself", async () => {
    const { gpu } = setUp(plain)
    const { candidates, excluded } = await gpu.compare({ job: { ...job, storageMiB: 200_000 } })
    expect(candidates).toEqual([])
    expect(excluded).toEqual([{ provider: "plain", kind: "vm", rule: "minDiskMiB", count: 2 }])
  })

  test("the larger of the job's disk and the filter's is asked for", async () => {
    const { gpu } = setUp(plain)
    const found = await gpu.compare({ job: { ...job, storageMiB: 1000 }, minDiskMiB: 200_000 })
    expect(found.excluded).toEqual([{ provider: "plain", kind: "vm", rule: "minDiskMiB", count: 2 }])
  })

  test("what costs more per hour is, by the price alone", async () => {
    const { candidates, excluded } = await setUp(plain).gpu.compare({ job, maxPerHour: money("1.50") })
    expect(candidates.map(({ offer }) => offer.id)).toEqual(["b"])
    expect(excluded).toEqual([{ provider: "plain", kind: "vm", rule: "maxPerHour", count: 1 }])
  })

  test("an offer whose terms cannot be computed with is, and costs nothing but its own row", async () => {
    const accountFloor = money(1, "USDC")
    const { gpu } = setUp(plain, { name: "odd", terms: { accountFloor }, stands: [{ id: "odd", perHour: "1" }] })
    const { candidates, excluded } = await gpu.compare({ job })
    expect(candidates.map(({ offer }) => offer.id)).toEqual(["b", "a"])
    expect(excluded).toEqual([{ provider: "odd", kind: "vm", rule: "unknown price", count: 1 }])
  })
})

describe("clouds that fail", () => {
  test("one that fails costs only its own rows", async () => {
    const offersFail = new ProviderFault({ message: "down", retry: "permanent" })
    const found = await setUp({ ...plain, name: "down", offersFail }, plain).gpu.compare({ job })
    expect(found.candidates.map(({ offer }) => offer.provider)).toEqual(["plain", "plain"])
    expect(found).toMatchObject({ complete: false, problems: [{ provider: "down", error: { message: "down" } }] })
  })

  test("a slow one costs only its own rows, after its deadline", async () => {
    const { gpu, clock } = setUp(plain, { ...plain, name: "slow", latencyMs: 60_000 })
    const before = clock.now()
    const found = await gpu.compare({ job, within: "2 seconds" })
    expect(clock.now() - before).toBe(2000)
    expect(found.candidates).toHaveLength(2)
    expect(found).toMatchObject({ complete: false, problems: [{ provider: "slow", error: { _tag: "Timeout" } }] })
  })

  test("all are asked at once: the slowest decides", async () => {
    const { gpu, clock } = setUp(...[50, 200, 400].map((latencyMs) => ({ ...plain, name: `c${latencyMs}`, latencyMs })))
    const before = clock.now()
    expect((await gpu.compare({ job })).candidates).toHaveLength(6)
    expect(clock.now() - before).toBe(400)
  })

  test("when every one fails, the first error is the answer", async () => {
    const offersFail = new ProviderFault({ message: "down", retry: "permanent" })
    const { gpu } = setUp({ ...plain, offersFail })
    await expect(gpu.compare({ job })).rejects.toMatchObject({ _tag: "ProviderFault", provider: "plain" })
  })
})

test.each<[string, unknown, string]>([
  ["no job", {}, "request.job|job"],
  ["a job without a time", { job: {} }, "duration"],
  ["a job of no time", { job: { duration: 0 } }, "duration"],
  ["a negative disk", { job: { duration: 1000, storageMiB: -1 } }, "storageMiB"],
  ["a GPU of several generations", { job, gpu: "RTX 6000" }, "gpu"],
  ["an unknown filter", { job, gpuType: "H100" }, "gpuType"],
  ["a limit that is no money", { job, maxTotal: 5 }, "maxTotal"],
  ["a negative limit", { job, maxPerHour: { micros: -1, currency: "USD" } }, "maxPerHour"],
  ["interruptible as text", { job, interruptible: "yes" }, "interruptible"],
  ["no offers at all", { job, limit: 0 }, "limit"],
  ["nothing", undefined, "request: must be an object"],
  ["a field that no job has", { job: { ...job, storageMib: 3 } }, "job.storageMib: is not part of a job"],
  ["a start as text", { job: { ...job, startAt: "now" } }, "job.startAt: must be a Date"],
  ["a start that is no moment", { job: { ...job, startAt: new Date("x") } }, "job.startAt"],
  ["a deadline in the past", { job, within: -5 }, "within: must be a finite time above zero"]
])("refused before anything is asked: %s", async (_, request, path) => {
  const { gpu } = setUp({ ...plain, offersFail: new ProviderFault({ message: "it was asked", retry: "permanent" }) })
  await expect(gpu.compare(request as never)).rejects.toMatchObject({
    _tag: "InvalidRequest",
    message: expect.stringMatching(path)
  })
})
