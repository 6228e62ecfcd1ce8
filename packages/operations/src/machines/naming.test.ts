import { type Instance, InstanceRef, type LaunchRecord } from "anygpu"
import { describe, expect, test } from "vitest"
import { type Known, knownFrom, namedBy } from "./naming.ts"

const refOf = (id: string) => new InstanceRef("vast", "container", id)

/** One machine, there unless it is said to have ended. */
const known = (id: string, name: string | null, more: Partial<Known> = {}): Known => ({
  ...{ ref: refOf(id), name, launchedAs: name, marker: null, isThere: true, machine: {} as Instance },
  ...more
})
const gone = { isThere: false, name: null, machine: null }

/** What a text comes to: the ids of the machines that it names, those it is a part of in brackets. */
const shown = (text: string, ...all: ReadonlyArray<Known>): string => {
  const named = namedBy(text, all)
  if (named.type === "part") return `(${named.of.map(({ ref }) => ref.id).join()})`
  return (named.type === "one" ? [named.known] : named.known).map(({ ref }) => ref.id).join()
}

describe("what a text names", () => {
  const ten = known("10", "job-10")
  test.each<[string, string, ReadonlyArray<Known>]>([
    ["job-10", "10", [ten]],
    ["vast/container/10", "10", [ten]],
    ["10", "10", [ten]],
    ["agaaaaaaaaaa", "10", [known("10", "job-10", { marker: "agaaaaaaaaaa" })]],
    ["job-10-agaaaaaaaaaa", "10", [known("10", "job-10", { marker: "agaaaaaaaaaa" })]],
    ["job-1-agaaaaaaaaaa", "()", [known("10", "job-10", { marker: "agaaaaaaaaaa" })]],
    // A part names nothing.
    ["job-1", "(10)", [ten]],
    ["1", "(10)", [ten]],
    ["JOB-10", "(10)", [ten]],
    ["container/10", "(10)", [ten]],
    ["nobody", "()", [ten]],
    // What has ended under a name keeps it from every similar one.
    ["job-1", "1", [known("1", "job-1", { ...gone, launchedAs: "job-1" }), ten]],
    ["job", "(10)", [known("1", "job-1", { ...gone, launchedAs: "job-1" }), ten]],
    // A name is taken again: the machine that is there has it.
    ["job-1", "2", [known("1", null, { ...gone, launchedAs: "job-1" }), known("2", "job-1")]],
    ["job-1", "2", [1, 2].map((id) => known(String(id), null, { ...gone, launchedAs: "job-1" }))],
    // Two of one name.
    ["job-1", "1,2", [known("1", "job-1"), known("2", "job-1")]],
    ["job-1", "1,2", [known("1", "job-1"), known("2", null, { launchedAs: "job-1", machine: null })]],
    // The id of one is the name of another: also when the first has ended.
    ["1", "1,2", [known("1", "a"), known("2", "1")]],
    ["1", "1,2", [known("1", null, { ...gone, launchedAs: "a" }), known("2", "1")]],
    // Given another name since.
    ["job-1", "(1)", [known("1", "old", { launchedAs: "job-1" })]],
    ["old", "1", [known("1", "old", { launchedAs: "job-1" })]],
    ["job-1", "2", [known("1", "old", { launchedAs: "job-1" }), known("2", "job-1")]],
    ["job-10", "(1)", [known("1", "job-1", { launchedAs: "job-10" })]],
    // Shown in fewer letters than it was given.
    ["My job #1", "1", [known("1", "my-job-1", { launchedAs: "My job #1" })]],
    [
      "a-very-long-name-2",
      "2",
      ["1", "2"].map((id) => known(id, "a-very-long-", { launchedAs: `a-very-long-name-${id}` }))
    ],
    ["a-very-long-", "1,2", ["1", "2"].map((id) => known(id, "a-very-long-", { launchedAs: `a-very-long-name-${id}` }))]
  ])("%s: %s", (text, expected, all) => {
    expect(shown(text, ...all)).toBe(expected)
  })
})

describe("what is known", () => {
  const launch = (id: string, name: string) =>
    ({ provider: "vast", kind: "container", instanceId: id, name, marker: `ag${id}` }) as LaunchRecord
  const machine = (id: string, name: string, status = "running") =>
    ({ ref: refOf(id), name, marker: null, status }) as Instance
  const recordOf = (id: string, isGone: boolean) => ({
    ...{ ref: refOf(id), intent: null, firstSeen: 0, goneAt: isGone ? 1 : null }
  })
  const states = (all: ReadonlyArray<Known>) =>
    all.map(({ ref, isThere }) => `${ref.id} ${isThere ? "is there" : "has ended"}`)

  test("is there when a list shows it, also after its verified end; else when its cloud was not listed in whole", () => {
    const remembered = ["1", "2", "3", "4"].map((id) => recordOf(id, id === "1" || id === "4"))
    const seen = { machines: [machine("1", "a"), machine("2", "b", "terminated")] }
    expect(states(knownFrom({ ...seen, isWhole: () => true }, [], remembered))).toEqual([
      ...["1 is there", "2 has ended", "3 has ended", "4 has ended"]
    ])
    expect(states(knownFrom({ ...seen, isWhole: () => false }, [], remembered))).toEqual([
      ...["1 is there", "2 has ended", "3 is there", "4 has ended"]
    ])
  })

  test("has the name of its launch, the last launch last, and of launches without a machine nothing", () => {
    const none = { ...launch("", "lost"), instanceId: null }
    const remembered = ["2", "1", "7"].map((id) => recordOf(id, true))
    const all = knownFrom({ machines: [], isWhole: () => true }, [launch("1", "a"), none, launch("2", "a")], remembered)
    expect(all.map(({ ref, launchedAs, marker }) => [ref.id, launchedAs, marker])).toEqual([
      ["7", null, null],
      ["1", "a", "ag1"],
      ["2", "a", "ag2"]
    ])
  })
})
