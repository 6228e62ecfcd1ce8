import { habits, withHabit } from "@anygpu/conformance"
import { describeConformance } from "@anygpu/conformance/vitest"
import { runpodHarness } from "./conformance.test-support.ts"

// Runpod's documents settle none of these: its adapter has to work under each.
await describeConformance(habits.map((habit) => withHabit(runpodHarness, habit)))
