import { habits } from "@anygpu/conformance"
import { describeConformance } from "@anygpu/conformance/vitest"
import { otherVerda, verdaHarness } from "./conformance.test-support.ts"

// Verda's documents settle none of these habits: its adapter has to work under each.
await describeConformance(verdaHarness, { habits })
await describeConformance(otherVerda)
