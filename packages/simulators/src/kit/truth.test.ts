import { describe, expect, it } from "vitest"
import { createClock } from "../clock.ts"
import { createFluenceSimulator } from "../fluence/index.ts"
import { createHuddleSimulator } from "../huddle/index.ts"
import { createVastSimulator } from "../vast/index.ts"
import type { Simulator } from "./simulator.ts"

const minutes = (count: number) => count * 60_000

const clouds = {
  vast: () => {
    const simulator = createVastSimulator({ clock: createClock({ mode: "manual" }), rateLimits: false })
    return { simulator, add: () => String(simulator.addMachine({ disk: 20 })), list: "/api/v0/instances/" }
  },
  huddle: () => {
    const simulator = createHuddleSimulator({ clock: createClock({ mode: "manual" }) })
    return { simulator, add: () => simulator.addMachine(), list: "/api/v1/deployments" }
  },
  fluence: () => {
    const simulator = createFluenceSimulator({ clock: createClock({ mode: "manual" }) })
    return { simulator, add: () => simulator.addMachine(), list: "/gpu/instances/" }
  }
}

const send = (
  { apiKey, origin, fetch }: Pick<Simulator, "apiKey" | "origin" | "fetch">,
  method: string,
  path: string
) => fetch(origin + path, { method, headers: { authorization: `Bearer ${apiKey}`, "x-api-key": apiKey } })

describe.each(Object.entries(clouds))("the truth of a simulated %s", (_, create) => {
  it("names every machine, and meters to the micro-unit what the account is charged", async () => {
    const { simulator, add } = create()
    const id = add()
    await simulator.clock.advance(minutes(150))
    const [machine, ...others] = simulator.truth()
    expect(others).toEqual([])
    expect(machine).toMatchObject({ id, isUp: true, isAlive: true, madeAt: Date.UTC(2026, 0, 1) })
    const charged = machine?.lines.filter(({ item }) => item !== "reserve") ?? []
    const micros = charged.reduce((sum, line) => sum + line.micros, 0)
    expect(micros).toBeGreaterThan(0)
    expect(charged.every(({ ms }) => ms === minutes(150))).toBe(true)
    expect(Math.abs(micros - simulator.spent() * 1_000_000)).toBeLessThan(charged.length)
  })

  it("answers a stale read from the world as it was, and says of which moment", async () => {
    const { simulator, add, list } = create()
    const asOf: number[] = []
    const leave = simulator.onRequest((request) => asOf.push(request.asOf))
    const ask = async () => (await send(simulator, "GET", list)).text()
    simulator.fault({ on: { method: "GET", path: list }, do: { kind: "stale", ms: 30_000 } })
    await simulator.clock.advance(minutes(10))
    const id = add()
    const before = simulator.clock.now() - 30_000
    expect(await ask()).not.toContain(id)
    expect(await ask()).toContain(id)
    expect(asOf).toEqual([before, simulator.clock.now()])
    expect(simulator.truth(before)).toEqual([])
    leave()
    await ask()
    expect(asOf).toHaveLength(2)
  })

  it("is stale for reads only, and never shows what was before the fault was armed", async () => {
    const { simulator, add, list } = create()
    const id = add()
    await simulator.clock.advance(minutes(5))
    simulator.fault({ on: {}, times: 2, do: { kind: "stale", ms: minutes(20) } })
    expect(await (await send(simulator, "GET", list)).text()).toContain(id)
    await send(simulator, "DELETE", list)
    expect(simulator.requests().at(-1)?.asOf).toBe(simulator.clock.now())
  })
})

it("loses an answer to a 5xx with the effect, or without it", async () => {
  const simulator = createHuddleSimulator({ clock: createClock({ mode: "manual" }) })
  const id = simulator.addMachine()
  const end = () => send(simulator, "DELETE", `/api/v1/deployments/${id}`)
  for (const effect of [false, true]) simulator.fault({ on: {}, do: { kind: "status", status: 500, effect } })
  expect((await end()).status).toBe(500)
  expect(simulator.machines()[0]?.state).toBe("running")
  expect((await end()).status).toBe(500)
  expect(simulator.machines()[0]?.state).toBe("deleting")
})
