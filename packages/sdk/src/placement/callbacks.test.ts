import { describe, expect, test } from "vitest"
import { errorOf, fates, request, setUp, untyped } from "./placement.test-support.ts"

describe("what onProgress throws", () => {
  test.each(["order", "race"] as const)("ends the launch and what it made, at any step of %s", async (strategy) => {
    const scripts = [fates("no-capacity", "breaks", "boots", "boots")]
    let steps = 0
    await setUp(scripts).gpu.launch({ ...request, strategy, onProgress: () => void steps++ })
    expect(steps).toBeGreaterThanOrEqual(8)
    const mine = new Error("mine")
    for (let throwing = 1; throwing <= 8; throwing++) {
      const { gpu, alive } = setUp(scripts)
      let step = 0
      const onProgress = () => {
        step += 1
        if (step === throwing) throw mine
      }
      const error = await errorOf(gpu.launch({ ...request, strategy, onProgress }))
      expect(error.cause).toBe(mine)
      expect(error).toMatchObject({ _tag: "InvalidRequest", issues: [{ path: "onProgress" }] })
      expect(alive()).toEqual([])
    }
  })
})

describe("what adapt answers", () => {
  const thrower = () => {
    throw new Error("mine")
  }

  test.each<[string, () => unknown, RegExp]>([
    ["nothing, since it throws", thrower, /threw Error: mine/],
    ["a promise", async () => ({ os: "x" }), /must answer an object of launch options, not a special object/],
    ["a number", () => 5, /not a number/],
    ["null", () => null, /not null/],
    ["another name", () => ({ name: "other" }), /"name", which is not a launch option/],
    ["a key", () => ({ key: "other" }), /"key", which is not a launch option/]
  ])("is refused before anything is launched: %s", async (_, adapt, problem) => {
    const { gpu, creates } = setUp([fates("boots")])
    const error = await errorOf(gpu.launch(untyped({ ...request, adapt })))
    expect(error).toMatchObject({ _tag: "InvalidRequest", issues: [{ path: "adapt" }] })
    expect(error.message).toMatch(problem)
    expect(creates).toEqual([])
  })
})
