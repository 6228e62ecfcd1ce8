import { describeConformance } from "@anygpu/conformance/vitest"
import { shadeformHarness } from "./conformance.test-support.ts"

await describeConformance([shadeformHarness("vms"), shadeformHarness("containers"), shadeformHarness("baremetal")])
