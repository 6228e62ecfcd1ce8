import { waitForStatus, waitUntilReady } from "@anygpu/core"
import { describe, expect, it, test } from "vitest"
import { rented } from "./simulated.test-support.ts"

const ready = async (world: ReturnType<typeof rented>, more: Parameters<typeof world.launch>[0] = {}) => {
  const { ref } = await world.run(await world.launch(more))
  return world.run(waitUntilReady(world.vms, ref))
}

describe("a machine that is being provisioned", () => {
  it("is ended once it can be", async () => {
    const { simulator, run, vms, launch, pass } = rented()
    const { ref } = await run(await launch())
    await pass(20)
    expect((await run(vms.get(ref))).status).toBe("provisioning")
    expect(await run(vms.terminate(ref))).toMatchObject({ alreadyGone: false })
    expect(simulator.machines()).toMatchObject([{ id: ref.id, alive: false }])
    const deletes = simulator.requests().filter(({ method }) => method === "DELETE")
    expect(deletes.some(({ status }) => status === 409)).toBe(true)
    expect(new Set(deletes.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(deletes.length)
  })

  it("is a Conflict for who does not wait, and goes on", async () => {
    const { simulator, run, fails, vms, launch, pass } = rented()
    const { ref } = await run(await launch())
    await pass(20)
    expect(await fails(vms.terminate(ref, { ifBusy: "fail" }))).toMatchObject({ _tag: "Conflict", leftovers: [ref] })
    expect(await run(waitUntilReady(vms, ref))).toMatchObject({ status: "running", reason: null })
    expect(simulator.machines()).toMatchObject([{ id: ref.id, alive: true }])
  })
})

test("a machine that runs without an address is not ready until it has one", async () => {
  const { simulator, run, fails, vms, launch, pass } = rented()
  const { ref } = await run(await launch())
  simulator.holdIp(ref.id)
  await pass(15 + 120)
  expect(await run(vms.get(ref))).toMatchObject({ status: "running", endpoints: { ssh: [] } })
  expect(await fails(waitUntilReady(vms, ref, { within: "1 minute" }))).toMatchObject({ _tag: "Timeout", ref })
  simulator.holdIp(ref.id, false)
  const { endpoints } = await run(waitUntilReady(vms, ref))
  expect(endpoints.ssh).toMatchObject([{ port: 22, user: "ubuntu" }])
})

describe("a machine that is ended", () => {
  it("leaves its data volumes, which are named with size and cost, and nothing that it did not have", async () => {
    const world = rented()
    const bare = await ready(world)
    expect((await world.run(world.vms.terminate(bare.ref))).leftovers).toEqual([])
    const volumes = [{ name: "datasets", sizeMiB: 476_837 }]
    const { ref } = await ready(world, { volumes, diskMiB: 102_400 })
    const { leftovers } = await world.run(world.vms.terminate(ref))
    const [left, ...others] = world.simulator.volumes().filter(({ isOs }) => !isOs)
    expect(others).toEqual([])
    expect(leftovers).toHaveLength(1)
    for (const part of ["datasets", "500 GB", left?.id, "detached", "$0.05 per hour"])
      expect(leftovers[0]).toContain(part)
  })
})

describe("stop and start", () => {
  it("halt a machine and bring it back, where Huddle01 takes its own clients' words", async () => {
    const world = rented()
    const { ref } = await ready(world)
    const { run, vms, simulator } = world
    expect(await run(vms.stop(ref))).toMatchObject({ status: "stopping", billing: "compute" })
    expect(await run(waitForStatus(vms, ref, "stopped"))).toMatchObject({ reason: null, billing: "unknown" })
    expect(simulator.machines()).toMatchObject([{ alive: true, running: false }])
    expect(await run(vms.start(ref))).toMatchObject({ status: "starting" })
    expect((await run(waitUntilReady(vms, ref))).status).toBe("running")
  })

  it.each([
    ["stop", () => undefined],
    ["start", (world: ReturnType<typeof rented>, id: string) => world.simulator.stopOutside(id)]
  ] as const)(
    "%s is Unsupported where Huddle01 does not know the word, and nothing happens",
    async (action, before) => {
      const world = rented({ choices: { powerActions: false } })
      const { ref } = await ready(world)
      before(world, ref.id)
      const [was] = world.simulator.machines()
      const error = await world.fails(world.vms[action](ref))
      expect(error).toMatchObject({ _tag: "Unsupported", feature: action, retry: "permanent", http: { status: 400 } })
      expect(error.message).toContain(`Unknown action: ${action}`)
      expect(world.simulator.machines()).toMatchObject([{ state: was?.state, alive: true }])
      expect((await world.run(world.vms.get(ref))).actions).toContain(action)
    }
  )
})
