import type { AnyProvider } from "@anygpu/core"
import { NotApplicable } from "./check.ts"
import type { ConformanceTest } from "./conformance-test.ts"
import type { Harness, World } from "./harness.ts"
import { makeContext } from "./test-context.ts"
import { conformanceTests } from "./tests.ts"

/** What came of one test. */
export type TestResult = { readonly test: ConformanceTest } & (
  | { readonly outcome: "passed" }
  | { readonly outcome: "failed"; readonly error: unknown }
  | { readonly outcome: "skipped"; readonly reason: string }
)

/** What came of a run. */
export interface Report {
  readonly harness: string
  readonly provider: string
  readonly kind: string
  readonly passed: number
  readonly failed: number
  readonly skipped: ReadonlyArray<{ readonly name: string; readonly reason: string }>
  readonly results: ReadonlyArray<TestResult>
}

/** The run itself is worth nothing: the harness is wrong. */
export class ConformanceError extends Error {
  override readonly name = "ConformanceError"
}

/** Real milliseconds that one test may take; on virtual time a test that needs more will never end. */
const usualPatience = 15_000

const limited = async (work: Promise<void>, patience: number): Promise<void> => {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the test did not end within ${patience / 1000} real seconds`)), patience)
  })
  try {
    await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

const onWorld = async (world: World, test: ConformanceTest, patience: number): Promise<TestResult> => {
  const missing = test.needs.filter((control) => world.controls[control] === undefined)
  if (missing.length > 0) {
    return { test, outcome: "skipped", reason: `this cloud has no control ${missing.join(", ")}` }
  }
  try {
    await limited(test.run(makeContext(world)), patience)
    return { test, outcome: "passed" }
  } catch (error) {
    return error instanceof NotApplicable
      ? { test, outcome: "skipped", reason: error.message }
      : { test, outcome: "failed", error }
  }
}

/** Runs one test on a world of its own; one that takes more real milliseconds than `patience` has failed. */
export const runTest = async (
  harness: Harness,
  test: ConformanceTest,
  patience = usualPatience
): Promise<TestResult> => {
  const skip = harness.skip?.find((entry) => entry.test === test.name)
  if (skip) return { test, outcome: "skipped", reason: skip.reason }
  const world = await harness.open()
  try {
    return await onWorld(world, test, patience)
  } finally {
    await world.close?.()
  }
}

/** The provider of a harness, on a world that is closed at once: for what it declares. */
export const declaredBy = async (harness: Harness): Promise<AnyProvider> => {
  const world = await harness.open()
  try {
    return world.connect(world.secret)
  } finally {
    await world.close?.()
  }
}

const required = ["offers", "launch", "get", "list", "terminate", "recover"] as const

/**
 * The tests for a harness's provider.
 *
 * - Throws `ConformanceError` when the provider lacks a required operation, and when a skip has no reason or names no
 *   test.
 */
export const testsFor = async (harness: Harness): Promise<ReadonlyArray<ConformanceTest>> => {
  const provider = await declaredBy(harness)
  const absent = required.filter((op) => typeof provider[op] !== "function")
  if (absent.length > 0) throw new ConformanceError(`${harness.name}: the provider lacks ${absent.join(", ")}`)
  const all = conformanceTests(provider)
  const tests = harness.habit ? all.filter(({ anyHabit }) => !anyHabit) : all
  for (const { test, reason } of harness.skip ?? []) {
    if (!all.some(({ name }) => name === test)) {
      throw new ConformanceError(`${harness.name}: the skip "${test}" names no test of this provider`)
    }
    if (!reason.trim()) throw new ConformanceError(`${harness.name}: the skip "${test}" gives no reason`)
  }
  return tests
}

/**
 * Runs the whole suite, one test after the other, each on a world of its own.
 *
 * - Prints nothing; see `formatReport`.
 * - Throws `ConformanceError` when nothing was executed, and where `testsFor` does.
 */
export const runConformance = async (harness: Harness): Promise<Report> => {
  const { provider, kind } = await declaredBy(harness)
  const results: TestResult[] = []
  for (const test of await testsFor(harness)) results.push(await runTest(harness, test))
  const count = (outcome: TestResult["outcome"]) => results.filter((result) => result.outcome === outcome).length
  if (count("passed") + count("failed") === 0) {
    throw new ConformanceError(`${harness.name}: no test was executed, so nothing is known of the provider`)
  }
  const skipped = results.flatMap((result) =>
    result.outcome === "skipped" ? [{ name: result.test.name, reason: result.reason }] : []
  )
  return { harness: harness.name, provider, kind, passed: count("passed"), failed: count("failed"), skipped, results }
}
