import { habits, withHabit } from "@anygpu/conformance"
import { describeConformance } from "@anygpu/conformance/vitest"
import { vastHarness } from "./conformance.test-support.ts"

// Vast's documents settle none of these. Those that ask for the most have the others in them.
const hardest = habits.filter(
  ({ listsLate, readsLate, endsAgain }) => (listsLate && readsLate) || endsAgain === "refused"
)

await describeConformance(hardest.map((habit) => withHabit(vastHarness("container"), habit)))
