import { describe, expect, it, test } from "vitest"
import { gpuKinds, simulated } from "./simulated.test-support.ts"

const hour = 3_600_000

/** The collection that a kind is ordered from and listed in. */
const collections = {
  containers: { order: "/gpu/instances/", list: "/gpu/instances/" },
  vms: { order: "/gpu/instances/vms", list: "/gpu/instances/vms" },
  baremetal: { order: "/gpu/instances/baremetal", list: "/gpu/instances/baremetal" },
  cpuVms: { order: "/vms/v3", list: "/vms/v2" }
} as const

describe.each(gpuKinds)("a machine that is being provisioned (%s)", (kind) => {
  it("cannot be ended yet: Conflict says what to do, and it goes on", async () => {
    const { providers, fails, launch, truth } = simulated()
    const { ref } = await launch(kind)
    const error = await fails(providers[kind].terminate(ref, { ifBusy: "fail" }))
    expect(error).toMatchObject({ _tag: "Conflict", retry: "temporary", leftovers: [ref] })
    expect(error.message).toContain("only an ACTIVE machine can be ended")
    expect(truth(ref)).toMatchObject({ alive: true, status: "INITIALIZED" })
  })

  it("is ended as soon as it can be, and costs nothing more from then on", async () => {
    const { providers, run, launch, truth, sent, simulator, pass } = simulated()
    const { ref } = await launch(kind)
    const { alreadyGone, leftovers } = await run(providers[kind].terminate(ref))
    expect([alreadyGone, leftovers]).toEqual([false, []])
    expect(truth(ref)).toMatchObject({ alive: false, status: "ENDED", reserved: 0 })
    const statuses = sent("DELETE").map((line) => line.split(" ")[1])
    expect(statuses.slice(0, 6)).toEqual(Array(6).fill("400"))
    expect(statuses.filter((status) => status === "204")).toHaveLength(1)
    const paid = simulator.spent()
    await pass(5 * hour)
    expect(simulator.spent()).toBe(paid)
  })

  it("is a Timeout that names it when that takes too long, never a success", async () => {
    const { providers, fails, launch, truth } = simulated()
    const { ref } = await launch(kind)
    const error = await fails(providers[kind].terminate(ref, { within: "1 minute" }))
    expect(error).toMatchObject({ _tag: "Timeout", leftovers: [ref] })
    expect(truth(ref)?.alive).toBe(true)
  })
})

describe.each(gpuKinds)("a row that stays in lists (%s)", (kind) => {
  it.each([
    ["FAILED", "failed", "failProvisioning"],
    ["ENDED", "terminated", "endOutside"]
  ] as const)("%s is not paid, and its end is success without an accepted DELETE", async (_, status, stroke) => {
    const { providers, run, launch, sent, simulator, pass } = simulated()
    const { ref } = await launch(kind)
    simulator[stroke](ref.id)
    const listed = await run(providers[kind].list())
    expect(listed.items).toMatchObject([{ ref, status, billing: "none", actions: [] }])
    expect(await run(providers[kind].get(ref))).toMatchObject({ status, billing: "none" })
    const paid = simulator.spent()
    expect((await run(providers[kind].terminate(ref))).alreadyGone).toBe(true)
    expect(sent("DELETE").map((line) => line.split(" ")[1])).toEqual(["400"])
    await pass(5 * hour)
    expect([simulator.spent(), simulator.balance()]).toEqual([paid, 500 - paid])
    if (status === "failed") expect(paid).toBe(0)
  })

  it("that says ACTIVE on after an accepted DELETE is not believed to be gone", async () => {
    const { providers, fails, run, launch, truth, simulator } = simulated()
    const { ref } = await launch(kind)
    const undo = simulator.fault({
      on: { method: "DELETE" },
      times: Number.POSITIVE_INFINITY,
      do: { kind: "status", status: 204 }
    })
    const error = await fails(providers[kind].terminate(ref, { within: "5 minutes" }))
    expect(error).toMatchObject({ _tag: "Timeout", leftovers: [ref] })
    expect(truth(ref)?.alive).toBe(true)
    expect(await run(providers[kind].get(ref))).toMatchObject({ status: "terminating", billing: "compute" })
    undo()
    await run(providers[kind].terminate(ref))
    expect(truth(ref)?.alive).toBe(false)
  })
})

describe("a CPU VM", () => {
  it("is ended while it is launched, and leaves the list", async () => {
    const { providers, run, launch, truth, pass } = simulated()
    const { ref } = await launch("cpuVms")
    expect((await run(providers.cpuVms.terminate(ref))).alreadyGone).toBe(false)
    expect(truth(ref)).toMatchObject({ alive: false, reserved: 0 })
    await pass(hour)
    expect((await run(providers.cpuVms.list())).items).toEqual([])
  })

  it("that reads Stopped is over, by its user's own doing, and not paid", async () => {
    const { providers, run, launch, simulator, pass } = simulated()
    const { ref } = await launch("cpuVms")
    await pass(hour)
    simulator.endOutside(ref.id)
    expect((await run(providers.cpuVms.list())).items).toMatchObject([
      { status: "terminated", reason: "ended-by-user", billing: "none", actions: [] }
    ])
    const paid = simulator.spent()
    await run(providers.cpuVms.terminate(ref))
    await pass(48 * hour)
    expect(simulator.spent()).toBe(paid)
  })

  it("that its provider ended is not paid, and its end frees the reserve that is held for it", async () => {
    const { providers, run, launch, simulator, truth, pass } = simulated()
    const { ref } = await launch("cpuVms")
    await pass(hour)
    simulator.providerTerminates(ref.id)
    const ended = { status: "failed", reason: "ended-by-provider", billing: "none", actions: ["terminate"] }
    expect((await run(providers.cpuVms.list())).items).toMatchObject([ended])
    expect(truth(ref)?.reserved).toBeGreaterThan(0)
    await run(providers.cpuVms.terminate(ref))
    expect(truth(ref)?.reserved).toBe(0)
  })

  it("is one of many that native ends at once", async () => {
    const { cloud, run, launch, simulator, truth, pass } = simulated()
    const refs = [await launch("cpuVms"), await launch("cpuVms"), await launch("cpuVms")].map(({ ref }) => ref)
    await pass(hour)
    const [kept, ...ended] = refs
    await run(cloud.native.deleteCpuVms({ body: { vmIds: ended.map(({ id }) => id) } }))
    await pass(60_000)
    expect(ended.map((ref) => truth(ref)?.alive)).toEqual([false, false])
    expect(kept && truth(kept)?.alive).toBe(true)
    expect(simulator.requests().filter(({ method }) => method === "DELETE")).toHaveLength(1)
  })
})

test.each(Object.entries(collections))(
  "%s: a lost order is found in its own list, and adopted",
  async (name, paths) => {
    const kind = name as keyof typeof collections
    const { simulator, launch, sent } = simulated()
    simulator.fault({ on: { method: "POST", path: paths.order }, do: { kind: "reset-after" } })
    const { ref, marker } = await launch(kind)
    const [only, ...others] = simulator.machines()
    expect([only?.id, only?.kind, others]).toEqual([ref.id, ref.kind, []])
    expect(marker !== null && only?.name.endsWith(marker)).toBe(true)
    expect(sent("POST").filter((line) => line.startsWith(`${paths.order} `))).toEqual([`${paths.order} lost`])
    const lists = sent("GET").filter((line) => /^\/(gpu\/instances\/(vms|baremetal)?|vms\/v\d) /.test(line))
    expect(new Set(lists)).toEqual(new Set([`${paths.list} 200`]))
  }
)
