import { habits } from "@anygpu/conformance"
import { describeConformance } from "@anygpu/conformance/vitest"
import { runpodHarness } from "./conformance.test-support.ts"

// Runpod's documents settle none of these habits: its adapter has to work under each.
await describeConformance(runpodHarness, { habits })
