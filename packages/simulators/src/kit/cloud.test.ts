import { setupServer } from "msw/node"
import { describe, expect, it } from "vitest"
import { createClock } from "../clock.ts"
import { handlers } from "../msw.ts"
import { createTinySimulator } from "../testing/tiny.ts"

const minute = 60_000

const createTiny = (options: Parameters<typeof createTinySimulator>[0] = {}) => {
  const simulator = createTinySimulator({ clock: createClock({ mode: "manual" }), ...options })
  const call = async (method: string, path: string, body?: unknown) => {
    const response = await simulator.fetch(simulator.origin + path, {
      method,
      headers: { authorization: `Bearer ${simulator.apiKey}` },
      ...(body !== undefined && { body: JSON.stringify(body) })
    })
    const text = await response.text()
    return { status: response.status, body: text === "" ? undefined : JSON.parse(text) }
  }
  return { simulator, call, wait: (minutes: number) => simulator.clock.advance(minutes * minute) }
}

describe("a cloud of the kit", () => {
  it("answers its routes, lets its key in alone, and says in its own words what is not there", async () => {
    const { simulator, call } = createTiny()
    expect((await call("POST", "/boxes", { name: "a" })).body).toMatchObject({ name: "a", state: "booting" })
    expect((await call("GET", "/boxes")).body.boxes).toHaveLength(1)
    expect(await call("DELETE", "/boxes/none")).toEqual({ status: 404, body: { error: "no such box" } })
    expect([(await call("PUT", "/boxes")).status, (await call("GET", "/")).status]).toEqual([405, 404])
    expect((await simulator.fetch(`${simulator.origin}/boxes`)).status).toBe(401)
    expect(simulator.requests().map(({ authorized }) => authorized)).toEqual([true, true, true, true, true, false])
  })

  it("takes its steps and charges by the millisecond, however rarely somebody looks", async () => {
    const looked = createTiny()
    const unseen = createTiny()
    for (const { simulator } of [looked, unseen]) simulator.addMachine("a")
    for (let minutes = 0; minutes < 61; minutes++) {
      await looked.wait(1)
      looked.simulator.machines()
    }
    await unseen.wait(61)
    for (const { simulator } of [looked, unseen]) {
      expect(simulator.machines()).toMatchObject([{ state: "up", spent: 3.6 }])
      expect([simulator.balance(), simulator.spent()]).toEqual([6.4, 3.6])
      expect(simulator.truth()[0]?.lines[0]).toEqual({ item: "compute", micros: 3_600_000, ms: 60 * minute })
    }
  })

  it("does what it does without credit, at the moment when that runs out, and once", async () => {
    const { simulator, wait } = createTiny({ credit: 1.8 })
    simulator.addMachine("a")
    await wait(31)
    expect(simulator.machines()).toMatchObject([{ state: "gone" }])
    await wait(600)
    expect([simulator.balance(), simulator.spent()]).toEqual([0, 1.8])
    simulator.addCredit(5)
    simulator.addMachine("b")
    await wait(2)
    expect(simulator.machines()[1]).toMatchObject({ state: "up", spent: 0.06 })
  })

  it("continues a stored world, with what was ahead of it and the same chance", async () => {
    const first = createTiny({ seed: 9 })
    first.simulator.addMachine("a")
    await first.wait(0.5)
    const again = createTiny({ snapshot: first.simulator.snapshot() })
    expect(again.simulator.addMachine("b")).toBe(first.simulator.addMachine("b"))
    await again.simulator.clock.advance(2 * minute)
    expect(again.simulator.machines()).toMatchObject([{ state: "up" }, { state: "up" }])
    expect(() => createTinySimulator({ snapshot: '{"version":1}' })).toThrow("Unknown snapshot version 1")
  })

  it("meets the faults of every cloud and the usual ones", async () => {
    const { simulator, call } = createTiny()
    const id = simulator.addMachine("a")
    simulator.fault({ on: { path: "/boxes" }, do: { kind: "unknown-status" } })
    expect((await call("GET", "/boxes")).body.boxes[0].state).toBe("odd")
    simulator.fault({ on: { method: "POST" }, do: { kind: "capacity" } })
    expect((await call("POST", "/boxes", { name: "b" })).status).toBe(409)
    simulator.fault({ on: { path: "/boxes/{id}" }, do: { kind: "claimed" } })
    expect((await call("DELETE", `/boxes/${id}`)).status).toBe(204)
    simulator.fault({ on: {}, do: { kind: "denied" } })
    expect((await call("GET", "/boxes")).body).toEqual({ boxes: [] })
    simulator.fault({ on: {}, do: { kind: "status", status: 503 } })
    expect((await call("GET", "/boxes")).body).toEqual({ error: "simulated 503" })
    expect(simulator.truth()).toMatchObject([{ id, isAlive: true }])
  })

  it("is answered by msw and on a port, by the same rules", async () => {
    const { simulator } = createTiny()
    const server = setupServer(...handlers(simulator))
    server.listen()
    try {
      expect((await fetch("https://tiny.test/boxes")).status).toBe(401)
    } finally {
      server.close()
    }
    await using served = await simulator.listen()
    expect((await fetch(`${served.url}/boxes`)).status).toBe(401)
  })
})
