import type { Reply } from "@anygpu/conformance"
import { CurrentPriority } from "@anygpu/core/adapter"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { scripted, simulated } from "./cloud.test-support.ts"

const listPath = "/api/v1/instances/"

const withMachines = (count: number) => {
  const world = simulated({ offers: count + 5, credit: 1000 })
  const ids = Array.from({ length: count }, () => String(world.simulator.addMachine()))
  const pages = () => world.simulator.requests().filter(({ path }) => path.startsWith(listPath))
  return { ...world, ids, pages }
}

/** The requests for a page of machines among all that were sent. */
const lists = (sent: ReadonlyArray<{ readonly url: string }>) => sent.filter(({ url }) => url.includes(listPath))

describe("the list of machines", () => {
  it.each([
    [0, 1],
    [25, 1],
    [26, 2],
    [60, 3],
    [250, 10]
  ])("shows %i machines from %i pages, a second apart and never refused", async (count, wanted) => {
    const { run, containers, ids, pages } = withMachines(count)
    const listing = await run(containers.list())
    expect(listing.complete).toBe(true)
    expect(listing.items.map(({ ref }) => ref.id).sort()).toEqual(ids.sort())
    const sent = pages()
    expect(sent.map(({ status }) => status)).toEqual(Array(wanted).fill(200))
    for (const [index, { at, path }] of sent.entries()) {
      expect(path).toContain("limit=25")
      expect(path).not.toContain("select_filters")
      if (index > 0) expect(at - (sent[index - 1]?.at ?? 0)).toBeGreaterThanOrEqual(1000)
    }
  })

  it("is read once for those who ask at once, and holds each kind's own", async () => {
    const { run, simulator, cloud, pages } = withMachines(3)
    simulator.addMachine({ image: "docker.io/vastai/kvm:ubuntu_22.04" })
    const [containers, vms] = await Promise.all([run(cloud.containers.list()), run(cloud.vms.list())])
    expect([containers.items.length, vms.items.length]).toEqual([3, 1])
    expect(vms.items[0]?.ref.kind).toBe("vm")
    expect(pages()).toHaveLength(1)
  })

  it("is read again to look for a launch's machine: a read under way began before it was rented", async () => {
    const { run, containers, simulator, spec } = withMachines(3)
    const wanted = await spec()
    simulator.fault({ on: { path: listPath }, do: { kind: "latency", ms: 20_000 } })
    simulator.fault({ on: { path: /^\/api\/v0\/asks\// }, do: { kind: "reset-after" } })
    const done: string[] = []
    const listed = run(Effect.provideService(containers.list(), CurrentPriority, "urgent")).then(() =>
      done.push("list")
    )
    const machine = await run(containers.launch(wanted))
    done.push("launch")
    await listed
    expect(done).toEqual(["launch", "list"])
    expect(simulator.machines().map(({ id }) => String(id))).toContain(machine.ref.id)
  })

  it("is as old as the asking for its first page", async () => {
    const { run, clock, containers, pages } = withMachines(60)
    const begun = clock.now()
    const { observedAt } = await run(containers.list())
    expect(pages().at(-1)?.at).toBeGreaterThan(begun)
    expect(observedAt.epochMilliseconds).toBe(begun)
  })

  it("keeps what it has when a later page fails, and says so", async () => {
    const { run, containers, simulator } = withMachines(60)
    simulator.fault({ on: { path: listPath }, after: 1, times: 99, do: { kind: "status", status: 500 } })
    const listing = await run(containers.list())
    expect(listing.items).toHaveLength(25)
    expect(listing.complete).toBe(false)
    expect(listing.problems).toMatchObject([{ part: "page 2 of the machines", error: { _tag: "ProviderFault" } }])
  })

  it("fails when the first page does", async () => {
    const { fails, containers, simulator } = withMachines(3)
    simulator.fault({ on: { path: listPath }, times: 99, do: { kind: "status", status: 500 } })
    expect((await fails(containers.list()))._tag).toBe("ProviderFault")
  })

  const page = (ids: ReadonlyArray<number | string>, next_token: string | null): Reply => ({
    json: { success: true, instances: ids.map((id) => ({ id, actual_status: "running" })), next_token }
  })

  it("counts a machine once that moved between two pages while they were read", async () => {
    const { run, cloud } = scripted(page([1, 2], "a"), page([2, 3], null))
    const listing = await run(cloud.containers.list())
    expect(listing.items.map(({ ref }) => ref.id)).toEqual(["1", "2", "3"])
    expect(listing.complete).toBe(true)
  })

  it.each([
    ["at once", [page([1], "a"), page([2], "a")]],
    ["in a circle", [page([1], "a"), page([2], "b"), page([3], "a")]]
  ] as const)("ends, and says so, when a token comes again %s", async (_, replies) => {
    const { run, cloud, sent } = scripted(...replies)
    const listing = await run(cloud.containers.list())
    expect(lists(sent)).toHaveLength(replies.length)
    expect(listing.complete).toBe(false)
    expect(listing.problems[0]?.error.message).toMatch(/token of an earlier page/)
  })

  it.each([null, ""])("ends at the token %j", async (token) => {
    const { run, cloud, sent } = scripted({ json: { success: true, instances: [{ id: 1 }], next_token: token } })
    expect((await run(cloud.containers.list())).complete).toBe(true)
    expect(lists(sent)).toHaveLength(1)
  })

  it("is empty when Vast says null, and unreadable when it says nothing", async () => {
    const empty = scripted({ json: { success: true, instances: null, next_token: null } })
    expect(await empty.run(empty.cloud.containers.list())).toMatchObject({ items: [], complete: true })
    for (const json of [{ success: true }, { success: true, instances: "none" }, []]) {
      const { fails, cloud } = scripted({ json })
      expect((await fails(cloud.containers.list()))._tag).toBe("BadResponse")
    }
  })

  it("keeps the other rows when one cannot be read", async () => {
    const { run, cloud } = scripted(page([1, "x", 3], null))
    const listing = await run(cloud.containers.list())
    expect(listing.items.map(({ ref }) => ref.id)).toEqual(["1", "3"])
    expect(listing.complete).toBe(false)
    expect(listing.problems[0]).toMatchObject({ part: "instances[1]", error: { _tag: "BadResponse" } })
  })
})
