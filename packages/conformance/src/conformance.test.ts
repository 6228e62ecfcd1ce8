import { type AnyProvider, optionalOps } from "@anygpu/core"
import { describe, expect, test } from "vitest"
import type { Harness, World } from "./harness.ts"
import { patch } from "./mutants/mutant.ts"
import { formatReport } from "./report.ts"
import { runConformance, runTest, testsFor } from "./run.ts"
import { referenceHarness } from "./testing/reference.ts"

/** A reference harness whose worlds, or whose provider, are changed. */
const changed = (
  world: (world: World) => object,
  provider: (provider: AnyProvider) => object = () => ({})
): Harness => {
  const harness = referenceHarness()
  return {
    ...harness,
    open: async () => {
      const opened = await harness.open()
      const connect = (key: string) => {
        const connected = opened.connect(key)
        return patch(connected, provider(connected))
      }
      return patch(opened, { connect, ...world(opened) })
    }
  }
}

const skipping = (test: string, reason = "because"): Harness => ({
  ...referenceHarness(),
  skip: [{ test, reason }]
})

describe("a healthy provider passes", () => {
  test.each([
    ["with every operation", []],
    ["without images", ["images"]],
    ["with none of the optional operations", optionalOps]
  ] as const)("%s", { timeout: 240_000 }, async (_, without) => {
    const report = await runConformance(referenceHarness(without))
    expect(report.failed, formatReport(report)).toBe(0)
    expect(report.passed).toBeGreaterThan(100)
  })
})

describe("a run that says nothing fails", () => {
  test("when every test is skipped", async () => {
    const harness = referenceHarness()
    const skip = (await testsFor(harness)).map(({ name }) => ({ test: name, reason: "no time" }))
    await expect(runConformance({ ...harness, skip })).rejects.toThrow("no test was executed")
  })

  test("when a skip names no test", async () => {
    await expect(runConformance(skipping("launch: never heard of"))).rejects.toThrow("names no test of this provider")
  })

  test("when a skip gives no reason", async () => {
    const name = "launch: one launch makes exactly one machine"
    await expect(runConformance(skipping(name, " "))).rejects.toThrow("gives no reason")
  })

  test("when the provider lacks what every provider has", async () => {
    const harness = changed(
      () => ({}),
      () => ({ terminate: undefined })
    )
    await expect(runConformance(harness)).rejects.toThrow("the provider lacks terminate")
  })
})

describe("what was not tested is said", () => {
  test("a skip comes with its reason", { timeout: 240_000 }, async () => {
    const name = "launch: one launch makes exactly one machine"
    const report = await runConformance(skipping(name, "the cloud is closed"))
    expect(report.skipped).toContainEqual({ name, reason: "the cloud is closed" })
    expect(formatReport(report)).toContain(`skip  ${name}: the cloud is closed`)
  })

  test("a control that the cloud lacks skips the tests that need it", { timeout: 240_000 }, async () => {
    const report = await runConformance(changed(() => ({ controls: {} })))
    expect(report.skipped.length).toBeGreaterThan(40)
    expect(report.skipped.every(({ reason }) => reason.startsWith("this cloud has no control "))).toBe(true)
    expect(report.failed, formatReport(report)).toBe(0)
  })
})

test("every test has a name of its own", async () => {
  const names = (await testsFor(referenceHarness())).map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
})

test("a failed test shows what it expected", async () => {
  const harness = changed((world) => ({ machines: () => [...world.machines(), ...world.machines()] }))
  const tests = await testsFor(harness)
  const found = tests.find(({ name }) => name === "launch: one launch makes exactly one machine")
  const result = found && (await runTest(harness, found))
  expect(result).toMatchObject({ outcome: "failed", error: { message: expect.stringContaining("1 machine(s)") } })
})
