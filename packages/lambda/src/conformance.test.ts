import { describeConformance } from "@anygpu/conformance/vitest"
import { lambdaHarness } from "./conformance.test-support.ts"

await describeConformance(lambdaHarness)
