import { InstanceRef } from "@anygpu/core"
import { describe, expect, it } from "vitest"
import { ready, scripted, simulated } from "./cloud.test-support.ts"

const show = { method: "GET", path: "/api/v0/instances/{id}/" }
const end = { method: "DELETE", path: "/api/v0/instances/{id}/" }
const create = { method: "PUT", path: "/api/v0/asks/{id}/" }
const nothing = { kind: "status", status: 200, json: { instances: null } } as const
const claim = { kind: "status", status: 200, json: { success: true } } as const
const ref = (id: string) => new InstanceRef("vast", "container", id)

/** Answers that say nothing about a machine. */
const foreign = [
  ["a retired route", { status: 410, json: { error: "deprecated_endpoint" } }, "Unsupported"],
  ["a gateway", { status: 404, json: { message: "no Route matched with those values" } }, "BadResponse"],
  ["a framework", { status: 404, json: { detail: "Not found." } }, "BadResponse"],
  ["a web page", { status: 404, text: "<html>no_such_instance</html>", contentType: "text/html" }, "BadResponse"],
  ["an empty body", { status: 404, text: "" }, "BadResponse"],
  ["a method that is refused", { status: 405, json: {} }, "Unsupported"],
  ["a method that is not there", { status: 501, json: {} }, "Unsupported"],
  ["a redirect", { status: 308, text: "" }, "BadResponse"]
] as const

describe("a machine that runs", () => {
  it("is not terminated because a read is null, once or for ever", async () => {
    const world = await ready(simulated())
    await world.pass(60_000)
    world.simulator.fault({ on: show, times: 999, do: nothing })
    expect(await world.get()).toMatchObject({ status: "running", billing: "compute" })
    expect(await world.run(world.ledger.machine(world.ref))).toMatchObject({ goneAt: null })
  })

  it("is no verified end when the end is a claim and reads are null", async () => {
    const world = await ready(simulated())
    for (const [on, effect] of [[end, claim] as const, [show, nothing] as const]) {
      world.simulator.fault({ on, times: 999, do: effect })
    }
    expect(await world.fails(world.containers.terminate(world.ref))).toMatchObject({
      _tag: "Timeout",
      leftovers: [world.ref]
    })
    expect(await world.run(world.ledger.machine(world.ref))).toMatchObject({ goneAt: null })
    expect(world.alive()).toHaveLength(1)
  })

  it.each(foreign)("is not gone because %s answers", async (_, answer, tag) => {
    const world = await ready(simulated())
    const effect = { kind: "status", ...answer } as const
    const undo = world.simulator.fault({ on: end, times: 999, do: effect })
    expect(await world.fails(world.containers.terminate(world.ref))).toMatchObject({
      _tag: tag,
      leftovers: [world.ref]
    })
    const stop = world.simulator.fault({ on: show, times: 999, do: effect })
    const error = await world.fails(world.containers.get(world.ref))
    expect(error).toMatchObject({ _tag: tag })
    if (tag === "Unsupported") expect(error.message).toContain("newer anygpu")
    expect(await world.run(world.ledger.machine(world.ref))).toMatchObject({ goneAt: null })
    undo()
    stop()
    expect(await world.run(world.containers.terminate(world.ref))).toMatchObject({ alreadyGone: false })
  })

  it("is not ended under the wrong kind, known to the ledger or not, and the right ref is named", async () => {
    const world = await ready(simulated())
    const wrong = new InstanceRef("vast", "vm", world.ref.id)
    const error = await world.fails(world.vms.terminate(wrong))
    expect(error).toMatchObject({ _tag: "NotFound" })
    expect(error.message).toContain(String(world.ref))
    expect(world.simulator.requests().filter(({ method }) => method === "DELETE")).toEqual([])
    expect(world.alive()).toHaveLength(1)
  })
})

describe("a create that is answered with another machine's id", () => {
  it.each(["one of an earlier launch", "a stranger's"])("%s: its own is found by the label", async (which) => {
    const world = simulated()
    const older = which.startsWith("a") ? world.simulator.addMachine() : Number((await world.launch()).ref.id)
    const names = { kind: "status", status: 200, json: { success: true, new_contract: older } } as const
    world.simulator.fault({ on: create, do: { ...names, effect: true } })
    const machine = await world.launch()
    expect(machine.ref.id).not.toBe(String(older))
    expect(world.alive().map(({ id }) => String(id))).toContain(machine.ref.id)
    expect(world.alive()).toHaveLength(2)
  })
})

describe("an id that no number of JavaScript holds", () => {
  const long = "12345678901234567890"
  const rowOf = (id: string) => `{"id":${id},"label":"x","actual_status":"running","image_uuid":"ubuntu"}`

  it("is a problem of the list, and never another machine", async () => {
    const { cloud, run } = scripted({ text: `{"instances":[${rowOf(long)},${rowOf("7")}]}` })
    const listing = await run(cloud.containers.list())
    expect(listing.items.map(({ ref: { id } }) => id)).toEqual(["7"])
    expect(listing).toMatchObject({ complete: false, problems: [{ part: "instances[0]" }] })
  })

  it("is BadResponse of a create, and of a read", async () => {
    const { cloud, fails } = scripted({ text: `{"success":true,"new_contract":${long}}` })
    expect(await fails(cloud.native.createInstance({ params: { id: 1 }, body: { image: "ubuntu" } }))).toMatchObject({
      _tag: "BadResponse"
    })
    const read = scripted({ text: `{"instances":${rowOf(long)}}` })
    expect(await read.fails(read.cloud.containers.get(ref(long)))).toMatchObject({ _tag: "BadResponse" })
  })

  it("in a refusal may be a machine: the marker is looked for", async () => {
    const { cloud, fails } = scripted({ status: 400, text: `{"success":false,"error":"no","new_contract":${long}}` })
    const error = await fails(cloud.native.createInstance({ params: { id: 1 }, body: { image: "ubuntu" } }))
    expect(error).toMatchObject({ unclear: true })
    expect(error.leftovers).toBeUndefined()
  })
})

it("a list that shows fewer machines than it counts is not whole", async () => {
  const { cloud, run } = scripted({ json: { instances: null, next_token: null, total_instances: 2 } })
  expect(await run(cloud.containers.list())).toMatchObject({ items: [], complete: false })
})

it("an answer about another machine is BadResponse", async () => {
  const { cloud, fails } = scripted({ json: { instances: { id: 8, image_uuid: "ubuntu" } } })
  expect(await fails(cloud.containers.get(ref("7")))).toMatchObject({ _tag: "BadResponse", path: "id" })
})
