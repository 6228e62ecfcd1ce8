import { type InstanceRef, money, waitForStatus, waitUntilReady } from "@anygpu/core"
import { describe, expect, it, test } from "vitest"
import { bodies, ready, simulated, type World } from "./cloud.test-support.ts"

const minute = 60_000

test("a 429 teaches the interval: reads of the route stay that far apart", async () => {
  const world = await ready(simulated({ rateLimits: false }))
  const tooOften = {
    kind: "status",
    status: 429,
    json: { detail: "API requests too frequent endpoint threshold=9.0" }
  } as const
  await world.pass(minute)
  world.simulator.fault({ on: { method: "GET", path: "/api/v0/instances/{id}/" }, do: tooOften })
  const before = world.simulator.requests().length
  for (let read = 0; read < 3; read++) await world.get()
  const times = world.simulator
    .requests()
    .slice(before)
    .map(({ at }) => at)
  expect(times).toHaveLength(4)
  for (const [index, at] of times.slice(1).entries()) expect(at - (times[index] ?? 0)).toBeGreaterThanOrEqual(9000)
})

describe("stop and start", () => {
  const stopped = async (world: World) => {
    const machine = await ready(world)
    expect(await world.run(world.containers.stop(machine.ref))).toMatchObject({
      status: "stopping",
      billing: "compute"
    })
    await world.run(waitForStatus(world.containers, machine.ref, "stopped"))
    return machine
  }

  it("keep the disk, and come back", async () => {
    const world = await stopped(simulated())
    expect(await world.get()).toMatchObject({ status: "stopped", reason: null, billing: "storage" })
    expect(await world.run(world.containers.start(world.ref))).toMatchObject({ status: "starting", billing: "storage" })
    expect(await world.run(waitUntilReady(world.containers, world.ref))).toMatchObject({ billing: "compute" })
  })

  it("wait for a GPU that is taken: pending, and running by itself later", async () => {
    const world = await stopped(simulated())
    const offerId = world.simulator.machines()[0]?.offerId ?? 0
    world.simulator.takeOffer(offerId)
    expect((await world.run(world.containers.start(world.ref))).status).toBe("starting")
    await world.pass(2 * minute)
    expect(await world.get()).toMatchObject({ status: "pending", reason: "queued", billing: "storage" })
    world.simulator.freeOffer(offerId)
    expect((await world.run(waitUntilReady(world.containers, world.ref))).billing).toBe("compute")
  })

  it("cancel a start that waits", async () => {
    const world = await stopped(simulated())
    const offerId = world.simulator.machines()[0]?.offerId ?? 0
    world.simulator.takeOffer(offerId)
    await world.run(world.containers.start(world.ref))
    await world.pass(2 * minute)
    expect((await world.run(world.containers.stop(world.ref))).status).toBe("stopping")
    world.simulator.freeOffer(offerId)
    await world.pass(10 * minute)
    expect(await world.get()).toMatchObject({ status: "stopped", billing: "storage" })
  })

  it("are not ours when the console did it", async () => {
    const world = await ready(simulated())
    const halted = { intended_status: "stopped", cur_state: "stopped", next_state: "stopped", actual_status: "exited" }
    world.simulator.setStatus(world.id, halted)
    expect(await world.get()).toMatchObject({ status: "stopped", reason: "stopped-outside" })
  })
})

test("a restart shows starting while it lasts, then running", async () => {
  const world = await ready(simulated())
  expect((await world.run(world.containers.restart(world.ref))).status).toBe("running")
  expect(await world.get()).toMatchObject({ status: "starting", billing: "unknown" })
  await world.pass(minute)
  expect((await world.get()).status).toBe("running")
  expect(bodies(world, `/api/v0/instances/reboot/${world.id}/`)).toEqual([{}])
})

test("a machine that was outbid is interrupted, and resumes by itself", async () => {
  const world = await ready(simulated(), { bid: money(5) })
  world.simulator.preempt(world.id)
  expect(await world.get()).toMatchObject({ status: "interrupted", reason: "preempted", billing: "storage" })
  expect((await world.get()).actions).toContain("changeBid")
  world.simulator.outbidBack(world.id)
  expect(await world.run(waitForStatus(world.containers, world.ref, "running"))).toMatchObject({ billing: "compute" })
})

test("a host without contact is unknown and free, never gone, and comes back", async () => {
  const world = await ready(simulated())
  world.simulator.hostOffline(world.id)
  expect(await world.get()).toMatchObject({ status: "unknown", reason: "host-offline", billing: "none" })
  expect((await world.run(world.containers.list())).items).toHaveLength(1)
  world.simulator.hostOnline(world.id)
  expect(await world.get()).toMatchObject({ status: "running", billing: "compute" })
})

test("a boot that was abandoned ends the wait at once, with the machine's ref", async () => {
  const world = simulated()
  const { ref } = await world.launch()
  world.simulator.failBoot(Number(ref.id))
  const error = await world.fails(waitUntilReady(world.containers, ref))
  expect(error).toMatchObject({ _tag: "ProviderFault", leftovers: [ref] })
})

test("a container that ends has failed, can be started, and costs its disk", async () => {
  const world = await ready(simulated())
  await world.pass(5 * minute)
  world.simulator.exitContainer(world.id)
  const exited = await world.get()
  expect(exited).toMatchObject({ status: "failed", reason: "exited", billing: "storage" })
  expect(exited.actions).toContain("start")
  await world.run(world.containers.start(world.ref))
  expect((await world.run(waitUntilReady(world.containers, world.ref))).status).toBe("running")
})

test("an id that cannot be Vast's is not even asked for", async () => {
  const world = simulated()
  const { InstanceRef: Ref } = await import("@anygpu/core")
  for (const id of ["abc", "1/../2", "-1", "1".repeat(21), "012"]) {
    const ref: InstanceRef<"vast", "container"> = new Ref("vast", "container", id)
    expect((await world.fails(world.containers.get(ref)))._tag).toBe("NotFound")
    expect((await world.run(world.containers.terminate(ref))).alreadyGone).toBe(true)
  }
  expect(world.sent).toEqual([])
})
