import { money } from "@anygpu/core"
import { describe, expect, test } from "vitest"
import type { CloudScript, Stand } from "../testing/market.ts"
import { errorOf, fates, request, setUp, shown, two } from "./placement.test-support.ts"
import type { Step } from "./request.ts"

const created = { ...request, until: "created" } as const

/** An hour is paid at least, and each machine costs three times what it was offered for, unless it says otherwise. */
const dearer = (...stands: ReadonlyArray<Stand>): CloudScript => ({
  name: "acme",
  stands: stands.map((stand) => {
    const compute = { perHour: money(stand.perHour), stepSeconds: 1, stepsFrom: "start", minimumSeconds: 3600 } as const
    const terms = { compute, storage: null, traffic: null, upfront: null, accountFloor: null }
    return { costs: `${Number(stand.perHour) * 3}`, ...stand, more: { terms } }
  })
})

describe("a launch until its machine is created", () => {
  test("answers before the machine is ready, and tries the next offer when one is refused", async () => {
    const { gpu, alive } = setUp([fates("no-capacity", "boots")])
    const { instance, trail, isEarlier, spent } = await gpu.launch(created)
    expect([instance.status === "running", isEarlier, spent]).toEqual([false, false, []])
    expect(shown(trail)).toEqual(["o1 no-capacity", "o2 created"])
    expect(alive().map(({ id }) => id)).toEqual([instance.ref.id])
  })

  test("reports as many steps as one that waits", async () => {
    const steps: string[] = []
    const onProgress = (step: Step) => steps.push(step.type === "ended" ? step.attempt.outcome : step.type)
    await setUp([fates("boots")]).gpu.launch({ ...created, onProgress })
    expect(steps).toEqual(["trying", "booting", "created"])
  })

  test("does not end a machine that would not boot", async () => {
    const { gpu, alive, clock } = setUp([fates("never-boots")])
    await gpu.launch(created)
    await clock.sleep(3_600_000)
    expect(alive()).toHaveLength(1)
  })

  test("answers the machine of its key, also while that boots, and says that it is an earlier one", async () => {
    const { client, creates } = setUp(two())
    const first = await client().launch({ ...created, key: "k" })
    const second = await client().launch({ ...created, key: "k" })
    expect([String(second.instance.ref), second.isEarlier, second.trail]).toEqual([
      String(first.instance.ref),
      true,
      []
    ])
    expect(creates).toEqual(["acme/a"])
  })

  test("waits for the price of a machine that no list shows yet, where it is limited", async () => {
    const script = { ...dearer({ id: "a", perHour: "1" }, { id: "b", perHour: "2", costs: "2" }), appearMs: 20_000 }
    const { gpu, alive } = setUp([script])
    const { instance, trail } = await gpu.launch({ ...created, limits: { maxTotal: money("9.50") } })
    expect(shown(trail)).toEqual(["a created"])
    expect(instance.pricePerHour).toEqual(money(3))
    await gpu.terminate(instance.ref)
    const less = await gpu.launch({ ...created, limits: { maxTotal: money("8.99") } }).catch((error) => error)
    expect(less).toMatchObject({ _tag: "OutOfFunds", trail: [{ outcome: "too-dear", spent: money(3) }, {}] })
    expect(alive()).toEqual([])
  })

  test.each(["created", "ready"] as const)(
    "maxTotal counts what earlier calls with the key have cost: %s",
    async (until) => {
      const { client, creates } = setUp([dearer({ id: "a", perHour: "1" })])
      const call = () => errorOf(client().launch({ ...request, until, key: "k", limits: { maxTotal: money(8) } }))
      for (const _ of [1, 2]) expect(await call()).toMatchObject({ trail: [{ outcome: "too-dear", spent: money(3) }] })
      const error = await call()
      expect(error).toMatchObject({ _tag: "OutOfFunds", needed: money(9), available: money(8) })
      expect(error.message).toContain("$6.00 that was spent on earlier tries")
      expect(creates).toHaveLength(2)
    }
  )

  test("an abort ends what was made", async () => {
    const { gpu, alive, machines } = setUp([{ ...fates("boots"), appearMs: 20_000 }])
    const controller = new AbortController()
    const onProgress = (step: Step) => step.type === "booting" && controller.abort(new Error("enough"))
    const launch = gpu.launch(
      { ...created, onProgress, limits: { maxTotal: money(50) } },
      { signal: controller.signal }
    )
    await expect(launch).rejects.toThrow("enough")
    expect([alive().length, machines.length]).toEqual([0, 1])
  })
})

describe("what is rented", () => {
  test("one offer is one candidate, by itself or by its name", async () => {
    const { gpu, creates } = setUp(two())
    const [, offer] = await gpu.offers()
    if (!offer) throw new Error("no offer")
    await gpu.launch({ ...created, candidates: [{ offer }] })
    await gpu.launch({ ...created, candidates: { offer: "other/vm/b" } })
    expect(creates).toEqual(["other/b", "other/b"])
  })

  test("is wanted for its ttl where no job is named", async () => {
    const { gpu } = setUp([fates("boots", "boots")])
    const { job: _, ...rest } = created
    const limits = { maxTotal: money("1.99") }
    expect(await errorOf(gpu.launch({ ...rest, ttl: "2 hours", limits }))).toMatchObject({ needed: money(2) })
    expect(await errorOf(gpu.launch(rest))).toMatchObject({ _tag: "InvalidRequest", issues: [{ path: "job" }] })
  })

  test("with a bid is an interruptible offer, where nothing else is said", async () => {
    const stands: ReadonlyArray<Stand> = [
      { id: "firm", perHour: "1" },
      { id: "loose", perHour: "2", more: { interruptible: true } }
    ]
    const { gpu, creates } = setUp([{ name: "acme", stands, takes: ["bid"] }])
    await gpu.launch({ ...created, key: "k", workload: { ...request.workload, bid: money(2) } })
    const again = await gpu.launch({ ...created, key: "k", workload: { ...request.workload, bid: money(3) } })
    expect([creates, again.isEarlier]).toEqual([["acme/loose"], true])
    expect(await errorOf(gpu.launch({ ...created, key: "k" }))).toMatchObject({ _tag: "Conflict" })
  })
})

describe("maxAbove", () => {
  const many = () => setUp([{ name: "acme", stands: ["4", "4.5", "9"].map((perHour) => ({ id: perHour, perHour })) }])

  test("holds all tries together to so much more than the best one", async () => {
    const { gpu, creates } = setUp([fates("no-capacity", "no-capacity", "boots")])
    const error = await errorOf(gpu.launch({ ...request, limits: { maxAbove: 1 } }))
    expect(shown(error.trail ?? [])).toEqual(["o1 no-capacity", "o2 no-capacity", "o3 too-dear"])
    expect(creates).toEqual(["acme/o1", "acme/o2"])
  })

  test("of one candidate is what it costs", async () => {
    const script = fates("boots")
    const { gpu, creates } = setUp([script])
    const candidates = await gpu.compare({ job: request.job })
    Object.assign(script.stands[0] ?? {}, { perHour: "1.01" })
    const error = await errorOf(gpu.launch({ ...request, candidates, limits: { maxAbove: 1 } }))
    expect([error._tag, creates]).toEqual(["OutOfFunds", []])
  })

  test("is not asked where maxTotal is given", async () => {
    const { gpu } = many()
    const { trail } = await gpu.launch({ ...request, limits: { maxAbove: 0, maxTotal: money(100) } })
    expect(shown(trail)).toEqual(["4 ready"])
  })
})
