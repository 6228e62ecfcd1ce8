import * as Effect from "effect/Effect"
import { describe, expect, test } from "vitest"
import type { GpuError } from "../errors.ts"
import { InstanceRef } from "../model/ref.ts"
import { sqliteLedger } from "../sqlite/index.ts"
import { launchRecord as launch } from "./launch.test-support.ts"
import { memoryLedger } from "./memory.ts"

const run = <A>(effect: Effect.Effect<A, GpuError>): A => Effect.runSync(effect)
const failure = <A>(effect: Effect.Effect<A, GpuError>): GpuError => Effect.runSync(Effect.flip(effect))

const ref = (id: string) => new InstanceRef("vast", "container", id)

describe.each([
  ["memory", memoryLedger],
  ["sqlite", () => sqliteLedger(":memory:")]
] as const)("owners and fences in the %s ledger", (_, make) => {
  test("a refused launch stays refused: its key may have another machine by now", () => {
    const ledger = make()
    run(ledger.openLaunch(launch("a", { key: "k" })))
    run(ledger.settleLaunch("a", { state: "refused", note: "given up" }))
    for (const state of ["created", "absent", "unsettled", "open"] as const) {
      expect(run(ledger.settleLaunch("a", { state, instanceId: "7" })).state).toBe("refused")
    }
    expect(run(ledger.machine(ref("7")))).toBeNull()
    expect(run(ledger.openLaunch(launch("b", { key: "k" }))).marker).toBe("b")
    expect(run(ledger.settleLaunch("a", { state: "refused", instanceId: "7", note: "came late" }))).toMatchObject({
      instanceId: "7",
      note: "came late"
    })
  })

  test("a created launch keeps its machine when a caller names another one", () => {
    const ledger = make()
    run(ledger.openLaunch(launch("a")))
    run(ledger.settleLaunch("a", { state: "created", instanceId: "7" }))
    for (const state of ["created", "refused"] as const) {
      expect(run(ledger.settleLaunch("a", { state, instanceId: "8" }))).toMatchObject({
        state: "created",
        instanceId: "7"
      })
    }
    expect(run(ledger.machine(ref("8")))).toBeNull()
  })

  test("a launch is claimed by its owner once, with the moment, and not after somebody gave it up", () => {
    const ledger = make()
    const own = { owner: "me", key: "k" }
    run(ledger.openLaunch(launch("a", own)))
    expect(run(ledger.claimLaunch("a", 0, 5))).toEqual(launch("a", { ...own, fence: 1, sentAfter: 5 }))
    expect(run(ledger.claimLaunch("a", 0, 6))).toBeNull()
    run(ledger.openLaunch(launch("b", { owner: "me" })))
    expect(run(ledger.settleLaunch("b", { state: "absent", fence: 0 }))).toMatchObject({ fence: 1, owner: "me" })
    for (const fence of [0, 1]) expect(run(ledger.claimLaunch("b", fence, 7))).toBeNull()
    expect(run(ledger.launches()).map(({ sentAfter }) => sentAfter)).toEqual([5, null])
    expect(failure(ledger.claimLaunch("x", 0, 1)).message).toContain("no launch x")
  })

  test("a caller that read an older fence gives nothing up; a machine that was found is written all the same", () => {
    const ledger = make()
    run(ledger.openLaunch(launch("a", { owner: "me" })))
    run(ledger.claimLaunch("a", 0, 5))
    for (const state of ["absent", "refused", "unsettled"] as const) {
      expect(run(ledger.settleLaunch("a", { state, fence: 0 }))).toMatchObject({ state: "open", fence: 1 })
    }
    expect(run(ledger.settleLaunch("a", { state: "created", fence: 0, instanceId: "7" })).state).toBe("created")
  })

  test("the owner says what came of it and owns it no more; somebody else raises the fence and lets him be", () => {
    const ledger = make()
    for (const marker of ["a", "b", "c", "d", "e"]) run(ledger.openLaunch(launch(marker, { owner: "me" })))
    expect(run(ledger.settleLaunch("a", { state: "refused", by: "me" }))).toMatchObject({ owner: null, fence: 0 })
    expect(run(ledger.settleLaunch("b", { state: "refused", by: "you" }))).toMatchObject({ owner: "me", fence: 1 })
    expect(run(ledger.settleLaunch("b", { state: "refused", by: "me" }))).toMatchObject({ owner: null, fence: 1 })
    expect(run(ledger.settleLaunch("c", { state: "unsettled", by: "me" }))).toMatchObject({ owner: "me", fence: 0 })
    // Its machine may still come: its owner must see who gives it up.
    expect(run(ledger.settleLaunch("e", { state: "absent", by: "me" }))).toMatchObject({ owner: "me", fence: 0 })
    expect(run(ledger.settleLaunch("d", { state: "unsettled" }))).toMatchObject({ owner: "me", fence: 0 })
  })
})
