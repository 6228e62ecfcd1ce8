import { type LaunchRecord, money } from "@anygpu/core"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { deployPath, rented, type Sending } from "./simulated.test-support.ts"

const on = { method: "POST", path: deployPath }

/** All sendings are one: one key, and byte by byte one body. */
const areOne = (deploys: ReadonlyArray<Sending>) => {
  expect(new Set(deploys.map(({ key }) => key)).size).toBe(1)
  expect(new Set(deploys.map(({ text }) => text)).size).toBe(1)
}

describe("a deploy whose answer is lost once", () => {
  it.each([
    ["the connection is reset after the effect", { kind: "reset-after" }],
    ["the connection is reset before the effect", { kind: "reset-before" }],
    ["the answer is cut", { kind: "truncate" }],
    ["a proxy answers 502", { kind: "status", status: 502, text: "<html></html>", contentType: "text/html" }],
    ["the answer does not come", { kind: "hang", effect: true }]
  ] as const)("(%s) is sent again with the same key and body, and makes one machine", async (_, effect) => {
    const { simulator, deploys, run, launch, sent } = rented()
    simulator.fault({ on, do: effect })
    const { ref } = await run(await launch())
    expect(deploys).toHaveLength(2)
    areOne(deploys)
    expect(simulator.machines().map(({ id }) => id)).toEqual([ref.id])
    // Nothing had to be looked for: the cloud answered the second sending with the first one's machine.
    expect(sent("GET", "/api/v1/deployments")).toEqual([])
  })

  it("was in the ledger with its key before it was first sent", async () => {
    const seen: Array<ReadonlyArray<LaunchRecord>> = []
    const { simulator, deploys, run, launch, ledger } = rented({}, () => {
      seen.push(Effect.runSync(ledger.launches()))
    })
    simulator.fault({ on, do: { kind: "reset-after" } })
    await run(await launch())
    expect(seen).toHaveLength(2)
    for (const records of seen) {
      expect(records).toMatchObject([{ state: "open", instanceId: null, idempotencyKey: deploys[0]?.key }])
    }
    expect(deploys[0]?.text).toContain(seen[0]?.[0]?.marker)
  })
})

describe("a replayed answer is old, so the machine is read before it is believed", () => {
  it("when it has moved on meanwhile", async () => {
    const { simulator, deploys, run, launch } = rented()
    simulator.fault({ on, do: { kind: "hang", effect: true } })
    const machine = await run(await launch())
    expect(deploys.map(({ answered }) => answered)).toEqual([null, "ordered"])
    expect(machine.status).toBe("provisioning")
  })

  it("when somebody deleted it meanwhile: it is reported as ended, not as one to wait for", async () => {
    const world = rented({}, () => {
      for (const { id } of world.simulator.machines()) world.simulator.deleteOutside(id)
    })
    world.simulator.fault({ on, do: { kind: "reset-after" } })
    const machine = await world.run(await world.launch())
    expect(world.deploys.map(({ answered }) => answered)).toEqual([null, "ordered"])
    expect(machine).toMatchObject({ status: "terminated", billing: "none", actions: [] })
  })

  it("when it came to nothing meanwhile", async () => {
    const { simulator, deploys, run, launch } = rented()
    simulator.loseCapacityOnDeploy()
    simulator.fault({ on, do: { kind: "hang", effect: true } })
    const machine = await run(await launch())
    expect(deploys.at(-1)?.answered).toBe("ordered")
    expect(machine).toMatchObject({ status: "failed", reason: "no-capacity", billing: "none", actions: [] })
  })
})

describe("a deploy whose every answer is lost", () => {
  it("is found by its hostname, and adopted", async () => {
    const { simulator, deploys, run, launch, sent, ledger } = rented()
    simulator.fault({ on, do: { kind: "reset-after" }, times: 5 })
    const { ref } = await run(await launch())
    expect(deploys).toHaveLength(5)
    areOne(deploys)
    expect(simulator.machines().map(({ id }) => id)).toEqual([ref.id])
    expect(sent("GET", "/api/v1/deployments").length).toBeGreaterThan(0)
    expect(await run(ledger.launches())).toMatchObject([{ state: "created", instanceId: ref.id }])
  })
})

describe("a 409 on a repetition", () => {
  /** The place of the cheapest offer has one machine left. */
  const lastOne = async (world: ReturnType<typeof rented>) => {
    const [type = "", place] = (await world.cheapest()).id.split("@")
    world.simulator.takeCapacity(type)
    world.simulator.freeCapacity(type, place)
    return { type, place }
  }

  it("is no lack of capacity when the first sending took the last machine", async () => {
    // The cloud has forgotten the key, so that the second sending is a deploy of its own.
    const world = rented({ timeline: { replay: 0 } })
    await lastOne(world)
    world.simulator.fault({ on, do: { kind: "reset-after" } })
    const { ref } = await world.run(await world.launch())
    expect(world.sent("POST", deployPath).map(({ status }) => status)).toEqual(["lost", 409])
    expect(world.simulator.machines().map(({ id }) => id)).toEqual([ref.id])
  })

  it("is one when nothing was made, and says that it was looked for", async () => {
    const world = rented()
    const { type } = await lastOne(world)
    const launching = await world.launch()
    world.simulator.takeCapacity(type)
    world.simulator.fault({ on, do: { kind: "reset-before" } })
    const error = await world.fails(launching)
    expect(error._tag).toBe("NoCapacity")
    expect(error.message).toContain("No machine with the marker")
    expect(world.simulator.machines()).toEqual([])
  })
})

describe("the credit", () => {
  it("is looked at before a deploy is sent: $20 have to be there", async () => {
    const { simulator, fails, run, launch, deploys } = rented({ credit: 19.99 })
    const error = await fails(await launch())
    expect(error).toMatchObject({ _tag: "OutOfFunds", needed: money(20), available: money("19.99") })
    expect([deploys, simulator.machines()]).toEqual([[], []])
    simulator.addCredit(0.01)
    await run(await launch())
    expect(simulator.machines()).toHaveLength(1)
  })

  it("that was spent between the look and the deploy is OutOfFunds by Huddle01's word, with both amounts", async () => {
    const { simulator, fails, launch, deploys, ledger, run } = rented({ credit: 20 }, () => simulator.addCredit(-7.5))
    const error = await fails(await launch())
    expect(error).toMatchObject({ _tag: "OutOfFunds", needed: money(20), available: money("12.5") })
    expect([deploys.length, simulator.machines()]).toEqual([1, []])
    expect(await run(ledger.launches())).toMatchObject([{ state: "refused" }])
  })
})
