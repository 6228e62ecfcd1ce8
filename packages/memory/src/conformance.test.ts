import { runTest, testsFor } from "@anygpu/conformance"
import { describe, it } from "vitest"
import { memoryHarness } from "./conformance.test-support.ts"

const tests = await testsFor(memoryHarness)

describe(memoryHarness.name, () => {
  for (const test of tests) {
    it(test.name, async (context) => {
      const result = await runTest(memoryHarness, test)
      if (result.outcome === "failed") throw result.error
      if (result.outcome === "skipped") context.skip(result.reason)
    })
  }
})
