import { habits } from "@anygpu/conformance"
import { describeConformance } from "@anygpu/conformance/vitest"
import { vastHarness } from "./conformance.test-support.ts"

// Vast's documents settle none of these habits: its adapter has to work under each.
await describeConformance(vastHarness("container"), { habits })
await describeConformance(vastHarness("vm"))
