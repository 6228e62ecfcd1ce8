import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { launchRecord, leaseWorld } from "../testing/leases.test-support.ts"

const down = { kind: "status", status: 503, text: "down" } as const
const nothing = { ended: [], failed: [], underWay: [], kept: [], problems: [] }

describe("a sweep", () => {
  it("ends a machine that came when its launch had been given up, and nothing else of that name", async () => {
    const { ledger, clock, sweep, audit, alive, simulator } = leaseWorld()
    const frozen = { provider: "vast", state: "refused", owner: "frozen", leaseUntil: null, at: clock.now() } as const
    await Effect.runPromise(ledger.openLaunch(launchRecord("agaaaaaaaaaa", { ...frozen, instanceId: null })))
    expect(await sweep()).toEqual(nothing)
    const id = simulator.addMachine({ label: "job-agaaaaaaaaaa" })
    const other = simulator.addMachine({ label: "job-agbbbbbbbbbb" })
    expect((await audit()).doubles).toMatchObject([
      { machine: { ref: { id: String(id) } }, launch: { state: "refused" } }
    ])
    expect(await sweep()).toMatchObject({ ended: [{ ref: { id: String(id) } }], failed: [], kept: [] })
    expect(alive().map((machine) => machine.id)).toEqual([other])
    expect(await sweep()).toEqual(nothing)
    expect((await audit()).doubles).toEqual([])
  })

  it("names a machine that came late and could not be ended", async () => {
    const { ledger, clock, sweep, simulator } = leaseWorld()
    const frozen = { provider: "vast", state: "refused", owner: "frozen", leaseUntil: null, at: clock.now() } as const
    await Effect.runPromise(ledger.openLaunch(launchRecord("agaaaaaaaaaa", { ...frozen, instanceId: null })))
    const id = String(simulator.addMachine({ label: "job-agaaaaaaaaaa" }))
    const disarm = simulator.fault({ on: { method: "DELETE" }, times: 1_000, do: down })
    expect(await sweep()).toMatchObject({ ended: [], failed: [{ ref: { id }, marker: "agaaaaaaaaaa" }] })
    disarm()
    expect(await sweep()).toMatchObject({ ended: [{ ref: { id } }], failed: [] })
  })
})
