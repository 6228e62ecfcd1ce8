import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { fromSnapshot } from "../kit/snapshot.ts"
import { createHuddleClient, exactly } from "../testing/huddle.ts"
import { money, toCents } from "./money.ts"
import type { WorldState } from "./world.ts"

const boot = 135_000
const perHour = 0.965
const costOf = (seconds: number) => (perHour * Math.max(600, seconds)) / 3600

describe("the meter", () => {
  it("deducts every ten minutes, and the rest at the end, to the second", async () => {
    const { simulator, deploy, call, machine, sleep } = createHuddleClient({ credit: 50 })
    const { id } = (await deploy()).body.data
    await sleep(boot + 599_999)
    expect([simulator.balance(), machine(id)?.metered]).toEqual([50, true])
    await sleep(1)
    expect(simulator.balance()).toBeCloseTo(50 - costOf(600), 9)
    await sleep(599_999)
    expect(simulator.balance()).toBeCloseTo(50 - costOf(600), 9)
    expect(machine(id)?.accrued).toBeCloseTo(costOf(1199) - costOf(600), 9)
    await call("DELETE", `/deployments/${id}`)
    expect(simulator.spent()).toBeCloseTo(costOf(1199), 9)
    await sleep(86_400_000)
    expect(simulator.spent()).toBeCloseTo(costOf(1199), 9)
    expect(machine(id)).toMatchObject({ accrued: 0, alive: false, metered: false })
  })

  it("charges ten minutes at least, even for a deployment that never ran", async () => {
    const { simulator, deploy, call, sleep } = createHuddleClient({ credit: 50 })
    const first = (await deploy()).body.data.id
    await sleep(boot + 3000)
    await call("DELETE", `/deployments/${first}`)
    expect(simulator.spent()).toBeCloseTo(costOf(0), 9)
    const second = (await deploy()).body.data.id
    await call("DELETE", `/deployments/${second}`)
    expect(simulator.spent()).toBeCloseTo(2 * costOf(0), 9)
  })

  it("charges nothing for what never got hardware, or broke before it ran", async () => {
    const { simulator, deploy, call, sleep } = createHuddleClient()
    simulator.loseCapacityOnDeploy()
    const lost = (await deploy()).body.data.id
    const { id } = (await deploy({ cluster_type: "1H100.80S.30V" })).body.data
    simulator.failMachine(id)
    await sleep(3_600_000)
    simulator.deleteOutside(lost)
    await call("DELETE", `/deployments/${id}`)
    await sleep(3_600_000)
    expect(simulator.spent()).toBe(0)
  })

  it("stands still while offline, and the minimum is of the whole deployment", async () => {
    const { simulator, deploy, call, sleep } = createHuddleClient()
    const { id } = (await deploy()).body.data
    await sleep(boot + 100_000)
    simulator.stopOutside(id)
    expect(simulator.spent()).toBeCloseTo(costOf(100), 9)
    await sleep(7_200_000)
    await call("POST", `/deployments/${id}/actions`, { action: "start" })
    await sleep(60_000 + 100_000)
    simulator.stopOutside(id)
    expect(simulator.spent()).toBeCloseTo(costOf(200), 9)
    await call("POST", `/deployments/${id}/actions`, { action: "start" })
    await sleep(60_000 + 500_000)
    await call("DELETE", `/deployments/${id}`)
    expect(simulator.spent()).toBeCloseTo(costOf(700), 9)
  })

  it("can begin at the deploy", async () => {
    const { simulator, deploy, machine, sleep } = createHuddleClient({ choices: { billFrom: "deploy" } })
    const { id } = (await deploy()).body.data
    expect(machine(id)).toMatchObject({ running: false, metered: true })
    await sleep(900_000)
    simulator.deleteOutside(id)
    expect(simulator.spent()).toBeCloseTo(costOf(900), 9)
  })

  it.each([
    ["offline", "offline"],
    ["deleted", "deleting"],
    ["nothing", "running"]
  ] as const)("without credit: %s", async (whenBroke, state) => {
    const { simulator, machine, sleep } = createHuddleClient({ credit: 0.2, choices: { whenBroke } })
    const id = simulator.addMachine()
    await sleep(600_000)
    expect(machine(id)?.state).toBe("running")
    await sleep(600_000)
    expect(machine(id)?.state).toBe(state)
    expect(simulator.balance()).toBeLessThan(0)
  })

  it("loses no micro-dollar, whatever happens when", () => {
    const steps = fc.array(
      fc.tuple(fc.constantFrom("stop", "start", "fail", "delete", "add"), fc.integer({ min: 1, max: 5_000_000 })),
      { maxLength: 12 }
    )
    return fc.assert(
      fc.asyncProperty(steps, async (story) => {
        const { simulator, call, sleep } = createHuddleClient({ credit: 1000, timeline: { ...exactly, jitter: 0.5 } })
        const act = async (id: string, what: string) => {
          if (what === "fail") simulator.failMachine(id)
          else if (what === "delete") await call("DELETE", `/deployments/${id}`)
          else await call("POST", `/deployments/${id}/actions`, { action: what })
        }
        for (const [what, ms] of story) {
          const alive = simulator.machines().findLast((one) => one.alive)
          if (what === "add" || alive === undefined) simulator.addMachine()
          else await act(alive.id, what)
          await sleep(ms)
          const { credit, deployments } = fromSnapshot(simulator.snapshot()) as Pick<
            WorldState,
            "credit" | "deployments"
          >
          expect(deployments.reduce((sum, { charged }) => sum + charged, credit)).toBe(money.toUnits(1000))
          for (const { accrued, metered } of simulator.machines()) {
            expect(accrued).toBeGreaterThanOrEqual(0)
            if (!metered) expect(accrued).toBe(0)
          }
        }
      }),
      { numRuns: 40 }
    )
  })
})

describe("amounts", () => {
  it("are exact to the micro-dollar", () => {
    fc.assert(
      fc.property(fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }), (micros) => {
        expect(money.toDollars(money.toUnits(micros / 1e6))).toBe(micros / 1e6)
      })
    )
  })

  it("show in cents, rounded as in the documented example", () => {
    expect([toCents(money.toUnits(49.715)), toCents(money.toUnits(49.43)), toCents(money.toUnits(-0.004))]).toEqual([
      4972, 4943, -0
    ])
  })
})
