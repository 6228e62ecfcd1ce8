import { formatScore, scoreMutants } from "@anygpu/conformance"
import { describe, expect, it } from "vitest"
import { shadeformHarness } from "./conformance.test-support.ts"

/** Shadeform has no pages, no stop and start, no logs, no balance, and no documented refusal of a quota. */
const notApplicable: ReadonlyArray<string> = [
  "balance that is not asked for",
  "ignores stop",
  "illegal action reported as done",
  "list that swallows a page",
  "list without an end that is whole",
  "logs by a pattern",
  "logs that are always empty",
  "logs that are made up",
  "quota as a wrong request",
  "stops by ending"
]

/** The simulated containers stand in one region only. */
const ofContainers = ["drops a disk that stands elsewhere"]

describe.each(["vms", "containers", "baremetal"] as const)("the suite on Shadeform's %s", (kind) => {
  it("catches every broken provider", { timeout: 240_000 }, async () => {
    const score = await scoreMutants(shadeformHarness(kind))
    console.log(formatScore(score).split("\n")[0])
    expect(score.survived, formatScore(score)).toBe(0)
    const untried = score.lines.filter(({ outcome }) => outcome === "not applicable")
    const expected = [...notApplicable, ...(kind === "containers" ? ofContainers : [])]
    expect(untried.map(({ mutant }) => mutant.name).toSorted()).toEqual(expected.toSorted())
  })
})
