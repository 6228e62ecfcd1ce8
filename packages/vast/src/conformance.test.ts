import { describeConformance } from "@anygpu/conformance/vitest"
import { vastHarness } from "./conformance.test-support.ts"

await describeConformance((["container", "vm"] as const).map(vastHarness))
