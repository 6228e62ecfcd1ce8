import { describe, it } from "vitest"
import type { ConformanceTest } from "./conformance-test.ts"
import { type Habit, watchHabits, withHabit } from "./habits.ts"
import type { Harness } from "./harness.ts"
import { type LedgerStore, ledgerTests } from "./ledger-store/index.ts"
import { runTest, testsFor } from "./run.ts"

/** What surrounds the tests that {@link describeConformance} declares. */
export interface Surroundings {
  /** The suite is run under each of these as well. */
  readonly habits?: ReadonlyArray<Habit>
  /** Runs before each test. */
  readonly before?: () => unknown
  /** Asked after a test that failed: what it gives is thrown in place of the test's own error. */
  readonly inPlaceOf?: () => unknown
}

interface Run {
  /** The harness of one test. */
  readonly harnessOf: (test: ConformanceTest) => Harness
  /** Whether a test has run just so already. */
  readonly isSame: (test: ConformanceTest) => boolean
}

const declareTests = async (
  harness: Harness,
  { before, inPlaceOf }: Surroundings,
  { harnessOf = () => harness, isSame = () => false }: Partial<Run> = {}
): Promise<void> => {
  const tests = await testsFor(harness)
  describe(harness.name, () => {
    for (const test of tests) {
      it(test.name, async (context) => {
        if (isSame(test)) context.skip("the habit changes none of its answers")
        before?.()
        const result = await runTest(harnessOf(test), test)
        if (result.outcome === "failed") throw inPlaceOf?.() ?? result.error
        if (result.outcome === "skipped") context.skip(result.reason)
      })
    }
  })
}

/**
 * Declares the conformance suite of each harness as tests of vitest, in a `describe` of its name.
 *
 * - Await it at the top of a test file: which tests there are depends on what the provider declares.
 * - With habits, the suite is there once more for each. A test of which the first run shows that the habit would have changed
 *   none of its answers is skipped with that reason: on virtual time it would run just the same.
 */
export const describeConformance = async (
  harnesses: Harness | ReadonlyArray<Harness>,
  surroundings: Surroundings = {}
): Promise<void> => {
  const { habits = [] } = surroundings
  for (const harness of [harnesses].flat()) {
    const watched = watchHabits(harness, habits)
    await declareTests(harness, surroundings, habits.length > 0 ? { harnessOf: watched.harnessOf } : {})
    for (const habit of habits) {
      const isSame = (test: ConformanceTest) => watched.changesNothing(test, habit)
      await declareTests(withHabit(harness, habit), surroundings, { isSame })
    }
  }
}

/** Each write of a store on a disk waits for it: on a busy computer, thousands of them take their time. In milliseconds. */
const patience = 240_000

/** Declares the suite of ledger stores as tests of vitest, in a `describe` of the store's name. */
export const describeLedger = (store: LedgerStore): void => {
  describe(`the ${store.name} ledger`, () => {
    for (const { name, run } of ledgerTests(store)) it(name, { timeout: patience }, run)
  })
}
