import type { AnyProvider } from "@anygpu/core"
import type { ConformanceTest } from "./conformance-test.ts"
import type { Harness } from "./harness.ts"
import { type Mutant, mutants } from "./mutants/index.ts"
import { patch } from "./mutants/mutant.ts"
import { declaredBy, runTest, type TestResult, testsFor } from "./run.ts"

/** What came of one mutant. */
export interface MutantResult {
  readonly mutant: Mutant
  readonly outcome: "killed" | "survived" | "not applicable"
  /** What the test said of it, or why it could not be tried. */
  readonly note: string
}

/** How many broken providers the suite caught. */
export interface Score {
  readonly harness: string
  readonly killed: number
  readonly survived: number
  readonly notApplicable: number
  readonly lines: ReadonlyArray<MutantResult>
}

const mutated = (harness: Harness, { mutate, mutateWorld }: Mutant): Harness => ({
  ...harness,
  open: async () => {
    const world = await harness.open()
    const { sibling } = world
    return patch(world, {
      ...mutateWorld?.(world),
      connect: (secret: string) => mutate(world.connect(secret), world),
      ...(sibling && { sibling: (secret: string) => mutate(sibling(secret), world) })
    })
  }
})

const noteOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** A test on the healthy provider, and how many real milliseconds it took. */
interface Healthy {
  readonly result: TestResult
  readonly took: number
}

/** Runs each test on the healthy provider once: many mutants are killed by one test. */
const healthyRuns = (harness: Harness): ((test: ConformanceTest) => Promise<Healthy>) => {
  const known = new Map<string, Promise<Healthy>>()
  const run = async (test: ConformanceTest): Promise<Healthy> => {
    const from = performance.now()
    return { result: await runTest(harness, test), took: performance.now() - from }
  }
  return (test) => {
    const running = known.get(test.name) ?? run(test)
    known.set(test.name, running)
    return running
  }
}

/** Real milliseconds that a test may take on a mutant: several times as many as on the healthy provider. */
const patienceFor = ({ took }: Healthy): number => Math.min(15_000, 2_000 + 5 * took)

/** What all mutants of a harness are tried with. */
interface Trial {
  readonly harness: Harness
  readonly provider: AnyProvider
  readonly tests: ReadonlyArray<ConformanceTest>
  readonly healthy: (test: ConformanceTest) => Promise<Healthy>
}

/** The named test on the healthy provider, where it must pass, and on the mutant, where it must fail. */
const tryMutant = async (trial: Trial, mutant: Mutant): Promise<MutantResult> => {
  const { harness, provider, tests } = trial
  const result = (outcome: MutantResult["outcome"], note: string): MutantResult => ({ mutant, outcome, note })
  const lacking = (mutant.ops ?? []).filter((op) => !provider.capabilities.has(op))
  if (lacking.length > 0) return result("not applicable", `the provider has no ${lacking.join(", ")}`)
  const { anyOption, notFor } = mutant
  if (notFor === provider.kind) return result("not applicable", `there is nothing in a ${notFor} to do so wrong`)
  if (anyOption && !anyOption.some((option) => provider.launchOptions.has(option))) {
    return result("not applicable", `the provider takes no ${anyOption.join(" and no ")}`)
  }
  const test = tests.find(({ name }) => name === mutant.kills)
  if (!test) return result("survived", `there is no test "${mutant.kills}"`)
  const healthy = await trial.healthy(test)
  if (healthy.result.outcome === "skipped") return result("not applicable", healthy.result.reason)
  if (healthy.result.outcome === "failed") {
    return result("survived", `the healthy provider fails the test too: ${noteOf(healthy.result.error)}`)
  }
  const sick = await runTest(mutated(harness, mutant), test, patienceFor(healthy))
  return sick.outcome === "failed"
    ? result("killed", noteOf(sick.error))
    : result("survived", `"${test.name}" ${sick.outcome}`)
}

/**
 * Runs every mutant against the one test that names it.
 *
 * - Killed: the test is green on the healthy provider and red on the mutant. Everything else that could be tried
 *   survived.
 */
export const scoreMutants = async (harness: Harness): Promise<Score> => {
  const [provider, tests] = [await declaredBy(harness), await testsFor(harness)]
  const trial = { harness, provider, tests, healthy: healthyRuns(harness) }
  const lines: MutantResult[] = []
  for (const mutant of mutants) lines.push(await tryMutant(trial, mutant))
  const count = (outcome: MutantResult["outcome"]) => lines.filter((line) => line.outcome === outcome).length
  return {
    harness: harness.name,
    killed: count("killed"),
    survived: count("survived"),
    notApplicable: count("not applicable"),
    lines
  }
}

/** A score as people read it: `18 of 18 mutants killed`, and a table. */
export const formatScore = ({ harness, killed, survived, notApplicable, lines }: Score): string => {
  const width = Math.max(...lines.map(({ mutant }) => mutant.name.length))
  const rows = lines.map(({ mutant, outcome, note }) => {
    const more = outcome === "killed" ? mutant.kills : note
    return `  ${outcome.padEnd(14)}  ${mutant.name.padEnd(width)}  ${more}`
  })
  const others = notApplicable > 0 ? ` (${notApplicable} not applicable)` : ""
  return [`${harness}: ${killed} of ${killed + survived} mutants killed${others}`, ...rows].join("\n")
}
