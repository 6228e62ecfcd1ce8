import { ProviderFault } from "@anygpu/core"
import { describe, expect, test } from "vitest"
import { errorOf, fates, request, setUp, shown } from "./placement.test-support.ts"
import type { Step } from "./request.ts"

const [minute, hour] = [60_000, 3_600_000]
const jumps = [
  ["5 hours back", -5 * hour],
  ["8 minutes forward", 8 * minute],
  ["3 days forward", 72 * hour]
] as const

describe.each(jumps)("a launch over candidates while the wall clock is set %s", (_, by) => {
  /** Sets the clock once, at the first step of a type. */
  const at = (type: Step["type"], clock: { jump(ms: number): void }) => {
    let isSet = false
    return (step: Step) => {
      if (isSet || step.type !== type) return
      isSet = true
      clock.jump(by)
    }
  }

  test("waits for a boot as long as it may take", async () => {
    const stands = [{ id: "slow", perHour: "1", bootMs: 4 * minute }]
    const { gpu, clock, machines } = setUp([{ name: "acme", stands }])
    const { trail } = await gpu.launch({ ...request, onProgress: at("booting", clock) })
    expect(shown(trail)).toEqual(["slow ready"])
    expect(machines).toHaveLength(1)
  })

  test("gives a boot up in its time, and says what it cost", async () => {
    const { gpu, clock } = setUp([fates("never-boots", "boots")])
    const began = clock.monotonic()
    const limits = { readyWithin: "30 minutes" } as const
    const { trail } = await gpu.launch({ ...request, limits, onProgress: at("booting", clock) })
    expect(shown(trail)).toEqual(["o1 not-ready", "o2 ready"])
    expect(clock.monotonic() - began).toBeLessThan(40 * minute)
    const [first] = trail
    const took = (first?.until ?? 0) - (first?.from ?? 0)
    expect(took).toBeGreaterThanOrEqual(30 * minute)
    expect(took).toBeLessThan(35 * minute)
    // A dollar per hour.
    expect(first?.spent?.micros).toBeGreaterThanOrEqual(500_000)
    expect(first?.spent?.micros).toBeLessThan(600_000)
  })

  test("takes no machine for gone that does not show yet", async () => {
    const script = { name: "acme", stands: [{ id: "a", perHour: "1" }], appearMs: 20_000 }
    const { gpu, clock, alive } = setUp([script])
    const { trail } = await gpu.launch({ ...request, onProgress: at("booting", clock) })
    expect(shown(trail)).toEqual(["a ready"])
    expect(alive()).toHaveLength(1)
  })

  test("under a key that is asked for meanwhile rents one machine", async () => {
    const stands = ["a", "b"].map((id, index) => ({ id, perHour: String(index + 1) }))
    const { gpu, client, clock, creates } = setUp([{ name: "acme", stands, createMs: 10_000 }])
    const first = gpu.launch({ ...request, key: "nightly" })
    await clock.sleep(3_000)
    expect(creates).toEqual(["acme/a"])
    clock.jump(by)
    const steps: Step[] = []
    const again = client().launch({ ...request, key: "nightly", onProgress: (step) => steps.push(step) })
    const [one, another] = await Promise.all([first, again])
    expect(another.instance.ref).toEqual(one.instance.ref)
    expect(creates).toEqual(["acme/a"])
    expect(steps).toMatchObject([{ type: "waiting", launch: { key: "nightly" } }])
  })
})

test("a key whose launch cannot be settled is said to be so in the end, however the clock is set back", async () => {
  const stands = [{ id: "a", perHour: "1", fate: "answer-lost" as const }]
  const findFails = new ProviderFault({ message: "no lists today", retry: "temporary" })
  const { gpu, client, clock, alive } = setUp([{ name: "acme", stands, findFails }])
  expect(await errorOf(gpu.launch({ ...request, key: "nightly" }))).toMatchObject({ _tag: "LaunchUnsettled" })
  clock.jump(-5 * hour)
  const began = clock.monotonic()
  expect(await errorOf(client().launch({ ...request, key: "nightly" }))).toMatchObject({ _tag: "LaunchUnsettled" })
  expect(clock.monotonic() - began).toBeLessThan(5 * minute)
  expect(alive()).toHaveLength(1)
})
