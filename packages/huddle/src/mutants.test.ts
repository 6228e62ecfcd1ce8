import { formatScore, mutantsOf, scoreMutants } from "@anygpu/conformance"
import { expect, test } from "vitest"
import { huddleHarness } from "./conformance.test-support.ts"

/**
 * Huddle01 has no second kind, gives no disk of a machine, no names to change, no logs, no launch option that holds a
 * secret, and no words about a boot.
 */
const notApplicable = [
  "rents less than was priced",
  "ends whatever has the id",
  "rename that loses the marker",
  "rename that does nothing",
  "logs that are always empty",
  "logs by a pattern",
  "logs that are made up",
  "error with an env value",
  "error with a word of a long script",
  "native with an env value",
  "drops the cloud's words",
  "shows the cloud's words as they are",
  "wrong image as a bad host",
  "waits for a wrong image",
  "fails for what passes",
  "hides progress",
  ...mutantsOf("scheduleEnd"),
  ...mutantsOf("volumes")
]

test("the suite catches every broken provider made of Huddle01's", { timeout: 240_000 }, async () => {
  const score = await scoreMutants(huddleHarness)
  console.log(formatScore(score).split("\n")[0])
  expect(score.survived, formatScore(score)).toBe(0)
  const untried = score.lines.filter(({ outcome }) => outcome === "not applicable")
  expect(untried.map(({ mutant }) => mutant.name).toSorted()).toEqual(notApplicable.toSorted())
})
