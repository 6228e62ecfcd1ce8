import { formatScore, scoreMutants } from "@anygpu/conformance"
import { expect, test } from "vitest"
import { huddleHarness } from "./conformance.test-support.ts"

/** Huddle01 has no names to change, no logs, and no launch option that holds a secret. */
const notApplicable = [
  "rename that loses the marker",
  "rename that does nothing",
  "logs that are always empty",
  "logs that are made up",
  "error with an env value",
  "native with an env value"
]

test("the suite catches every broken provider made of Huddle01's", { timeout: 120_000 }, async () => {
  const score = await scoreMutants(huddleHarness)
  console.log(formatScore(score).split("\n")[0])
  expect(score.survived, formatScore(score)).toBe(0)
  const untried = score.lines.filter(({ outcome }) => outcome === "not applicable")
  expect(untried.map(({ mutant }) => mutant.name)).toEqual(notApplicable)
})
