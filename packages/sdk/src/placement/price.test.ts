import { money, Network } from "@anygpu/core"
import { describe, expect, test } from "vitest"
import type { CloudScript, Stand } from "../testing/market.ts"
import { errorOf, fates, request, setUp, shown, untyped } from "./placement.test-support.ts"
import type { Step } from "./request.ts"

/** A cent per hour for each GiB. */
const storage = { perUnitMonth: money("7.2"), unit: "GiB", hoursPerMonth: 720, whileStopped: true } as const
const withDisk = { ...request, job: { ...request.job, storageMiB: 100 * 1024 } } as const

/** Offers of which the first becomes dearer, or something else, as soon as it is tried. */
const changing = (change: Partial<Stand>, more: Partial<CloudScript> = {}) => {
  const stands: Stand[] = [
    { id: "first", perHour: "1" },
    { id: "second", perHour: "2" }
  ]
  const onProgress = ({ type }: Step) => type === "trying" && Object.assign(stands[0] ?? {}, change)
  return { ...setUp([{ name: "acme", stands, ...more }]), onProgress }
}

describe("the price read again before the create", () => {
  test.each([
    ["maxTotal of the limits", { limits: { maxTotal: money(7) } }],
    ["maxPerHour of the limits", { limits: { maxPerHour: money(3) } }],
    ["maxTotal of what is compared", { candidates: { maxTotal: money(7) } }],
    ["maxPerHour of what is compared", { candidates: { maxPerHour: money(3) } }]
  ])("above %s: the offer is not launched, and the next one is", async (_, limits) => {
    const { gpu, creates, onProgress } = changing({ perHour: "9" })
    const { trail } = await gpu.launch({ ...request, ...limits, onProgress })
    expect(shown(trail)).toEqual(["first too-dear", "second ready"])
    expect(creates).toEqual(["acme/second"])
  })

  test("not there any more: the offer is not launched, whatever the limits", async () => {
    const { gpu, creates, onProgress } = changing({ more: { pricePerHour: null, terms: null } })
    const { trail } = await gpu.launch({ ...request, onProgress })
    expect(shown(trail)).toEqual(["first too-dear", "second ready"])
    expect(creates).toEqual(["acme/second"])
  })

  test("missing from a list that is not whole is not gone", async () => {
    const offersMissing = new Network({ message: "a page is missing", retry: "temporary", sent: "maybe" })
    const { gpu, onProgress } = changing({ gone: true }, { offersMissing })
    expect(shown((await gpu.launch({ ...request, onProgress })).trail)).toEqual(["first unreachable", "second ready"])
  })
})

describe("what a machine costs", () => {
  test("is with the job's disk, where its size is chosen", async () => {
    const stands = [{ id: "a", perHour: "1" }]
    const limits = { maxPerHour: money("1.50") }
    const fixed = setUp([{ name: "acme", stands }])
    expect(shown((await fixed.gpu.launch({ ...withDisk, limits })).trail)).toEqual(["a ready"])
    const sized = setUp([{ name: "acme", stands, terms: { storage }, takes: ["diskMiB"] }])
    expect(await errorOf(sized.gpu.launch({ ...withDisk, limits }))).toMatchObject({ trail: [{ outcome: "too-dear" }] })
    expect(sized.creates).toEqual([])
  })

  test("stands with its disk in the trail", async () => {
    const script: CloudScript = { ...fates("breaks", "boots"), terms: { storage }, takes: ["diskMiB"] }
    const [{ spent, from, until } = { spent: null, from: 0, until: 0 }] = (await setUp([script]).gpu.launch(withDisk))
      .trail
    const hours = (until - from) / 3_600_000
    expect(spent?.micros).toBeGreaterThanOrEqual(hours * 2_000_000)
    expect(spent?.micros).toBeLessThan(hours * 2_000_000 * 1.05)
  })

  test("above the limit once it is made: it is ended, and the next one is launched", async () => {
    const stands = [
      { id: "a", perHour: "1", costs: "3" },
      { id: "b", perHour: "2" }
    ]
    const { gpu, alive, creates } = setUp([{ name: "acme", stands }])
    const { trail } = await gpu.launch({ ...request, limits: { maxPerHour: money("2.50") } })
    expect(shown(trail)).toEqual(["a too-dear", "b ready"])
    expect(creates).toEqual(["acme/a", "acme/b"])
    expect(alive().map(({ stand }) => stand.id)).toEqual(["b"])
  })

  test("above the limit once it is made, and it cannot be ended: that stops the search", async () => {
    const stands = [
      { id: "a", perHour: "1", costs: "3" },
      { id: "b", perHour: "2" }
    ]
    const { gpu, alive, creates } = setUp([{ name: "acme", stands, endsFail: 1 }])
    const error = await errorOf(gpu.launch({ ...request, limits: { maxPerHour: money("2.50") } }))
    expect(error).toMatchObject({ leftovers: [{ id: alive()[0]?.id }], trail: [{ outcome: "stopped" }] })
    expect(creates).toEqual(["acme/a"])
  })

  test("is not computed with an invalid bid", async () => {
    const { gpu, creates } = setUp([{ ...fates("boots"), takes: ["bid"] }])
    const wrong = { ...request, limits: { maxPerHour: money(5) }, adapt: () => untyped<object>({ bid: 5 }) }
    expect(await errorOf(gpu.launch(wrong))).toMatchObject({ _tag: "InvalidRequest", issues: [{ path: "bid" }] })
    expect(creates).toEqual([])
  })
})
