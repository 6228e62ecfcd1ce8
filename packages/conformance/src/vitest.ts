import { describe, it } from "vitest"
import type { Harness } from "./harness.ts"
import { type LedgerStore, ledgerTests } from "./ledger-store/suite.ts"
import { runTest, testsFor } from "./run.ts"

/**
 * Declares the conformance suite of each harness as tests of vitest, in a `describe` of its name.
 *
 * - Await it at the top of a test file: which tests there are depends on what the provider declares.
 * - `before` runs before each test. `inPlaceOf` is asked after one that failed: what it gives is thrown in place of the
 *   test's own error.
 */
export const describeConformance = async (
  harnesses: Harness | ReadonlyArray<Harness>,
  { before, inPlaceOf }: { readonly before?: () => unknown; readonly inPlaceOf?: () => unknown } = {}
): Promise<void> => {
  for (const harness of [harnesses].flat()) {
    const tests = await testsFor(harness)
    describe(harness.name, () => {
      for (const test of tests) {
        it(test.name, async (context) => {
          before?.()
          const result = await runTest(harness, test)
          if (result.outcome === "failed") throw inPlaceOf?.() ?? result.error
          if (result.outcome === "skipped") context.skip(result.reason)
        })
      }
    })
  }
}

/** Declares the suite of ledger stores as tests of vitest, in a `describe` of the store's name. */
export const describeLedger = (store: LedgerStore): void => {
  describe(`the ${store.name} ledger`, () => {
    for (const { name, run } of ledgerTests(store)) it(name, run)
  })
}
