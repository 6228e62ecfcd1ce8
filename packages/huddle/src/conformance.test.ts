import { runTest, testsFor } from "@anygpu/conformance"
import { describe, it } from "vitest"
import { huddleHarness } from "./conformance.test-support.ts"

const tests = await testsFor(huddleHarness)

describe(huddleHarness.name, () => {
  for (const test of tests) {
    it(test.name, async (context) => {
      const result = await runTest(huddleHarness, test)
      if (result.outcome === "failed") throw result.error
      if (result.outcome === "skipped") context.skip(result.reason)
    })
  }
})
