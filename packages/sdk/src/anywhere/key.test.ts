import { ProviderFault } from "@anygpu/core"
import { describe, expect, test } from "vitest"
import { errorOf, fates, request, setUp, shown, two } from "./anywhere.test-support.ts"

describe("the same key again", () => {
  test("answers the machine of the first launch, also to a new client on the same ledger", async () => {
    const { gpu, client, machines } = setUp([fates("boots", "boots")])
    const first = await gpu.launch({ ...request, key: "nightly" })
    const second = await client().launch({ ...request, key: "nightly" })
    expect([String(second.instance.ref), machines.length]).toEqual([String(first.instance.ref), 1])
  })

  test("is free for the next offer once a machine was ended", async () => {
    const { gpu, alive } = setUp([fates("breaks", "boots")])
    const { instance } = await gpu.launch({ ...request, key: "nightly" })
    expect(alive().map(({ id }) => id)).toEqual([instance.ref.id])
  })

  test("is free for another cloud once its machine is proven absent", async () => {
    const { gpu, alive, creates } = setUp(two({ stands: [{ id: "a", perHour: "1", fate: "answer-lost-unmade" }] }))
    const { instance, trail } = await gpu.launch({ ...request, key: "nightly" })
    expect(shown(trail)).toEqual(["a unreachable", "b ready"])
    expect(creates).toEqual(["acme/a", "other/b"])
    expect(alive().map(({ id }) => id)).toEqual([instance.ref.id])
  })

  test("adopts the machine of a launch that was left open, once it can be looked for", async () => {
    const findFails = new ProviderFault({ message: "no lists today", retry: "temporary" })
    const script = { ...fates("answer-lost", "boots"), findFails }
    const { gpu, client, machines } = setUp([script])
    expect(await errorOf(gpu.launch({ ...request, key: "nightly" }))).toMatchObject({ _tag: "LaunchUnsettled" })
    const still = await errorOf(client().launch({ ...request, key: "nightly" }))
    expect(still).toMatchObject({ _tag: "LaunchUnsettled", message: expect.stringContaining("call recover() later") })
    Object.assign(script, { findFails: undefined })
    const { instance } = await client().launch({ ...request, key: "nightly" })
    expect(machines.map(({ id }) => id)).toEqual([instance.ref.id])
  })

  test("never pays twice: once its machine has ended it is a Conflict", async () => {
    const { gpu, alive, creates } = setUp(two())
    const { instance } = await gpu.launch({ ...request, key: "nightly" })
    await gpu.terminate(instance.ref)
    expect(await errorOf(gpu.launch({ ...request, key: "nightly" }))).toMatchObject({ _tag: "Conflict" })
    expect([creates, alive()]).toEqual([["acme/a"], []])
  })

  test("is a Conflict for a launch of another name", async () => {
    const { gpu, creates } = setUp(two())
    await gpu.launch({ ...request, key: "nightly" })
    const error = await errorOf(gpu.launch({ ...request, name: "evaluate", key: "nightly" }))
    expect(error).toMatchObject({ _tag: "Conflict", message: expect.stringContaining('"train", not "evaluate"') })
    expect(creates).toEqual(["acme/a"])
  })

  test.each([0, 10, 1000, 1500, 2500, 61_000, 70_000])(
    "two clients on one ledger, the second %i ms later: one machine, and both know it",
    async (later) => {
      const { clock, client, alive, creates } = setUp([{ ...fates("breaks", "boots"), createMs: 1000, latencyMs: 100 }])
      const [first, second] = await Promise.allSettled([
        client().launch({ ...request, key: "nightly" }),
        clock.sleep(later).then(() => client().launch({ ...request, key: "nightly" }))
      ])
      expect(creates).toEqual(["acme/o1", "acme/o2"])
      const [machine] = alive()
      expect(alive()).toHaveLength(1)
      expect(first).toMatchObject({ value: { instance: { ref: { id: machine?.id } } } })
      expect(second).toMatchObject({ value: { instance: { ref: { id: machine?.id } } } })
    }
  )
})
