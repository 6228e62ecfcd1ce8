import type { Reply } from "@anygpu/conformance"
import { money } from "@anygpu/core"
import { Urgency } from "@anygpu/core/adapter"
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

  it("is read anew to look for a launch's machine: a read under way began before it was rented", async () => {
    const { run, containers, simulator, spec } = withMachines(3)
    const wanted = await spec()
    simulator.fault({ on: { path: listPath }, do: { kind: "latency", ms: 20_000 } })
    simulator.fault({ on: { path: /^\/api\/v0\/asks\// }, do: { kind: "reset-after" } })
    const done: string[] = []
    const listed = run(Effect.provideService(containers.list(), Urgency, "urgent")).then(() => done.push("list"))
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

/** A market whose searches are cut at so many rows. */
const market = (prices: ReadonlyArray<number>, cap: number) =>
  scripted((request) => {
    const body = JSON.parse(request.body ?? "{}")
    const from = body.dph_total?.gte ?? 0
    const rows = prices.map((price, index) => ({ id: index + 1, gpu_name: "RTX 4090", num_gpus: 1, dph_total: price }))
    return { json: { offers: rows.filter((row) => row.dph_total >= from).slice(0, Math.min(cap, body.limit)) } }
  })

const rising = (count: number) => Array.from({ length: count }, (_, index) => 0.1 + index / 1000)

describe("offers", () => {
  it("come from one search when they fit", async () => {
    const { run, cloud, sent } = market(rising(63), 64)
    const listing = await run(cloud.containers.offers())
    expect([listing.items.length, listing.complete, sent.length]).toEqual([63, true, 1])
  })

  it("are searched on from the last price when a page is exactly 64", async () => {
    const { run, cloud, sent } = market(rising(150), 64)
    const listing = await run(cloud.containers.offers())
    expect([listing.items.length, listing.complete, sent.length]).toEqual([150, true, 3])
    expect(new Set(listing.items.map(({ id }) => id)).size).toBe(150)
    expect(sent.map(({ body }) => JSON.parse(body ?? "").dph_total)).toEqual([
      undefined,
      { gte: 0.1 + 63 / 1000 },
      { gte: 0.1 + 126 / 1000 }
    ])
  })

  it("are all there when there are exactly 64", async () => {
    const { run, cloud } = market(rising(64), 64)
    expect(await run(cloud.containers.offers())).toMatchObject({ complete: true, items: { length: 64 } })
  })

  it("are said to be more when they never end", async () => {
    const { run, cloud, sent } = market(rising(500), 64)
    const listing = await run(cloud.containers.offers())
    expect(sent).toHaveLength(4)
    expect(listing.complete).toBe(false)
    expect(listing.problems).toMatchObject([{ part: "the dearer offers" }])
  })

  it("are said to be more when more than a page has one price", async () => {
    const { run, cloud, sent } = market(Array(100).fill(0.4), 64)
    const listing = await run(cloud.containers.offers())
    expect([listing.items.length, listing.complete, sent.length]).toEqual([64, false, 2])
  })

  it("stop at the limit", async () => {
    const { run, cloud, sent } = market(rising(500), 64)
    const listing = await run(cloud.containers.offers({ limit: 70, maxPricePerHour: money(9) }))
    expect([listing.items.length, listing.complete, sent.length]).toEqual([70, true, 2])
    expect(JSON.parse(sent[1]?.body ?? "").dph_total).toEqual({ gte: 0.1 + 63 / 1000, lte: 9 })
  })

  it("keep the first pages when a later one fails", async () => {
    const rows = rising(64).map((dph_total, index) => ({ id: index + 1, dph_total }))
    const { run, cloud } = scripted({ json: { offers: rows } }, { status: 400, json: { error: "invalid_request" } })
    const listing = await run(cloud.containers.offers())
    expect([listing.items.length, listing.complete]).toEqual([64, false])
    expect(listing.problems).toMatchObject([{ part: "page 2 of the offers", kind: "container" }])
  })

  it("keep the other rows when one cannot be read", async () => {
    const { run, cloud } = scripted({
      json: { offers: [{ id: 1, dph_total: 0.2 }, { id: "x" }, { id: 3, dph_total: 0.1 }] }
    })
    const listing = await run(cloud.containers.offers())
    expect(listing.items.map(({ id }) => id)).toEqual(["3", "1"])
    expect(listing.complete).toBe(false)
    expect(listing.problems).toMatchObject([{ part: "offers[1]", kind: "container", error: { _tag: "BadResponse" } }])
  })

  it("of a real market answer what was asked", async () => {
    const { run, containers } = simulated({ offers: 200 })
    const listing = await run(containers.offers({ gpu: ["rtx_4090", "H100 SXM"], maxPricePerHour: money(3) }))
    expect(listing.items[0]?.native).toMatchObject({ dlperf: expect.any(Number), machine_id: expect.any(Number) })
    expect(listing.items.length).toBeGreaterThan(3)
    for (const { gpu, price } of listing) {
      expect(["RTX 4090", "H100 SXM"].some((name) => gpu?.model.startsWith(name))).toBe(true)
      expect(price?.micros ?? 0).toBeLessThanOrEqual(3_000_000)
    }
  })
})
