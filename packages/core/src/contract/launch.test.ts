import * as Effect from "effect/Effect"
import { describe, expect, test } from "vitest"
import { NoCapacity, ProviderFault } from "../errors.ts"
import { InstanceRef } from "../model/ref.ts"
import { offer, tinyCloud } from "./tiny-cloud.test-support.ts"

const refs = ["m1", "m2", "m3"].map((id) => new InstanceRef("test", "container", id))
const refusal = new NoCapacity({ message: "refused", retry: "permanent", leftovers: refs })

/** A cloud whose create is refused and made three machines all the same, some of which cannot be ended. */
const cloud = (stuck: ReadonlyArray<string>) => {
  const gone = new Set<string>()
  const tiny = tinyCloud({
    machines: () => refs.filter(({ id }) => !gone.has(id)).map(({ id }) => ({ id, state: "up" })),
    create: () => Effect.fail(refusal),
    destroy: (id) =>
      stuck.includes(id)
        ? Effect.fail(new ProviderFault({ message: "not today", retry: "permanent" }))
        : Effect.sync(() => void gone.add(id))
  })
  return { ...tiny, gone, launch: tiny.run(Effect.flip(tiny.provider.launch({ offer, name: "job" }))) }
}

describe("a refusal that made machines all the same", () => {
  test("ends every one of them", async () => {
    const { launch, gone, ledger, run } = cloud([])
    expect(await launch).toMatchObject({ _tag: "NoCapacity", leftovers: [] })
    expect([...gone]).toEqual(["m1", "m2", "m3"])
    expect(await run(ledger.launches())).toMatchObject([{ state: "refused", instanceId: "m1" }])
  })

  test("names those that could not be ended", async () => {
    const { launch, gone } = cloud(["m1", "m3"])
    const error = await launch
    expect(error).toMatchObject({ leftovers: [refs[0], refs[2]] })
    expect(error.message).toContain("2 machines (test/container/m1, test/container/m3)")
    expect([...gone]).toEqual(["m2"])
  })
})
