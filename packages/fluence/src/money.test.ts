import { estimate } from "@anygpu/core"
import { describe, expect, it } from "vitest"
import { gpuKinds, simulated } from "./simulated.test-support.ts"

/** Rents from a moment to another one; answers what it was said to cost and what it cost, in micros of USDC. */
const job = async (kind: (typeof gpuKinds)[number] | "cpuVms", start: string, end: string) => {
  const { simulator, providers, run, spec, truth, pass } = simulated({ start })
  const startAt = new Date(start)
  const duration = Date.parse(end) - startAt.getTime()
  const wanted = await spec(kind)
  const { ref } = await run(providers[kind].launch(wanted))
  await pass(Date.parse(end) - simulator.clock.now())
  await run(providers[kind].terminate(ref))
  const { offer } = wanted
  return {
    said: estimate(offer, { duration, startAt })?.total.micros,
    paid: Math.round((truth(ref)?.spent ?? Number.NaN) * 1e6),
    step: (offer.terms?.compute.perStep ?? offer.terms?.compute.perHour)?.micros ?? Number.NaN
  }
}

describe.each(gpuKinds)("hours of the clock (%s)", (kind) => {
  it.each([
    ["15:50", "16:10", 2],
    ["15:00", "15:50", 1],
    ["15:10", "15:40", 1],
    ["15:50", "18:10", 4]
  ])("from %s to %s are %d by the estimate and by the bill", async (start, end, hours) => {
    const { said, paid, step } = await job(kind, `2026-02-07T${start}:00Z`, `2026-02-07T${end}:00Z`)
    expect([said, paid]).toEqual([hours * step, hours * step])
  })
})

describe("days that change at 17:55 UTC", () => {
  it.each([
    ["2026-02-07T17:45:00Z", "2026-02-07T18:05:00Z", 2],
    ["2026-02-07T17:55:00Z", "2026-02-08T17:50:00Z", 1],
    ["2026-02-07T18:00:00Z", "2026-02-08T18:00:00Z", 2],
    ["2026-02-07T23:50:00Z", "2026-02-08T00:10:00Z", 1]
  ])("from %s to %s are so many by the estimate and by the bill: %d", async (start, end, days) => {
    const { said, paid, step } = await job("cpuVms", start, end)
    expect([said, paid]).toEqual([days * step, days * step])
  })
})
