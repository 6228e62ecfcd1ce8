import * as Effect from "effect/Effect"
import { expect, test } from "vitest"
import { Network } from "../errors.ts"
import { offer, tinyCloud } from "./tiny-cloud.test-support.ts"

/** A cloud whose create answers nobody, and whose list then shows these ids under the launch's marker. */
const cloud = (listed: ReadonlyArray<string>) => {
  const gone = new Set<string>()
  const { provider, run } = tinyCloud({
    machines: () => listed.filter((id) => !gone.has(id)).map((id) => ({ id, state: "up" })),
    create: () => Effect.fail(new Network({ message: "the answer was lost", retry: "temporary", sent: "maybe" })),
    destroy: (id) => Effect.sync(() => void gone.add(id))
  })
  return { launch: run(provider.launch({ offer, name: "job" })), gone }
}

test("a machine that comes twice in the list is adopted, and not ended as its own double", async () => {
  const { launch, gone } = cloud(["m1", "m1"])
  expect((await launch).ref.id).toBe("m1")
  expect([...gone]).toEqual([])
})

test("two machines of one launch: one is adopted, the other is ended", async () => {
  const { launch, gone } = cloud(["m1", "m2"])
  expect((await launch).ref.id).toBe("m1")
  expect([...gone]).toEqual(["m2"])
})
