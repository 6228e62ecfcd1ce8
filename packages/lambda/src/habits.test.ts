import { habits, withHabit } from "@anygpu/conformance"
import { describeConformance } from "@anygpu/conformance/vitest"
import { lambdaChoices, lambdaHarness } from "./conformance.test-support.ts"

// Lambda's documents settle none of these: its adapter has to work under each.
await describeConformance([...habits.map((habit) => withHabit(lambdaHarness, habit)), ...lambdaChoices])
