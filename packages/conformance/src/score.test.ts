import { optionalOps } from "@anygpu/core"
import { expect, test } from "vitest"
import { mutants } from "./mutants/index.ts"
import { formatScore, scoreMutants } from "./score.ts"
import { referenceHarness } from "./testing/reference.ts"

test("every mutant is killed by the test that it names", { timeout: 240_000 }, async () => {
  const score = await scoreMutants(referenceHarness(["images"]))
  expect(score.survived, formatScore(score)).toBe(0)
  expect(score.killed, formatScore(score)).toBe(mutants.length)
})

test("a provider without optional operations kills those that apply to it", { timeout: 240_000 }, async () => {
  const score = await scoreMutants(referenceHarness(optionalOps))
  expect(score.survived, formatScore(score)).toBe(0)
  expect(score.killed + score.notApplicable).toBe(mutants.length)
})

test("mutants have names of their own", () => {
  expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length)
})
