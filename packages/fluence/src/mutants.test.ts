import { formatScore, mutantsOf, scoreMutants } from "@anygpu/conformance"
import { expect, test } from "vitest"
import { type FluenceKind, fluenceHarness } from "./conformance.test-support.ts"

/** No list of Fluence has pages, no machine can be stopped or started, and none ends by itself. */
const never = [
  "list that swallows a page",
  "list without an end that is whole",
  "ignores stop",
  "stops by ending",
  "illegal action reported as done",
  ...mutantsOf("scheduleEnd"),
  ...mutantsOf("volumes")
]
/** Only containers have logs, variables and a registry login that could be shown, and events of a boot. */
const ofContainers = [
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
  "hides progress"
]

/** CPU VMs are read in lists alone: no read of one can lie. */
const aboutReads = [
  "believes one read",
  "ends what it has just launched",
  "believes a gateway",
  "believes a change's no",
  "believes any answer",
  "waits for what remains",
  "believes a claimed end"
]

const notApplicable: Readonly<Record<FluenceKind, ReadonlyArray<string>>> = {
  containers: never,
  vms: [...never, ...ofContainers],
  baremetal: [...never, ...ofContainers],
  cpuVms: [...never, ...ofContainers, ...aboutReads, "native GPU names"]
}

test.each(["containers", "vms", "baremetal", "cpuVms"] as const)(
  "the suite catches every broken provider made of Fluence's (%s)",
  { timeout: 240_000 },
  async (kind) => {
    const score = await scoreMutants(fluenceHarness(kind))
    console.log(formatScore(score).split("\n")[0])
    expect(score.survived, formatScore(score)).toBe(0)
    const untried = score.lines.flatMap(({ outcome, mutant }) => (outcome === "not applicable" ? [mutant.name] : []))
    expect(untried.toSorted()).toEqual(notApplicable[kind].toSorted())
  }
)
