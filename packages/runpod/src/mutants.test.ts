import { formatScore, mutantsOf, scoreMutants } from "@anygpu/conformance"
import { expect, test } from "vitest"
import { runpodHarness } from "./conformance.test-support.ts"

/** Runpod has no second kind, no words about a boot, and no documented refusal of a quota. */
const notApplicable = [
  "drops the cloud's words",
  "ends whatever has the id",
  "fails for what passes",
  "hides progress",
  "quota as a wrong request",
  "shows the cloud's words as they are",
  "waits for a wrong image",
  "wrong image as a bad host",
  ...mutantsOf("scheduleEnd")
]

test("the suite catches every broken provider made of Runpod's", { timeout: 240_000 }, async () => {
  const score = await scoreMutants(runpodHarness)
  console.log(formatScore(score).split("\n")[0])
  expect(score.survived, formatScore(score)).toBe(0)
  const untried = score.lines.filter(({ outcome }) => outcome === "not applicable")
  expect(untried.map(({ mutant }) => mutant.name).toSorted()).toEqual(notApplicable.toSorted())
})
