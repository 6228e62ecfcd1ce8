import { money } from "@anygpu/core"
import { describe, expect, it, test } from "vitest"
import { bodies, otherKey, publicKey, ready, sameKey, simulated, type World } from "./cloud.test-support.ts"

const minute = 60_000

test("changeBid sends the bid per machine, and no other currency as dollars", async () => {
  const world = await ready(simulated(), { bid: money(5) })
  await world.run(world.containers.changeBid(world.ref, money("6.25")))
  const path = `/api/v0/instances/bid_price/${world.id}/`
  expect(bodies(world, path)).toEqual([{ client_id: "me", price: 6.25 }])
  const error = await world.fails(world.containers.changeBid(world.ref, money("6.25", "USDC")))
  expect(error).toMatchObject({ _tag: "InvalidRequest", issues: [{ path: "perHour" }] })
  expect(bodies(world, path)).toHaveLength(1)
})

test("changeBid of a machine on demand is no legal action", async () => {
  const world = await ready(simulated())
  expect(world.machine.actions).not.toContain("changeBid")
  expect((await world.fails(world.containers.changeBid(world.ref, money(1))))._tag).toBe("IllegalAction")
})

describe("logs", () => {
  it("are requested, waited for, and read without the key", async () => {
    const world = await ready(simulated(), { onStart: "echo ready" })
    world.simulator.writeLog(world.id, "step 1")
    const { lines } = await world.run(world.containers.logs(world.ref, { tail: 2, containing: "" }))
    expect(lines).toEqual(["ready", "step 1"])
    expect(bodies(world, `/api/v0/instances/request_logs/${world.id}/`)).toEqual([{ tail: "2" }])
    const reads = world.sent.filter(({ url }) => !url.startsWith("https://console.vast.ai/"))
    expect(reads.length).toBeGreaterThan(1)
    for (const { headers } of reads) expect(headers).toEqual({})
    const polls = world.simulator.requests().filter(({ path }) => path.startsWith("/vast.ai/"))
    expect(polls.map(({ status }) => status)).toEqual([...Array(polls.length - 1).fill(403), 200])
    expect(polls.every(({ authorized }) => !authorized)).toBe(true)
  })

  it("of the host are asked for with a text, and the last thousand lines by default", async () => {
    const world = await ready(simulated())
    const { lines } = await world.run(world.containers.logs(world.ref, { source: "host" }))
    expect(lines.at(-1)).toMatch(/running/)
    expect(bodies(world, `/api/v0/instances/request_logs/${world.id}/`)).toEqual([
      { tail: "1000", daemon_logs: "true" }
    ])
  })

  it("that are empty have no line, and those that cannot be had are no empty ones", async () => {
    const world = await ready(simulated())
    expect((await world.run(world.containers.logs(world.ref, { containing: "no such text" }))).lines).toEqual([])
    world.simulator.writeLog(world.id, "loss [1] = 0.5 (100%)")
    const { lines } = await world.run(world.containers.logs(world.ref, { containing: "[1] = 0.5 (" }))
    expect(lines).toEqual(["loss [1] = 0.5 (100%)"])
    expect((await world.run(world.containers.logs(world.ref, { containing: "0,5" }))).lines).toEqual([])
    const logs = { method: "PUT", path: "/api/v0/instances/request_logs/{id}/" }
    world.simulator.fault({ on: logs, times: 9, do: { kind: "status", status: 200, json: { success: true } } })
    expect((await world.fails(world.containers.logs(world.ref)))._tag).toBe("ProviderFault")
  })

  it("that are never uploaded are a Timeout", async () => {
    const world = await ready(simulated({ timeline: { logs: 10 * minute } }))
    expect((await world.fails(world.containers.logs(world.ref)))._tag).toBe("Timeout")
  })
})

describe("keys of a machine", () => {
  it("are attached as text, and one that is in already is not attached again", async () => {
    const world = await ready(simulated(), { sshKeys: [publicKey] })
    const path = `/api/v0/instances/${world.id}/ssh/`
    await world.run(world.containers.attachSshKey(world.ref, sameKey))
    const attached = () =>
      world.simulator.requests().filter((request) => request.path === path && request.method === "POST")
    expect(attached()).toEqual([])
    await world.run(world.containers.attachSshKey(world.ref, otherKey))
    await world.run(world.containers.attachSshKey(world.ref, otherKey))
    expect(attached().map(({ body }) => body)).toEqual([{ ssh_key: otherKey }])
    const keys = await world.run(world.containers.machineSshKeys(world.ref))
    expect(keys.items.map((key) => key.publicKey)).toEqual([publicKey, otherKey])
  })

  it("are detached, and one that is out already is success", async () => {
    const world = await ready(simulated(), { sshKeys: [publicKey] })
    const [key] = (await world.run(world.containers.machineSshKeys(world.ref))).items
    for (const _ of [1, 2]) await world.run(world.containers.detachSshKey(world.ref, key?.id ?? ""))
    expect((await world.run(world.containers.machineSshKeys(world.ref))).items).toEqual([])
  })
})

test("keys of the account: none is an empty list, and removing one that is gone is success", async () => {
  const { run, containers } = simulated()
  expect((await run(containers.sshKeys())).items).toEqual([])
  const key = await run(containers.addSshKey(publicKey))
  expect(await run(containers.addSshKey(sameKey))).toEqual(key)
  for (const _ of [1, 2]) await run(containers.removeSshKey(key.id))
  expect((await run(containers.sshKeys())).items).toEqual([])
})

describe("terminate", () => {
  const destroys = ({ simulator }: World) => simulator.requests().filter(({ method }) => method === "DELETE")

  it("does not believe Vast's success, and asks again until the machine is gone", async () => {
    const world = await ready(simulated())
    world.simulator.fault({
      on: { method: "DELETE" },
      times: 2,
      do: { kind: "status", status: 200, json: { success: true } }
    })
    const ended = await world.run(world.containers.terminate(world.ref))
    expect(ended.alreadyGone).toBe(false)
    expect(destroys(world)).toHaveLength(3)
    expect(world.alive()).toEqual([])
    expect(await world.get()).toMatchObject({ status: "terminated", billing: "none", actions: [] })
  })

  it("is a Timeout with the machine's ref when it never goes", async () => {
    const world = await ready(simulated())
    world.simulator.fault({
      on: { method: "DELETE" },
      times: 99,
      do: { kind: "status", status: 200, json: { success: true } }
    })
    const error = await world.fails(world.containers.terminate(world.ref))
    expect(error).toMatchObject({ _tag: "Timeout", leftovers: [world.ref] })
    expect(await world.get()).toMatchObject({ status: "terminating", billing: "compute" })
  })

  it("takes a machine that is gone for gone", async () => {
    const world = await ready(simulated())
    await world.run(world.containers.terminate(world.ref))
    expect((await world.run(world.containers.terminate(world.ref))).alreadyGone).toBe(true)
  })

  it("does not take the 404 of a proxy for gone", async () => {
    const world = await ready(simulated())
    const page = { kind: "status", status: 404, text: "<html>no route</html>", contentType: "text/html" } as const
    const undo = world.simulator.fault({ on: {}, times: 999, do: page })
    expect((await world.fails(world.containers.terminate(world.ref)))._tag).toBe("BadResponse")
    expect((await world.fails(world.containers.get(world.ref)))._tag).toBe("BadResponse")
    undo()
    expect(world.alive()).toHaveLength(1)
    expect((await world.get()).status).toBe("terminating")
  })

  it("overtakes the reads that wait for their turn", async () => {
    const world = await ready(simulated())
    const before = world.simulator.requests().length
    const reads = Promise.all(Array.from({ length: 20 }, () => world.get()))
    await world.run(world.containers.terminate(world.ref))
    const during = world.simulator.requests().slice(before)
    expect(during.filter(({ method }) => method === "GET").length).toBeLessThan(6)
    expect(world.alive()).toEqual([])
    await reads
  })
})
