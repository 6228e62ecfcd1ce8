import { expect, it } from "vitest"
import { createClock } from "../clock.ts"
import { createVastSimulator } from "../index.ts"
import { createCaller, createClient } from "../testing/client.ts"

it("continues a stored world: machines, money, market, keys and time", async () => {
  const { simulator, rent, call } = createClient({ seed: 42, offers: 30, credit: 7 })
  const [id, bid] = [await rent({ label: "10n" }), simulator.addMachine({ bid: 1 })]
  simulator.preempt(bid)
  await simulator.clock.sleep(20_000)
  const stored = simulator.snapshot()
  expect(stored.length).toBeLessThan(20_000)
  const again = createVastSimulator({ snapshot: stored, rateLimits: false })
  expect(again.clock.now()).toBe(simulator.clock.now())
  const callAgain = createCaller(again)
  const both = async (method: string, path: string, body?: unknown) =>
    expect(await callAgain(method, path, body)).toEqual(await call(method, path, body))
  for (let turn = 0; turn < 2; turn++) {
    await both("GET", "/api/v1/instances/")
    await both("POST", "/api/v0/bundles/", {})
    await both("GET", "/api/v0/users/current/")
    await both("PUT", `/api/v0/instances/request_logs/${id}/`, {})
    await both("PUT", `/api/v0/asks/${(await call("POST", "/api/v0/bundles/", {})).body.offers[0].id}/`, { image: "a" })
    for (const clock of [simulator.clock, again.clock]) await clock.sleep(600_000)
    expect(again.balance()).toBe(simulator.balance())
    expect(again.machines()).toEqual(simulator.machines())
  }
  expect(again.snapshot()).toBe(simulator.snapshot())
})

it("doesn't run backwards on a clock that's behind", async () => {
  const { simulator } = createClient()
  const id = simulator.addMachine()
  await simulator.clock.sleep(3_600_000)
  const spent = simulator.spent()
  const clock = createClock({ mode: "manual", start: new Date("2020-01-01") })
  const again = createVastSimulator({ snapshot: simulator.snapshot(), clock })
  expect(again.spent()).toBe(spent)
  expect(again.machines()).toMatchObject([{ id, actualStatus: "running" }])
})

it("refuses a snapshot of another version", () => {
  expect(() => createVastSimulator({ snapshot: '{"version":1}' })).toThrow("Unknown snapshot version 1")
})
