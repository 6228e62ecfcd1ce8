import { describe, expect, it } from "vitest"
import { createClock } from "../clock.ts"
import { createFluenceSimulator } from "../fluence/index.ts"
import { createHuddleSimulator } from "../huddle/index.ts"
import { createVastSimulator } from "../vast/index.ts"
import type { Simulator } from "./simulator.ts"

const manual = () => ({ clock: createClock({ mode: "manual" }) })

/** Each cloud with a machine, the route to it, and what its own words for "no such machine" and "it ends" are. */
const clouds = {
  vast: () => {
    const simulator = createVastSimulator({ ...manual(), rateLimits: false })
    const id = String(simulator.addMachine())
    const path = `/api/v0/instances/${id}/`
    return { simulator, id, path, denial: [200, { instances: null }], ended: 200, empty: "/api/v0/instances/" }
  },
  huddle: () => {
    const simulator = createHuddleSimulator(manual())
    const id = simulator.addMachine()
    const path = `/api/v1/deployments/${id}`
    const denial = [404, { code: "NOT_FOUND", error: "Deployment not found" }]
    return { simulator, id, path, denial, ended: 204, empty: "/api/v1/deployments" }
  },
  fluence: () => {
    const simulator = createFluenceSimulator(manual())
    const id = simulator.addMachine()
    const path = `/gpu/instances/${id}`
    return {
      simulator,
      id,
      path,
      denial: [404, { detail: "Instance not found" }],
      ended: 204,
      empty: "/gpu/instances/"
    }
  }
}

const ask = ({ apiKey, origin, fetch }: Pick<Simulator, "apiKey" | "origin" | "fetch">, method: string, path: string) =>
  fetch(origin + path, {
    method,
    headers: { authorization: `Bearer ${apiKey}`, "x-api-key": apiKey },
    ...(method === "DELETE" && { body: "{}" })
  })

describe.each(Object.entries(clouds))("a simulated %s that is not to be believed", (_, create) => {
  it("claims an end in the words of a real one, and ends nothing", async () => {
    const { simulator, path, ended } = create()
    simulator.fault({ on: { method: "DELETE" }, do: { kind: "claimed" } })
    const claimed = await ask(simulator, "DELETE", path)
    expect(claimed.status).toBe(ended)
    expect(simulator.truth()).toMatchObject([{ isAlive: true, isEnding: false }])
    const real = await ask(simulator, "DELETE", path)
    expect([real.status, await real.text()]).toEqual([claimed.status, await claimed.text()])
    expect(simulator.truth()[0]).not.toMatchObject({ isAlive: true, isEnding: false })
  })

  it("denies a machine that is there, in the words for one that is not", async () => {
    const { simulator, id, path, denial, empty } = create()
    const answerTo = async (route: string) => {
      const answer = await ask(simulator, "GET", route)
      return [answer.status, await answer.json()]
    }
    simulator.fault({ on: {}, times: 2, do: { kind: "denied" } })
    expect(await answerTo(path)).toEqual(denial)
    expect(JSON.stringify(await answerTo(empty))).not.toContain(id)
    expect(JSON.stringify(await answerTo(empty))).toContain(id)
    expect(simulator.truth()).toMatchObject([{ id, isAlive: true, isEnding: false }])
  })

  it("carries a request out late, for a client that waits and for one that has left", async () => {
    const { simulator, path, ended } = create()
    const { clock } = simulator
    simulator.fault({ on: { method: "DELETE" }, do: { kind: "late", ms: 60_000 } })
    const leaves = new AbortController()
    const { apiKey, origin } = simulator
    const headers = { authorization: `Bearer ${apiKey}`, "x-api-key": apiKey }
    const left = simulator.fetch(origin + path, { method: "DELETE", headers, body: "{}", signal: leaves.signal })
    await clock.advance(30_000)
    leaves.abort(new Error("gone"))
    await expect(left).rejects.toThrow("gone")
    expect(simulator.truth()).toMatchObject([{ isAlive: true, isEnding: false }])
    await clock.advance(30_000)
    expect(simulator.truth()[0]).not.toMatchObject({ isAlive: true, isEnding: false })

    const other = create()
    other.simulator.fault({ on: {}, do: { kind: "late", ms: 60_000 } })
    const waits = ask(other.simulator, "DELETE", other.path)
    await other.simulator.clock.advance(60_000)
    expect((await waits).status).toBe(ended)
  })

  it("says of each request which faults it met", async () => {
    const { simulator, path } = create()
    simulator.fault({ on: {}, do: { kind: "latency", ms: 0 } })
    simulator.fault({ on: {}, do: { kind: "denied" } })
    await ask(simulator, "GET", path)
    await ask(simulator, "GET", path)
    expect(simulator.requests().map(({ faults }) => faults)).toEqual([
      [{ kind: "latency", ms: 0 }, { kind: "denied" }],
      []
    ])
  })
})
