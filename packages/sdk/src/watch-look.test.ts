import { type Instance, InstanceRef, Listing } from "@anygpu/core"
import * as DateTime from "effect/DateTime"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { brief, errors, listing, machine, problem } from "./watch.test-support.ts"
import type { Change } from "./watch-change.ts"
import { failedLook, type Known, listedLook, nothingKnown } from "./watch-look.ts"

const source = { provider: "fake", kind: "vm" } as const

type Step = Listing<Instance> | keyof Omit<typeof errors, "limited">

/** Looks one after the other; what each said. */
const told = (steps: ReadonlyArray<Step>, initial = true): ReadonlyArray<ReadonlyArray<Change>> => {
  let known: Known = nothingKnown
  return steps.map((step, index) => {
    const look =
      typeof step === "string"
        ? failedLook(known, errors[step], source, DateTime.makeUnsafe(index))
        : listedLook(known, step, source, initial)
    known = look.known
    return look.changes
  })
}
const briefly = (...steps: ReadonlyArray<Step>) => told(steps).map((changes) => changes.map(brief))
const broken = (...items: ReadonlyArray<Instance>) => listing(items, [problem("page 2")])

const [a, b] = [machine("a"), machine("b")]

describe("what a look says", () => {
  it("of one machine comes in a fixed order, with what was before", () => {
    const after = machine("a", { status: "stopped", billing: "storage", price: 2 })
    const [, changes] = told([listing([a]), listing([after], [], 5)])
    expect(changes).toEqual(
      ["status", "endpoints", "billing", "price"].map((type) => ({
        ...{ type, ref: new InstanceRef("fake", "vm", "a"), instance: after, before: a },
        observedAt: DateTime.makeUnsafe(5)
      }))
    )
  })

  it("is a status change when only the reason is another", () => {
    const [, changes] = told([listing([a]), listing([{ ...a, reason: "host-offline" }])])
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
    expect(told([listing([a]), listing([dear]), listing([]), listing([])])[3]).toMatchObject([{ instance: dear }])
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
    const looks = told([listing([a]), broken(machine("a", { price: 2 })), broken(), worse, broken(a), listing([a])])
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

/** Everything a user would draw, after everything that was said. */
const replayed = (changes: ReadonlyArray<Change>): Map<string, Instance> => {
  const world = new Map<string, Instance>()
  for (const change of changes) {
    if (!("ref" in change)) continue
    const known = world.get(change.ref.id)
    if (change.type === "appeared") expect(known?.status ?? "terminated").toBe("terminated")
    else if (known === undefined) throw new Error(`${brief(change)}: a machine that never appeared`)
    if ("before" in change) {
      expect(face(change.before, change.type)).not.toEqual(face(change.instance, change.type))
    }
    if (change.type === "vanished") world.delete(change.ref.id)
    else world.set(change.ref.id, change.instance)
  }
  return world
}

const face = ({ status, reason, billing, endpoints, price }: Instance, aspect?: Change["type"]) => {
  const faces = { status: { status, reason }, billing, endpoints, price }
  return JSON.stringify(aspect && aspect in faces ? faces[aspect as keyof typeof faces] : faces)
}

/** What is left of a world when what has ended is not counted. */
const alive = (instances: Iterable<Instance>) =>
  new Map([...instances].filter(({ status }) => status !== "terminated").map((item) => [item.ref.id, face(item)]))

const facts = fc.record({
  status: fc.constantFrom("starting", "running", "stopped", "terminated"),
  billing: fc.constantFrom("compute", "storage", "none"),
  price: fc.integer({ min: 1, max: 3 })
})
const worlds = fc
  .dictionary(fc.constantFrom("a", "b", "c", "d"), facts, { noNullPrototype: true })
  .map((known) => Object.entries(known).map(([id, each]) => machine(id, each as Parameters<typeof machine>[1])))
const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: worlds.map((items) => listing(items)) },
  { weight: 2, arbitrary: worlds.map((items) => listing(items, [problem("page 2")])) },
  { weight: 2, arbitrary: fc.constantFrom<Step>("network", "fault", "refused") }
)

describe("whatever happens", () => {
  it("replaying the changes from the start gives the last known world, and nothing comes twice", () => {
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 12 }), worlds, (before, last) => {
        const end = listing(last)
        const looks = told([...before, end, end, end])
        expect(alive(replayed(looks.flat()).values())).toEqual(alive(last))
        expect(looks.at(-1)).toEqual([])
        for (const changes of looks) {
          const said = changes.map((change) => `${change.type} ${"ref" in change ? change.ref.id : ""}`)
          expect(new Set(said).size).toBe(said.length)
        }
      }),
      { numRuns: 500 }
    )
  })

  it("trouble and its end alternate, and nothing vanishes without two complete lists", () => {
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 20 }), (all) => {
        let isTroubled = false
        let complete = 0
        for (const [index, changes] of told(all).entries()) {
          const step = all[index]
          const isComplete = step instanceof Listing && step.complete
          complete += isComplete ? 1 : 0
          for (const { type } of changes) {
            if (type === "resumed") expect(isTroubled && isComplete).toBe(true)
            if (type === "stale" || type === "incomplete") isTroubled = true
            if (type === "vanished") expect(isComplete && complete >= 2).toBe(true)
          }
          if (isComplete) isTroubled = false
          else expect(isTroubled).toBe(true)
        }
      })
    )
  })
})
