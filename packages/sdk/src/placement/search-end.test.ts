import { isGpuError, money, NoCapacity, ProviderFault, Unauthenticated } from "@anygpu/core"
import { describe, expect, test } from "vitest"
import { errorOf, fates, request, setUp } from "./placement.test-support.ts"
import type { Step } from "./request.ts"

describe("what ends the search", () => {
  test("nothing can be had: NoCapacity, with the trail and what was left out", async () => {
    const { gpu, alive } = setUp([fates("no-capacity", "no-capacity", "boots")])
    const error = await errorOf(gpu.launch({ ...request, limits: { maxTotal: money(7) } }))
    expect(error).toBeInstanceOf(NoCapacity)
    expect(error).toMatchObject({ trail: [{ outcome: "no-capacity" }, { outcome: "no-capacity" }] })
    expect(String(error)).toContain("1 by maxTotal")
    expect(alive()).toEqual([])
  })

  test("anything else stops it at once", async () => {
    const offersFail = new Unauthenticated({ message: "wrong key", retry: "permanent" })
    const script = fates("boots", "boots")
    const { gpu, creates } = setUp([script])
    const candidates = await gpu.compare({ job: request.job })
    script.offersFail = offersFail
    await expect(gpu.launch({ ...request, candidates })).rejects.toMatchObject({
      _tag: "Unauthenticated",
      trail: [{ outcome: "stopped" }]
    })
    expect(creates).toEqual([])
  })

  test("an empty account stops it: the next offer would be refused as well", async () => {
    const { gpu, creates } = setUp([fates("unpaid", "boots")])
    const error = await errorOf(gpu.launch(request))
    expect(error).toMatchObject({ _tag: "OutOfFunds", trail: [{ outcome: "stopped" }] })
    expect(creates).toEqual(["acme/o1"])
  })

  test("a launch whose outcome is not known stops it: no second one is made", async () => {
    const findFails = new ProviderFault({ message: "no lists today", retry: "temporary" })
    const { gpu, creates } = setUp([{ ...fates("answer-lost", "boots"), findFails }])
    const error = await errorOf(gpu.launch(request))
    expect(error).toMatchObject({ _tag: "LaunchUnsettled", trail: [{ outcome: "stopped" }] })
    expect(creates).toEqual(["acme/o1"])
  })

  test("a machine that cannot be ended stops it, and is named: no second one is made", async () => {
    const { gpu, creates, alive } = setUp([{ ...fates("breaks", "boots"), endsFail: 1 }])
    const error = await errorOf(gpu.launch(request))
    expect(error).toMatchObject({ leftovers: [{ id: alive()[0]?.id }], trail: [{ outcome: "stopped" }] })
    expect(creates).toEqual(["acme/o1"])
  })

  test("the deadline: what was made is ended", async () => {
    const { gpu, alive, machines, clock } = setUp([fates("never-boots", "boots")])
    const before = clock.now()
    await expect(gpu.launch({ ...request, limits: { deadline: "2 minutes" } })).rejects.toMatchObject({
      _tag: "Timeout"
    })
    expect([alive().length, machines.length]).toEqual([0, 1])
    expect(clock.now() - before).toBeLessThan(150_000)
  })

  test("an abort: what was made is ended", async () => {
    const { gpu, alive, machines } = setUp([fates("never-boots", "boots")])
    const controller = new AbortController()
    const onProgress = (step: Step) => step.type === "booting" && controller.abort(new Error("enough"))
    await expect(gpu.launch({ ...request, onProgress }, { signal: controller.signal })).rejects.toThrow("enough")
    expect([alive().length, machines.length]).toEqual([0, 1])
  })

  test("the deadline, when what was made cannot be ended: it is named", async () => {
    const { gpu, alive } = setUp([{ ...fates("never-boots", "boots"), endsFail: 1 }])
    const error = await errorOf(gpu.launch({ ...request, limits: { deadline: "2 minutes" } }))
    expect(error).toMatchObject({ _tag: "Timeout", leftovers: [{ id: alive()[0]?.id }] })
    expect(error.message).not.toContain("what was made is ended")
    expect(error.message).toContain("it cannot be ended")
  })

  test("an abort at any moment leaves no machine that the error does not name", async () => {
    const unnamed: string[] = []
    for (const strategy of ["order", "race"] as const) {
      for (let after = 0; after < 200_000; after += after < 6000 ? 97 : 1999) {
        const { gpu, alive, clock } = setUp([
          {
            ...fates("no-capacity", "answer-lost", "breaks", "boots"),
            ...{ createMs: 700, latencyMs: 300, endMs: 400, appearMs: 3000 }
          },
          {
            name: "other",
            stands: [
              { id: "b", perHour: "1.5", fate: "never-boots" },
              { id: "c", perHour: "2.5", bootMs: 90_000 }
            ],
            ...{ createMs: 900, endMs: 1000 }
          }
        ])
        const controller = new AbortController()
        void clock.sleep(after).then(() => controller.abort())
        const named = await gpu
          .launch({ ...request, strategy, limits: { readyWithin: "70 seconds" } }, { signal: controller.signal })
          .then(
            ({ instance }) => [instance.ref.id],
            (error: unknown) => (isGpuError(error) ? (error.leftovers ?? []).map(({ id }) => id) : [])
          )
        const left = alive().filter(({ id }) => !named.includes(id))
        if (left.length > 0) unnamed.push(`${strategy}, aborted after ${after} ms: ${left.map(({ id }) => id)}`)
      }
    }
    expect(unnamed).toEqual([])
  })
})
