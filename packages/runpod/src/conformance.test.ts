import { describeConformance } from "@anygpu/conformance/vitest"
import { runpodHarness } from "./conformance.test-support.ts"

await describeConformance(runpodHarness)
