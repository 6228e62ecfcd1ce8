import * as Effect from "effect/Effect"
import { afterEach, describe, expect, test } from "vitest"
import type { GpuError } from "../errors.ts"
import { InstanceRef } from "../model/ref.ts"
import { sqliteLedger } from "../sqlite/index.ts"
import { launchRecord as launch } from "./launch.test-support.ts"
import type { Ledger } from "./ledger.ts"
import { memoryLedger } from "./memory.ts"

const run = <A>(effect: Effect.Effect<A, GpuError>): A => Effect.runSync(effect)
const failure = <A>(effect: Effect.Effect<A, GpuError>): GpuError => Effect.runSync(Effect.flip(effect))

const ref = (id: string) => new InstanceRef("vast", "container", id)

const opened: Array<() => void> = []
afterEach(() => {
  for (const close of opened.splice(0)) close()
})

const makers: Record<string, () => Ledger> = {
  memory: memoryLedger,
  sqlite: () => {
    const ledger = sqliteLedger(":memory:")
    opened.push(() => ledger.close())
    return ledger
  }
}

describe.each(Object.entries(makers))("leases in the %s ledger", (_, make) => {
  test("a lease is written with its launch, can be renewed and given up, and outlives what becomes of the launch", () => {
    const ledger = make()
    const leases = () => run(ledger.launches({ leased: true })).map(({ marker, leaseUntil }) => [marker, leaseUntil])
    run(ledger.openLaunch(launch("a", { leaseUntil: 7_200_000, key: "k" })))
    run(ledger.openLaunch(launch("b", { leaseUntil: 5 })))
    expect(run(ledger.openLaunch(launch("c", { leaseUntil: 9, key: "k" }))).leaseUntil).toBe(7_200_000)
    run(ledger.settleLaunch("a", { state: "created", instanceId: "7" }))
    expect(leases()).toEqual([
      ["a", 7_200_000],
      ["b", 5]
    ])
    run(ledger.renewLease("a", 1_800_000_000_000))
    run(ledger.renewLease("b", 0))
    expect(leases()).toEqual([
      ["a", 1_800_000_000_000],
      ["b", 0]
    ])
    run(ledger.renewLease("a", null))
    expect(leases()).toEqual([["b", 0]])
    expect(run(ledger.launches({ leased: false }))).toEqual([
      launch("a", { state: "created", instanceId: "7", key: "k" })
    ])
  })

  test("only a launch that was written can be leased, and only until a moment", () => {
    const ledger = make()
    run(ledger.openLaunch(launch("a", { leaseUntil: 5 })))
    expect(failure(ledger.renewLease("x", 9)).message).toContain("no launch x")
    for (const until of [Number.NaN, Number.POSITIVE_INFINITY, 1.5]) {
      expect(failure(ledger.renewLease("a", until)).message).toContain("give epoch milliseconds")
    }
    expect(run(ledger.launches())[0]?.leaseUntil).toBe(5)
  })

  test("the lease of a machine that ends itself is made shorter and never longer, until it is gone", () => {
    const ledger = make()
    run(ledger.openLaunch(launch("a", { leaseUntil: 7_200_000, spec: { endsItself: true } })))
    run(ledger.settleLaunch("a", { state: "created", instanceId: "7" }))
    for (const until of [7_200_001, null]) {
      const error = failure(ledger.renewLease("a", until))
      expect(error).toMatchObject({ _tag: "Conflict", message: expect.stringContaining("ends itself") })
    }
    run(ledger.renewLease("a", 3_600_000))
    expect(failure(ledger.renewLease("a", 7_200_000))._tag).toBe("Conflict")
    expect(run(ledger.launches())[0]?.leaseUntil).toBe(3_600_000)
    run(ledger.intend(ref("7"), { action: "terminate", at: 1 }))
    run(ledger.gone(ref("7"), 2))
    run(ledger.renewLease("a", null))
    expect(run(ledger.launches())[0]?.leaseUntil).toBeNull()
  })

  test("what is no lease is not renewed, and changes nothing", () => {
    const ledger = make()
    run(ledger.openLaunch(launch("ordinary")))
    run(ledger.openLaunch(launch("kept", { leaseUntil: 5 })))
    run(ledger.renewLease("kept", null))
    const before = run(ledger.launches())
    for (const marker of ["ordinary", "kept"]) {
      for (const until of [9, null]) expect(failure(ledger.renewLease(marker, until))._tag).toBe("Conflict")
    }
    expect(run(ledger.launches())).toEqual(before)
  })

  test("a lease whose machine's end was asked for is neither renewed nor kept; once it is gone it is no lease", () => {
    const ledger = make()
    run(ledger.openLaunch(launch("a", { leaseUntil: 5 })))
    run(ledger.settleLaunch("a", { state: "created", instanceId: "7" }))
    const leased = () => run(ledger.launches({ leased: true })).map(({ leaseUntil }) => leaseUntil)
    // One look did not find it: that is no end.
    run(ledger.gone(ref("7"), 2))
    run(ledger.renewLease("a", 8))
    expect(leased()).toEqual([8])
    run(ledger.openLaunch(launch("b", { leaseUntil: 5 })))
    run(ledger.settleLaunch("b", { state: "created", instanceId: "8" }))
    run(ledger.intend(ref("8"), { action: "terminate", at: 3 }))
    for (const until of [9, null]) expect(failure(ledger.renewLease("b", until))._tag).toBe("Conflict")
    expect(leased()).toEqual([8, 5])
    run(ledger.gone(ref("8"), 4))
    expect(failure(ledger.renewLease("b", 9))._tag).toBe("Conflict")
    run(ledger.renewLease("b", null))
    expect(leased()).toEqual([8])
  })

  test("what was refused is no lease; what was absent stays one when its key is freed", () => {
    const ledger = make()
    run(ledger.openLaunch(launch("refused", { leaseUntil: 5, key: "k" })))
    run(ledger.settleLaunch("refused", { state: "refused", note: "sold out" }))
    run(ledger.openLaunch(launch("late", { leaseUntil: 6, key: "k" })))
    run(ledger.settleLaunch("late", { state: "absent" }))
    for (const note of ["its key is free again", "said twice"]) {
      run(ledger.settleLaunch("late", { state: "refused", note }))
    }
    expect(run(ledger.launches()).map(({ marker, leaseUntil }) => [marker, leaseUntil])).toEqual([
      ["refused", null],
      ["late", 6]
    ])
  })
})
