import { formatScore, mutantsOf, scoreMutants } from "@anygpu/conformance"
import { expect, test } from "vitest"
import { verdaHarness } from "./conformance.test-support.ts"

/** Verda has no second kind, no pages of machines, no logs, no names that change, no words about a boot, and no scripts here. */
const notApplicable = [
  "drops the cloud's words",
  "ends whatever has the id",
  "error with a word of a long script",
  "error with an env value",
  "fails for what passes",
  "hides progress",
  "list of the first page",
  "list that swallows a page",
  "list without an end that is whole",
  "logs by a pattern",
  "logs that are always empty",
  "logs that are made up",
  "native with an env value",
  "rename that does nothing",
  "rename that loses the marker",
  "shows the cloud's words as they are",
  "takes a name that it cannot read for another one",
  "waits for a wrong image",
  "wrong image as a bad host",
  ...mutantsOf("scheduleEnd")
]

test("the suite catches every broken provider made of Verda's", { timeout: 240_000 }, async () => {
  const score = await scoreMutants(verdaHarness)
  console.log(formatScore(score).split("\n")[0])
  expect(score.survived, formatScore(score)).toBe(0)
  const untried = score.lines.filter(({ outcome }) => outcome === "not applicable")
  expect(untried.map(({ mutant }) => mutant.name).toSorted()).toEqual(notApplicable.toSorted())
})
