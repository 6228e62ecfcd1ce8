import { describeConformance } from "@anygpu/conformance/vitest"
import { newCloudHarness } from "./conformance.test-support.ts"
import { takeUnwritten } from "./unwritten.ts"

await describeConformance(newCloudHarness, { before: takeUnwritten, inPlaceOf: takeUnwritten })
