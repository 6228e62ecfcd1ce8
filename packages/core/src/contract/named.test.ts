import * as Effect from "effect/Effect"
import { describe, expect, test } from "vitest"
import { NoCapacity } from "../errors.ts"
import { InstanceRef } from "../model/ref.ts"
import type { LaunchIdentity } from "./definition.ts"
import { offer, type TinyMachine, tinyCloud } from "./tiny-cloud.test-support.ts"

const refTo = (id: string) => new InstanceRef("test", "container", id)
const old: TinyMachine = { id: "old", state: "up", marker: "ag0000000000" }

/** A cloud with machines of before, whose create makes a machine, or none, and names one that a test chooses. */
const misnaming = (named: string, { makes = true, there = [old], refuses = false } = {}) => {
  const machines: TinyMachine[] = [...there]
  const gone = new Set<string>()
  const create = ({ marker }: LaunchIdentity) =>
    Effect.suspend(() => {
      if (makes) machines.push({ id: "new", state: "up", marker })
      const refusal = new NoCapacity({ message: "taken", retry: "permanent", leftovers: [refTo(named)] })
      return refuses ? Effect.fail(refusal) : Effect.succeed(named)
    })
  const world = tinyCloud({
    machines: () => machines.filter(({ id }) => !gone.has(id)),
    create,
    destroy: (id) => Effect.sync(() => void gone.add(id))
  })
  return { ...world, gone, launch: () => world.run(Effect.result(world.provider.launch({ offer, name: "job" }))) }
}

describe("a create that names another machine than the one it made", () => {
  test.each([
    ["one that carries another marker", "old", [old]],
    ["one that carries none", "bare", [old, { id: "bare", state: "up", marker: null } as const]]
  ])("%s: the launch's own is found by its marker", async (_, named, there) => {
    const { launch, ledger, run, gone } = misnaming(named, { there })
    expect(await launch()).toMatchObject({ _tag: "Success", success: { ref: refTo("new") } })
    expect(await run(ledger.launches())).toMatchObject([{ state: "created", instanceId: "new" }])
    expect([...gone]).toEqual([])
  })

  test("one that this ledger launched before, whatever a read says", async () => {
    const machines: TinyMachine[] = []
    const { run, provider, ledger } = tinyCloud({
      machines: () => machines,
      read: () => null,
      create: ({ marker }) =>
        Effect.sync(() => {
          machines.push({ id: `m${machines.length + 1}`, state: "up", marker })
          return "m1"
        })
    })
    const ids = []
    for (const name of ["one", "two"]) ids.push((await run(provider.launch({ offer, name }))).ref.id)
    expect(ids).toEqual(["m1", "m2"])
    expect((await run(ledger.launches())).map(({ instanceId }) => instanceId)).toEqual(["m1", "m2"])
  })

  test("and made none: the other is neither adopted nor ended, and the answer is said to be wrong", async () => {
    const { launch, ledger, run, gone, provider } = misnaming("old", { makes: false })
    await run(provider.list())
    const failed = await launch()
    expect(failed).toMatchObject({ _tag: "Failure", failure: { _tag: "BadResponse" } })
    expect(failed._tag === "Failure" && failed.failure.message).toContain("test/container/old")
    expect(await run(ledger.launches())).toMatchObject([{ state: "absent", instanceId: null }])
    expect([...gone]).toEqual([])
  })

  test("and refused: the other is not ended for it, and what it made is", async () => {
    for (const makes of [true, false]) {
      const { launch, gone } = misnaming("old", { makes, refuses: true })
      expect(await launch()).toMatchObject({ _tag: "Failure", failure: { _tag: "NoCapacity" } })
      expect([...gone]).toEqual(makes ? ["new"] : [])
    }
  })
})
