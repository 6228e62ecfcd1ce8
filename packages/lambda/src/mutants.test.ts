import { formatScore, mutantsOf, scoreMutants } from "@anygpu/conformance"
import { expect, test } from "vitest"
import { lambdaHarness } from "./conformance.test-support.ts"

/** Lambda has no second kind, no pages, no stop, no balance, no variables, no images of containers, no logs, and no words about a boot. */
const notApplicable: ReadonlyArray<string> = [
  "balance that is not asked for",
  "drops the cloud's words",
  "ends whatever has the id",
  "error with an env value",
  "fails for what passes",
  "hides progress",
  "ignores stop",
  "illegal action reported as done",
  "list that swallows a page",
  "list without an end that is whole",
  "logs by a pattern",
  "logs that are always empty",
  "logs that are made up",
  "native with an env value",
  "native with an image's login",
  "shows the cloud's words as they are",
  "stops by ending",
  "waits for a wrong image",
  "wrong image as a bad host",
  ...mutantsOf("scheduleEnd")
]

test("the suite catches every broken provider made of Lambda's", { timeout: 240_000 }, async () => {
  const score = await scoreMutants(lambdaHarness)
  console.log(formatScore(score).split("\n")[0])
  expect(score.survived, formatScore(score)).toBe(0)
  const untried = score.lines.filter(({ outcome }) => outcome === "not applicable")
  expect(untried.map(({ mutant }) => mutant.name).toSorted()).toEqual(notApplicable.toSorted())
})
