import { type Ledger, memoryLedger, money } from "@anygpu/core"
import * as Effect from "effect/Effect"
import { describe, expect, test } from "vitest"
import { createGpu } from "../client/create-gpu.ts"
import { type CloudScript, market } from "../testing/market.ts"
import { fates, request } from "./placement.test-support.ts"

/** Two clients on one ledger, of which the first is frozen right after it wrote a launch. */
const frozenOnce = (script: CloudScript) => {
  const { clouds, clock, ...world } = market(script)
  const ledger = memoryLedger()
  const thawed = Promise.withResolvers<void>()
  const reached = Promise.withResolvers<void>()
  const freeze = Effect.promise(() => {
    reached.resolve()
    return thawed.promise
  })
  const openLaunch: Ledger["openLaunch"] = (launch) => Effect.tap(ledger.openLaunch(launch), () => freeze)
  const frozen = createGpu({ clouds, clock, ledger: { ...ledger, openLaunch } })
  const awake = createGpu({ clouds, clock, ledger })
  return { ...world, frozen, awake, reached: reached.promise, thaw: thawed.resolve }
}

describe("a client that is frozen right after it wrote its launch", () => {
  test("sends nothing once another one has launched under its key, and answers that machine", async () => {
    const { frozen, awake, reached, thaw, alive, creates } = frozenOnce(fates("boots", "boots"))
    const first = frozen.launch({ ...request, key: "nightly" })
    await reached
    const { instance } = await awake.launch({ ...request, key: "nightly" })
    thaw()
    expect(String((await first).instance.ref)).toBe(String(instance.ref))
    expect(alive().map(({ id }) => id)).toEqual([instance.ref.id])
    expect(creates).toHaveLength(1)
  })

  test("sends nothing either where the other one needed several offers", async () => {
    const { frozen, awake, reached, thaw, alive, creates } = frozenOnce(fates("breaks", "no-capacity", "boots"))
    const first = frozen.launch({ ...request, key: "nightly" })
    await reached
    const { instance } = await awake.launch({ ...request, key: "nightly" })
    thaw()
    expect(String((await first).instance.ref)).toBe(String(instance.ref))
    expect(alive().map(({ id }) => id)).toEqual([instance.ref.id])
    expect(creates).toEqual(["acme/o1", "acme/o2", "acme/o3"])
  })
})

describe("a client that is frozen before it writes its launch", () => {
  test("counts what its machine costs from the moment at which its request left", async () => {
    const { clouds, clock } = market(fates("breaks", "boots"))
    const ledger = memoryLedger()
    let isFirst = true
    const openLaunch: Ledger["openLaunch"] = (launch, reservation) =>
      Effect.suspend(() => {
        const nap = isFirst ? 7_200_000 : 0
        isFirst = false
        return Effect.andThen(
          Effect.promise(() => clock.sleep(nap)),
          ledger.openLaunch(launch, reservation)
        )
      })
    const gpu = createGpu({ clouds, clock, ledger: { ...ledger, openLaunch } })
    const { trail } = await gpu.launch({ ...request, limits: { maxTotal: money(7) } })
    expect(trail.map(({ outcome }) => outcome)).toEqual(["not-ready", "ready"])
    expect(trail[0]?.spent?.micros).toBeLessThan(money(1).micros / 2)
  })
})
