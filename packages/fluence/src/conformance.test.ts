import { describeConformance } from "@anygpu/conformance/vitest"
import { fluenceHarness } from "./conformance.test-support.ts"

await describeConformance((["containers", "vms", "baremetal", "cpuVms"] as const).map(fluenceHarness))
