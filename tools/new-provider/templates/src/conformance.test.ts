import { runTest, testsFor } from "@anygpu/conformance"
import { describe, it } from "vitest"
import { newCloudHarness } from "./conformance.test-support.ts"
import { takeUnwritten } from "./unwritten.ts"

const tests = await testsFor(newCloudHarness)

describe(newCloudHarness.name, () => {
  for (const test of tests) {
    it(test.name, async (context) => {
      takeUnwritten()
      const result = await runTest(newCloudHarness, test)
      if (result.outcome === "failed") throw takeUnwritten() ?? result.error
      if (result.outcome === "skipped") context.skip(result.reason)
    })
  }
})
