import { runTest, testsFor } from "@anygpu/conformance"
import { describe, it } from "vitest"
import { fluenceHarness } from "./conformance.test-support.ts"

const harnesses = await Promise.all(
  (["containers", "vms", "baremetal", "cpuVms"] as const).map(async (kind) => {
    const harness = fluenceHarness(kind)
    return { harness, tests: await testsFor(harness) }
  })
)

for (const { harness, tests } of harnesses) {
  describe(harness.name, () => {
    for (const test of tests) {
      it(test.name, async (context) => {
        const result = await runTest(harness, test)
        if (result.outcome === "failed") throw result.error
        if (result.outcome === "skipped") context.skip(result.reason)
      })
    }
  })
}
