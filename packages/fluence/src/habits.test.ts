import { habits, withHabit } from "@anygpu/conformance"
import { describeConformance } from "@anygpu/conformance/vitest"
import { fluenceHarness } from "./conformance.test-support.ts"

// Fluence's documents settle none of these: its adapter has to work under each.
await describeConformance(
  (["vms", "cpuVms"] as const).flatMap((kind) => habits.map((habit) => withHabit(fluenceHarness(kind), habit)))
)
