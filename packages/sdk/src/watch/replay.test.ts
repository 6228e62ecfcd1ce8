import { type Instance, isGpuError, Listing } from "@anygpu/core"
import { createClock } from "@anygpu/simulators"
import * as Effect from "effect/Effect"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { Change } from "./change.ts"
import { iterate } from "./iterate.ts"
import { brief, errors, fakeProvider, listing, looksAt, machine, problem, type Step } from "./watch.test-support.ts"
import { watchWith } from "./watch.ts"

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

const face = ({ status, reason, billing, endpoints, pricePerHour: price }: Instance, aspect?: Change["type"]) => {
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
  it("it is the same on a clock, with a consumer that takes its time", async () => {
    const arbitrary = fc.array(fc.tuple(steps, fc.nat(200)), { maxLength: 10 })
    await fc.assert(
      fc.asyncProperty(arbitrary, worlds, fc.nat(45), async (all, last, late) => {
        const clock = createClock()
        const { provider } = fakeProvider((look) => {
          const [step, seconds] = all[look - 1] ?? [listing(last), 0]
          const answer = typeof step === "string" ? Effect.fail(errors[step]) : Effect.succeed(step)
          return Effect.delay(answer, `${seconds} seconds`)
        })
        const changes: Change[] = []
        const abort = new AbortController()
        const watch = async () => {
          for await (const change of iterate(watchWith([provider]), { clock, signal: abort.signal })) {
            changes.push(change)
            await clock.sleep(late * 1_000)
          }
        }
        const watched = watch().catch((error: unknown) => error)
        await clock.sleep(4 * 3_600_000)
        abort.abort()
        const firstWord = all.map(([step]) => step).find((step) => step !== "network" && step !== "fault")
        const isRefusedAtOnce = firstWord === "refused"
        // The caller gets the error as thrown where it began to watch.
        const ended: unknown = await watched
        expect(isGpuError(ended) && String(ended) === String(errors.refused)).toBe(isRefusedAtOnce)
        if (!isRefusedAtOnce) expect(alive(replayed(changes).values())).toEqual(alive(last))
      }),
      { numRuns: 25 }
    )
  })

  it("replaying the changes from the start gives the last known world, and nothing comes twice", () => {
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 12 }), worlds, (before, last) => {
        const end = listing(last)
        const looks = looksAt([...before, end, end, end])
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
        for (const [index, changes] of looksAt(all).entries()) {
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
