import { habits, withHabit } from "@anygpu/conformance"
import { describeConformance } from "@anygpu/conformance/vitest"
import { verdaHarness } from "./conformance.test-support.ts"

// Verda's documents settle none of these: its adapter has to work under each.
await describeConformance(habits.map((habit) => withHabit(verdaHarness, habit)))
