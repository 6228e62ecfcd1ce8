import { describeConformance } from "@anygpu/conformance/vitest"
import { memoryHarness } from "./conformance.test-support.ts"

await describeConformance(memoryHarness)
