import { formatMoney, money } from "@anygpu/core"
import { describe, expect, test } from "vitest"
import { fates, request, setUp, shown } from "./placement.test-support.ts"
import type { Step } from "./request.ts"

describe("one after the other", () => {
  test("the cheapest that can be had is launched, waited for, and answered with what was tried", async () => {
    const { gpu, alive, creates } = setUp([fates("no-capacity", "unreachable", "boots", "boots")])
    const { instance, trail } = await gpu.launch(request)
    expect(instance.status).toBe("running")
    expect(shown(trail)).toEqual(["o1 no-capacity", "o2 unreachable", "o3 ready"])
    expect(creates).toEqual(["acme/o1", "acme/o2", "acme/o3"])
    expect(alive()).toHaveLength(1)
  })

  test("what one place lacks is looked for in the next", async () => {
    const { gpu } = setUp([fates("not-here", "boots")])
    expect(shown((await gpu.launch(request)).trail)).toEqual(["o1 unsupported", "o2 ready"])
  })

  test.each([
    ["breaks", "not-ready"],
    ["never-boots", "not-ready"]
  ] as const)(
    "a machine that %s is ended before the next one is made, and its cost is reported",
    async (fate, outcome) => {
      const { gpu, alive, machines } = setUp([fates(fate, "boots")])
      const { trail } = await gpu.launch({ ...request, limits: { readyWithin: "4 minutes" } })
      expect(shown(trail)).toEqual([`o1 ${outcome}`, "o2 ready"])
      expect(alive().map(({ stand }) => stand.id)).toEqual(["o2"])
      const [first, second] = machines
      expect(first?.endedAt).toBeLessThanOrEqual(second?.at ?? 0)
      const lived = ((trail[0]?.until ?? 0) - (first?.at ?? 0)) / 1000
      expect(trail[0]?.spent && formatMoney(trail[0].spent, 3)).toBe(formatMoney(money(String(lived / 3600)), 3))
    }
  )

  test("a machine that finds no hardware after all is no capacity, and counts as no failure of its host", async () => {
    const { gpu, alive } = setUp([fates("no-hardware", "boots")])
    const { trail } = await gpu.launch(request)
    expect(shown(trail)).toEqual(["o1 no-capacity", "o2 ready"])
    expect(alive().map(({ stand }) => stand.id)).toEqual(["o2"])
    expect((await gpu.compare({ job: request.job })).candidates).toMatchObject([{ penalty: 0 }, { penalty: 0 }])
  })

  test("a lost answer is settled first: its machine is adopted, not made again", async () => {
    const { gpu, machines } = setUp([fates("answer-lost", "boots")])
    const { instance, trail } = await gpu.launch(request)
    expect(shown(trail)).toEqual(["o1 ready"])
    expect(machines.map(({ id }) => id)).toEqual([instance.ref.id])
  })

  test("a lost answer that made nothing is proven so before the next one is made", async () => {
    const { gpu, creates, machines, clock } = setUp([fates("answer-lost-unmade", "boots")])
    const before = clock.now()
    const { trail } = await gpu.launch(request)
    expect(shown(trail)).toEqual(["o1 unreachable", "o2 ready"])
    expect(creates).toEqual(["acme/o1", "acme/o2"])
    const appearWithin = 30_000
    expect((machines[0]?.at ?? 0) - before).toBeGreaterThanOrEqual(appearWithin)
  })

  test("a machine stuck while it boots has the time that its cloud needs, unless another is given", async () => {
    const { gpu, machines } = setUp([fates("never-boots", "boots")])
    const { trail } = await gpu.launch(request)
    expect(shown(trail)).toEqual(["o1 not-ready", "o2 ready"])
    const [stuck] = machines
    const minutes = ((stuck?.endedAt ?? 0) - (stuck?.at ?? 0)) / 60_000
    expect(minutes).toBeGreaterThanOrEqual(5)
    expect(minutes).toBeLessThan(6)
  })

  test("an offer that is gone or dearer by now is not launched", async () => {
    const script = fates("boots", "boots", "boots")
    const { gpu, creates } = setUp([script])
    const candidates = await gpu.compare({ job: request.job })
    const [first, second] = script.stands
    Object.assign(first ?? {}, { gone: true })
    Object.assign(second ?? {}, { perHour: "9" })
    const { trail } = await gpu.launch({ ...request, candidates, limits: { maxPerHour: money(5) } })
    expect(shown(trail)).toEqual(["o1 gone", "o2 too-dear", "o3 ready"])
    expect(creates).toEqual(["acme/o3"])
  })

  test("each kind gets the image that it takes, and adapt gives what differs", async () => {
    const { gpu, machines } = setUp([
      { name: "boxes", kind: "container", stands: [{ id: "c", perHour: "1", fate: "no-capacity" }] },
      { name: "acme", stands: [{ id: "v", perHour: "2" }] }
    ])
    const seen: string[] = []
    const adapt = ({ provider }: { readonly provider: string }) => {
      seen.push(provider)
      return provider === "acme" ? { os: "acme-ubuntu" } : {}
    }
    const { trail } = await gpu.launch({ ...request, workload: { ...request.workload, image: "ubuntu:24.04" }, adapt })
    expect(shown(trail)).toEqual(["c no-capacity", "v ready"])
    expect([seen, machines.length]).toEqual([["boxes", "acme"], 1])
  })

  test("a cloud that cannot do what is asked is passed over, and nothing is sent to it", async () => {
    const { gpu, creates } = setUp([
      { name: "acme", stands: [{ id: "v", perHour: "1" }] },
      { name: "boxes", kind: "container", stands: [{ id: "c", perHour: "2" }] }
    ])
    const workload = { image: "ubuntu:24.04" }
    const { trail, excluded } = await gpu.launch({ job: request.job, name: "train", workload })
    expect(shown(trail)).toEqual(["c ready"])
    expect(excluded).toEqual([{ provider: "acme", kind: "vm", rule: "image", count: 1, problem: "takes none" }])
    expect(creates).toEqual(["boxes/c"])
  })

  test("steps are reported as they happen", async () => {
    const steps: string[] = []
    const onProgress = (step: Step) => steps.push(step.type === "ended" ? step.attempt.outcome : step.type)
    await setUp([fates("no-capacity", "boots")]).gpu.launch({ ...request, onProgress })
    expect(steps).toEqual(["trying", "no-capacity", "trying", "booting", "ready"])
  })
})
