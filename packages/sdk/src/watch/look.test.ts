import { type Instance, InstanceRef } from "@anygpu/core"
import * as DateTime from "effect/DateTime"
import { describe, expect, it } from "vitest"
import { brief, listing, looksAt, machine, problem, type Step } from "./watch.test-support.ts"

const briefly = (...steps: ReadonlyArray<Step>) => looksAt(steps).map((changes) => changes.map(brief))
const broken = (...items: ReadonlyArray<Instance>) => listing(items, [problem("page 2")])

const [a, b] = [machine("a"), machine("b")]

describe("what a look says", () => {
  it("of one machine comes in a fixed order, with what was before", () => {
    const after = machine("a", { status: "stopped", billing: "storage", price: 2 })
    const [, changes] = looksAt([listing([a]), listing([after], [], 5)])
    expect(changes).toEqual(
      ["status", "endpoints", "billing", "price"].map((type) => ({
        ...{ type, ref: new InstanceRef("fake", "vm", "a"), instance: after, before: a },
        observedAt: DateTime.makeUnsafe(5)
      }))
    )
  })

  it("is a status change when only the reason is another", () => {
    const [, changes] = looksAt([listing([a]), listing([{ ...a, reason: "host-offline" }])])
    expect(changes?.map(brief)).toEqual(["status a: running -> running"])
  })

  it("is nothing when nothing of it changed, in whatever order the list comes", () => {
    expect(briefly(listing([a, b]), listing([machine("b"), { ...machine("a"), name: "other" }]))[1]).toEqual([])
  })

  it("comes once for a machine that a list shows twice", () => {
    expect(briefly(listing([a, machine("a", { price: 2 })]), listing([machine("a", { price: 2 })]))).toEqual([
      ["appeared a"],
      []
    ])
  })
})

describe("a machine that is missing", () => {
  it("vanishes when two complete lists agree, and appears again when it is back", () => {
    expect(briefly(listing([a, b]), listing([a]), listing([a]), listing([a]), listing([a, b]))).toEqual([
      ["appeared a", "appeared b"],
      [],
      ["vanished b"],
      [],
      ["appeared b"]
    ])
  })

  it("has not vanished when it is back in the next list", () => {
    expect(
      briefly(listing([a]), listing([]), listing([a]), listing([]), listing([a]))
        .slice(1)
        .flat()
    ).toEqual([])
  })

  it("never vanishes by a list that is incomplete, or none", () => {
    const looks = briefly(listing([a, b]), broken(a), broken(a), "network", broken(a), listing([a]), listing([a]))
    expect(looks.slice(1)).toEqual([
      ["incomplete fake"],
      [],
      ["stale fake"],
      ["incomplete fake"],
      ["resumed fake"],
      ["vanished b"]
    ])
  })

  it("is shown with its last state when it vanishes", () => {
    const dear = machine("a", { price: 9 })
    expect(looksAt([listing([a]), listing([dear]), listing([]), listing([])])[3]).toMatchObject([{ instance: dear }])
  })
})

describe("a machine that has ended", () => {
  const ended = machine("a", { status: "terminated" })

  it("is said once as terminated and not again when it leaves the list", () => {
    expect(briefly(listing([a]), listing([ended]), listing([ended]), listing([]), listing([])).flat()).toEqual([
      ...["appeared a", "status a: running -> terminated", "endpoints a", "billing a"]
    ])
  })

  it("is not said at the start, and appears when it came in between or is back", () => {
    expect(briefly(listing([ended]), listing([ended]), listing([a]))).toEqual([[], [], ["appeared a"]])
    expect(briefly(listing([]), listing([ended]))).toEqual([[], ["appeared a"]])
  })
})

describe("a list with problems", () => {
  it("is said once, and again when another part is missing; the rest is kept up to date", () => {
    const worse = listing([a], [problem("page 2"), problem("row 5")])
    const looks = looksAt([listing([a]), broken(machine("a", { price: 2 })), broken(), worse, broken(a), listing([a])])
    expect(looks.map((changes) => changes.map(brief))).toEqual([
      ["appeared a"],
      ["incomplete fake", "price a"],
      [],
      ["incomplete fake", "price a"],
      [],
      ["resumed fake"]
    ])
    expect(looks[3]?.[0]).toMatchObject({ problems: worse.problems, since: DateTime.makeUnsafe(0) })
  })
})
