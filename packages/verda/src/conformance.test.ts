import { describeConformance } from "@anygpu/conformance/vitest"
import { otherVerda, verdaHarness } from "./conformance.test-support.ts"

await describeConformance([verdaHarness, otherVerda])
