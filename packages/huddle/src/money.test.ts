import { estimate, money, waitForStatus } from "@anygpu/core"
import fc from "fast-check"
import { describe, expect, it, test } from "vitest"
import { rented } from "./simulated.test-support.ts"

/** A machine whose meter has just begun, and its offer. */
const running = async () => {
  const world = rented()
  const offer = await world.cheapest()
  const { ref } = await world.run(await world.launch())
  await world.pass(15 + 120)
  return { ...world, offer, ref, costs: (seconds: number) => estimate(offer, { duration: seconds * 1000 })?.total }
}

/** What Huddle01 has deducted, rounded up to a whole micro-dollar as estimates are. */
const spent = (dollars: number) => money((Math.ceil(dollars * 1e6 - 1e-4) / 1e6).toFixed(6))

describe("what is deducted is what was estimated", () => {
  test.each([
    ["5 minutes", 300, 600],
    ["10 minutes", 600, 600],
    ["10 minutes and a second", 601, 601],
    ["3 hours", 10_800, 10_800]
  ])("for %s", async (_, seconds, charged) => {
    const { simulator, vms, run, pass, ref, offer, costs } = await running()
    await pass(seconds)
    await run(vms.terminate(ref))
    expect(spent(simulator.spent())).toEqual(costs(seconds))
    expect(simulator.spent()).toBeCloseTo(((offer.pricePerHour?.micros ?? 0) / 1e6 / 3600) * charged, 9)
    await pass(86_400)
    expect(spent(simulator.spent())).toEqual(costs(seconds))
  })

  it("for any time, and the estimate leaves nothing open but traffic", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 40_000 }), async (seconds) => {
        const { simulator, vms, run, pass, ref, costs } = await running()
        await pass(seconds)
        await run(vms.terminate(ref))
        expect(spent(simulator.spent())).toEqual(costs(seconds))
      }),
      { numRuns: 20 }
    )
    const { offer } = await running()
    expect(estimate(offer, { duration: "1 hour", egressGiB: 0, ingressGiB: 0 })).toMatchObject({
      exact: true,
      upfront: money(20)
    })
  })
})

test("credit is deducted every ten minutes and at no other moment", async () => {
  const { simulator, vms, run, pass, costs } = await running()
  const all = money(1000).micros
  for (let minute = 0; minute < 180; minute++) {
    const tens = Math.floor(minute / 10) * 600
    expect(spent(simulator.spent()), `minute ${minute}`).toEqual(tens === 0 ? money(0) : costs(tens))
    const { available } = await run(vms.balance())
    const left = all - (tens === 0 ? 0 : (costs(tens)?.micros ?? 0))
    expect(Math.abs(available.micros - left), `the balance in minute ${minute}`).toBeLessThanOrEqual(5001)
    await pass(60)
  }
})

test("a machine that was stopped is billed for the time that it ran", async () => {
  const { simulator, vms, run, pass, ref, costs } = await running()
  await pass(1000)
  await run(vms.stop(ref))
  await run(waitForStatus(vms, ref, "stopped"))
  await pass(50_000)
  await run(vms.terminate(ref))
  // It reads running, and is on the meter, until the stop is through: 20 seconds here.
  expect(spent(simulator.spent())).toEqual(costs(1020))
})
