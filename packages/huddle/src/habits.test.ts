import { habits, withHabit } from "@anygpu/conformance"
import { describeConformance } from "@anygpu/conformance/vitest"
import { huddleHarness } from "./conformance.test-support.ts"

// Huddle01's documents settle none of these: its adapter has to work under each.
await describeConformance(habits.map((habit) => withHabit(huddleHarness, habit)))
