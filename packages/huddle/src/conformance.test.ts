import { describeConformance } from "@anygpu/conformance/vitest"
import { huddleHarness } from "./conformance.test-support.ts"

await describeConformance(huddleHarness)
