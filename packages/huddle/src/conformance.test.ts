import { habits } from "@anygpu/conformance"
import { describeConformance } from "@anygpu/conformance/vitest"
import { huddleHarness } from "./conformance.test-support.ts"

// Huddle01's documents settle none of these habits: its adapter has to work under each.
await describeConformance(huddleHarness, { habits })
