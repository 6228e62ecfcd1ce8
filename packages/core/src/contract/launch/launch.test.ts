import * as Effect from "effect/Effect"
import { describe, expect, test } from "vitest"
import { Network, NoCapacity, ProviderFault } from "../../errors.ts"
import { type Money, money } from "../../model/money.ts"
import { InstanceRef } from "../../model/ref.ts"
import { offer, tinyCloud } from "../tiny-cloud.test-support.ts"

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

/** A cloud whose machine costs something else than its offer said. */
const cloudOf = (price: Money, priceRoundedTo?: number) => {
  const gone = new Set<string>()
  const tiny = tinyCloud({
    machines: () => (gone.has("m1") ? [] : [{ id: "m1", state: "up" }]),
    destroy: (id) => Effect.sync(() => void gone.add(id)),
    price,
    ...(priceRoundedTo !== undefined && { priceRoundedTo })
  })
  return { ...tiny, gone }
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

describe("a machine that turns out dearer than it may be", () => {
  const launchAt = (perHour: string, priceRoundedTo?: number) => {
    const { provider, run, gone } = cloudOf(money(perHour), priceRoundedTo)
    return run(Effect.result(provider.launch({ offer, name: "job", maxPerHour: money(1) }))).then((result) => ({
      ...{ tag: result._tag === "Failure" ? result.failure._tag : result.success.status, gone: [...gone] }
    }))
  }

  test("is ended, and the launch says that the limit is the caller's own", async () => {
    expect(await launchAt("1.005")).toEqual({ tag: "OutOfFunds", gone: ["m1"] })
  })

  test("is ended also when its cloud shows it late, or cannot be asked at first", async () => {
    for (const reads of ["nothing", "a failure"]) {
      let looks = 0
      const gone = new Set<string>()
      const { provider, run } = tinyCloud({
        machines: () => (gone.has("m1") ? [] : [{ id: "m1", state: "up" }]),
        read: () => {
          looks += 1
          if (looks > 3) return gone.has("m1") ? null : { id: "m1", state: "up" }
          return reads === "nothing" ? null : new ProviderFault({ message: "not now", retry: "temporary" })
        },
        destroy: (id) => Effect.sync(() => void gone.add(id)),
        price: money(2)
      })
      const error = await run(Effect.flip(provider.launch({ offer, name: "job", maxPerHour: money(1) })))
      expect([reads, error._tag, [...gone]]).toEqual([reads, "OutOfFunds", ["m1"]])
    }
  })

  test("that its cloud never shows is not visible yet", async () => {
    const { provider, run } = tinyCloud({ machines: () => [], price: money(2) })
    const launched = await run(provider.launch({ offer, name: "job", maxPerHour: money(1) }))
    expect(launched).toMatchObject({ reason: "not-visible-yet" })
  })

  test("is kept where the difference is the cloud's rounding", async () => {
    expect(await launchAt("1.009999", 10_000)).toEqual({ tag: "running", gone: [] })
    expect(await launchAt("1.01", 10_000)).toEqual({ tag: "OutOfFunds", gone: ["m1"] })
  })
})

describe("a machine that somebody ended before the launch could answer", () => {
  const ended = (more: Partial<Parameters<typeof tinyCloud>[0]> = {}) =>
    tinyCloud({ machines: () => [{ id: "m1", state: "ended" }], price: money(2), ...more })

  test("is reported in the cloud's words, also where its answer was lost, and costs nothing to refuse", async () => {
    const lost = new Network({ message: "reset", retry: "temporary", sent: "maybe" })
    for (const { provider, run } of [ended(), ended({ create: () => Effect.fail(lost) })]) {
      const machine = await run(provider.launch({ offer, name: "job", maxPerHour: money(1) }))
      expect(machine).toMatchObject({ status: "terminated", billing: "none", actions: [], ref: refs[0] })
    }
  })

  test("is not visible yet where no read shows it: that is no word of its end", async () => {
    const { provider, run } = ended({ machines: () => [] })
    expect(await run(provider.launch({ offer, name: "job" }))).toMatchObject({ reason: "not-visible-yet" })
  })
})
