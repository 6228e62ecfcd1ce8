import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { leaseWorld } from "../testing/leases.test-support.ts"

const caught = (error: unknown) => error
const down = { kind: "status", status: 500, text: "down" } as const
const destroy = { method: "DELETE" }
const hour = 3_600_000

describe("an end that fails", () => {
  it("when the block is left is said, names the machine, and is left to a sweep", async () => {
    const { during, lease, spec, alive, simulator, clock, sweep } = leaseWorld()
    const machine = await during(lease(await spec(), { ttl: "2 hours" }))
    const disarm = simulator.fault({ on: destroy, times: 1_000, do: down })
    const error = await during(machine[Symbol.asyncDispose]().catch(caught))
    expect(error).toMatchObject({ _tag: "ProviderFault", leftovers: [machine.ref] })
    expect(alive()).toHaveLength(1)
    expect(await sweep()).toMatchObject({ ended: [], failed: [], kept: [{ ref: machine.ref }] })
    await clock.advance(2 * hour)
    expect(alive()).toHaveLength(1)
    expect(await sweep()).toMatchObject({
      ended: [],
      failed: [{ ref: machine.ref, error: { leftovers: [machine.ref] } }]
    })
    disarm()
    expect(await sweep()).toMatchObject({ ended: [{ ref: machine.ref }], failed: [] })
    expect(alive()).toHaveLength(0)
  })

  it("when its time has run out is tried again until it succeeds", async () => {
    const { during, lease, spec, alive, simulator, clock, ledger } = leaseWorld()
    const machine = await during(lease(await spec(), { ttl: "1 hour" }))
    const disarm = simulator.fault({ on: destroy, times: 1_000, do: down })
    await clock.advance(1.5 * hour)
    expect(alive()).toHaveLength(1)
    expect(await Effect.runPromise(ledger.launches({ leased: true }))).toHaveLength(1)
    disarm()
    await clock.advance(5 * 60_000)
    expect(alive()).toHaveLength(0)
    await during(machine[Symbol.asyncDispose]())
    expect(await Effect.runPromise(ledger.launches({ leased: true }))).toEqual([])
  })

  it("in a scope of Effects is a defect that is the error itself", async () => {
    const world = leaseWorld()
    const { spec, simulator, during, run, effects } = world
    const good = await spec()
    const program = Effect.scoped(
      Effect.tap(effects.lease(good, { ttl: "2 hours" }), () =>
        Effect.sync(() => simulator.fault({ on: destroy, times: 1_000, do: down }))
      )
    )
    const error = await during(run(program, undefined).catch(caught))
    expect(error).toMatchObject({ _tag: "ProviderFault", leftovers: [{ provider: "vast" }] })
  })
})
