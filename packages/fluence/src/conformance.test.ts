import { habits } from "@anygpu/conformance"
import { describeConformance } from "@anygpu/conformance/vitest"
import { fluenceHarness } from "./conformance.test-support.ts"

// Fluence's documents settle none of these habits: its adapter has to work under each, in both of its API families.
await describeConformance((["vms", "cpuVms"] as const).map(fluenceHarness), { habits })
await describeConformance((["containers", "baremetal"] as const).map(fluenceHarness))
