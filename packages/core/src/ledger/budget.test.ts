import * as Effect from "effect/Effect"
import { describe, expect, test } from "vitest"
import type { GpuError } from "../errors.ts"
import { money } from "../model/money.ts"
import { InstanceRef } from "../model/ref.ts"
import { sqliteLedger } from "../sqlite/index.ts"
import type { Budget, Cost, Reservation } from "./budget.ts"
import { launchRecord } from "./launch.test-support.ts"
import { memoryLedger } from "./memory.ts"

const run = <A>(effect: Effect.Effect<A, GpuError>): A => Effect.runSync(effect)
const refused = <A>(effect: Effect.Effect<A, GpuError>): GpuError => Effect.runSync(Effect.flip(effect))

const costing = (perHour: string | null, total: string | null): Cost => ({
  perHour: perHour === null ? null : money(perHour),
  total: total === null ? null : money(total)
})
const held = (cost: Cost, limits: Omit<Budget, "name">, name = "team"): Reservation => ({
  budget: { name, ...limits },
  cost
})
const ref = new InstanceRef("vast", "container", "7")

describe.each([
  ["memory", memoryLedger],
  ["SQLite", () => sqliteLedger(":memory:")]
])("a budget in %s", (_, open) => {
  const total = { total: money(10) }
  const perHour = { perHour: money(5) }

  test("is kept over all launches under its name", () => {
    const ledger = open()
    run(ledger.openLaunch(launchRecord("a"), held(costing("2", "6"), total)))
    const error = refused(ledger.openLaunch(launchRecord("b"), held(costing("2", "6"), total)))
    expect(error).toMatchObject({ _tag: "OutOfFunds", ownLimit: true, needed: money(12), available: money(10) })
    expect(error.message).toMatch(/budget "team" to \$12\.00 in total.*\$6\.00 is held or spent already/)
    expect(run(ledger.launches())).toHaveLength(1)
    run(ledger.openLaunch(launchRecord("b"), held(costing("2", "4"), total)))
    run(ledger.openLaunch(launchRecord("c"), held(costing("2", "10"), total, "another")))
    expect(run(ledger.commitments("team")).map(({ marker }) => marker)).toEqual(["a", "b"])
  })

  test("counts both dollars one for one", () => {
    const ledger = open()
    const inCoins = { perHour: money(1, "USDC"), total: money(6, "USDC") }
    run(ledger.openLaunch(launchRecord("a"), held(inCoins, total)))
    expect(refused(ledger.openLaunch(launchRecord("b"), held(costing("1", "5"), total)))).toMatchObject({
      needed: money(11)
    })
  })

  test("holds nothing for what made nothing, and holds it again when something is found after all", () => {
    const ledger = open()
    for (const state of ["refused", "absent"] as const) {
      run(ledger.openLaunch(launchRecord(state), held(costing("3", "9"), total)))
      run(ledger.settleLaunch(state, { state }))
      expect(run(ledger.commitments("team"))).toEqual([])
    }
    run(ledger.settleLaunch("absent", { state: "created", instanceId: "7" }))
    expect(run(ledger.commitments("team"))).toMatchObject([{ marker: "absent", ref }])
    expect(refused(ledger.openLaunch(launchRecord("b"), held(costing("1", "2"), total)))._tag).toBe("OutOfFunds")
  })

  test.each(["open", "unsettled"] as const)("holds what a launch may cost that is %s", (state) => {
    const ledger = open()
    run(ledger.openLaunch(launchRecord("a", { state }), held(costing("3", "9"), perHour)))
    expect(refused(ledger.openLaunch(launchRecord("b"), held(costing("3", "9"), perHour)))).toMatchObject({
      needed: money(6)
    })
  })

  test("gives back what is paid per hour once a machine is verified gone, and never what is paid in total", () => {
    const ledger = open()
    const both = { ...total, ...perHour }
    run(ledger.openLaunch(launchRecord("a"), held(costing("4", "8"), both)))
    run(ledger.settleLaunch("a", { state: "created", instanceId: "7" }))
    expect(refused(ledger.openLaunch(launchRecord("b"), held(costing("2", "2"), both)))).toMatchObject({
      needed: money(6)
    })
    run(ledger.gone(ref, 5_000))
    run(ledger.openLaunch(launchRecord("b"), held(costing("5", "2"), both)))
    expect(refused(ledger.openLaunch(launchRecord("c"), held(costing("0", "1"), both)))).toMatchObject({
      needed: money(11)
    })
  })

  test("keeps the total of a machine that was ended because its launch came to nothing", () => {
    const ledger = open()
    run(ledger.openLaunch(launchRecord("a"), held(costing("4", "8"), total)))
    run(ledger.settleLaunch("a", { state: "created", instanceId: "7" }))
    run(ledger.gone(ref, 5_000))
    run(ledger.settleLaunch("a", { state: "refused", instanceId: "7" }))
    expect(run(ledger.commitments("team"))).toMatchObject([{ cost: { perHour: money(0), total: money(8) } }])
  })

  test("that is passed by what a launch turned out to cost says so, and holds that", () => {
    const ledger = open()
    run(ledger.openLaunch(launchRecord("a"), held(costing("1", "3"), total)))
    run(ledger.openLaunch(launchRecord("b"), held(costing("1", "3"), total)))
    expect(run(ledger.recommit("a", held(costing("2", "6"), total)))).toBeNull()
    expect(run(ledger.recommit("b", held(costing("3", "9"), total)))).toMatchObject({ needed: money(15) })
    expect(run(ledger.commitments("team")).map(({ cost }) => cost.total)).toEqual([money(6), money(9)])
    expect(run(ledger.recommit("b", held(costing("3", "1"), total)))).toBeNull()
    expect(run(ledger.recommit("nobody", held(costing("9", "99"), total)))).toBeNull()
    expect(run(ledger.commitments("team"))).toHaveLength(2)
  })

  test("takes nothing whose cost is not known, nor anything beside it", () => {
    const ledger = open()
    expect(refused(ledger.openLaunch(launchRecord("a"), held(costing("1", null), total))).message).toMatch(
      /total limit of the budget "team" cannot be kept: what this launch costs in total is not known/
    )
    run(ledger.openLaunch(launchRecord("a"), held(costing("1", null), perHour)))
    run(ledger.settleLaunch("a", { state: "created", instanceId: "7" }))
    expect(refused(ledger.openLaunch(launchRecord("b"), held(costing("1", "1"), total))).message).toContain(
      "what vast/container/7 costs in total is not known, end it first"
    )
    run(ledger.gone(ref, 1_000 + 90 * 60_000))
    run(ledger.openLaunch(launchRecord("b"), held(costing("1", "1"), total)))
    // An hour and a half by the whole hour.
    expect(run(ledger.commitments("team"))[0]?.cost.total).toEqual(money(2))
  })

  test("reserves nothing for a key whose launch is there, and again for one that is free", () => {
    const ledger = open()
    run(ledger.openLaunch(launchRecord("a", { key: "k" }), held(costing("2", "6"), total)))
    expect(run(ledger.openLaunch(launchRecord("b", { key: "k" }), held(costing("2", "6"), total))).marker).toBe("a")
    run(ledger.settleLaunch("a", { state: "refused" }))
    expect(refused(ledger.openLaunch(launchRecord("b", { key: "k" }), held(costing("2", "16"), total)))._tag).toBe(
      "OutOfFunds"
    )
    expect(run(ledger.launches({ key: "k" }))).toMatchObject([{ marker: "a" }])
    expect(run(ledger.openLaunch(launchRecord("b", { key: "k" }), held(costing("2", "6"), total))).marker).toBe("b")
    expect(run(ledger.commitments("team"))).toMatchObject([{ marker: "b" }])
  })

  test("forgets failures that count for nothing any more, and the oldest of very many", () => {
    const ledger = open()
    run(ledger.failed("old", 0))
    run(ledger.failed("bad", 10 * 3_600_000))
    run(ledger.failed("bad", 10 * 3_600_000 + 30 * 60_000))
    expect(run(ledger.failures())).toEqual([{ host: "bad", count: 1.5, at: 10 * 3_600_000 + 30 * 60_000 }])
    for (let index = 0; index < 1_100; index++) run(ledger.failed(`h${index}`, 11 * 3_600_000 + index))
    expect(run(ledger.failures())).toHaveLength(1_000)
    expect(run(ledger.failures()).at(-1)?.host).toBe("h1099")
  })
})
