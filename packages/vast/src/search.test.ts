import { money } from "@anygpu/core"
import { describe, expect, it } from "vitest"
import { scripted, simulated } from "./cloud.test-support.ts"

/** A market whose searches are cut at so many rows. */
const market = (prices: ReadonlyArray<number>, cap: number) =>
  scripted((request) => {
    const body = JSON.parse(request.body ?? "{}")
    const from = body.dph_total?.gte ?? 0
    const rows = prices.map((price, index) => ({ id: index + 1, gpu_name: "RTX 4090", num_gpus: 1, dph_total: price }))
    return { json: { offers: rows.filter((row) => row.dph_total >= from).slice(0, Math.min(cap, body.limit)) } }
  })

const passes = (value: number, filter: Readonly<Record<string, number>> = {}): boolean =>
  Object.entries(filter).every(([operator, wanted]) =>
    operator === "gte" ? value >= wanted : operator === "gt" ? value > wanted : operator !== "eq" || value === wanted
  )

/** The same, with the filters that searches heed, and so many offers to a machine. */
const filteredMarket = (prices: ReadonlyArray<number>, cap: number, toMachine = 2) =>
  scripted((request) => {
    const body = JSON.parse(request.body ?? "{}")
    const rows = prices.map((price, index) => ({
      ...{ id: index + 1, gpu_name: "RTX 4090", num_gpus: 1, dph_total: price },
      machine_id: 1000 - Math.floor(index / toMachine)
    }))
    const column: "dph_total" | "machine_id" = body.order[0][0]
    const found = rows.filter((row) => passes(row.dph_total, body.dph_total) && passes(row.machine_id, body.machine_id))
    return { json: { offers: found.sort((a, b) => a[column] - b[column]).slice(0, Math.min(cap, body.limit)) } }
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

  it("are said to be more where a search heeds no filter by machine", async () => {
    const { run, cloud, sent } = market(Array(100).fill(0.4), 64)
    const listing = await run(cloud.containers.offers())
    expect([listing.items.length, listing.complete, sent.length]).toEqual([64, false, 3])
    expect(listing.problems.map(({ part }) => part)).toEqual(["the other offers at 0.4 USD", "the dearer offers"])
  })

  it.each([65, 70, 128, 300])("are all there when %i have one price", async (count) => {
    const prices = [0.1, ...Array<number>(count).fill(0.4), 0.5, 0.6]
    const { run, cloud } = filteredMarket(prices, 64)
    const listing = await run(cloud.containers.offers())
    expect(listing.problems).toEqual([])
    expect([listing.items.length, listing.complete]).toEqual([prices.length, true])
  })

  it("at one price on one machine are said to be more than a page shows, and hide no dearer ones", async () => {
    const { run, cloud } = filteredMarket([...Array<number>(90).fill(0.4), 0.5], 64, 200)
    const listing = await run(cloud.containers.offers())
    expect([listing.items.length, listing.complete]).toEqual([65, false])
    expect(listing.problems).toMatchObject([{ part: "the other offers at 0.4 USD" }])
  })

  it.each([{ num_gpus: 0 }, { resource_type: "disk" }])(
    "are no rows that are no machine with GPUs: %j",
    async (what) => {
      const rows = [
        { id: 1, dph_total: 0.2, num_gpus: 1, resource_type: "gpu" },
        { id: 2, dph_total: 0.1, num_gpus: 1, ...what }
      ]
      const { run, cloud } = scripted({ json: { offers: rows } })
      const listing = await run(cloud.containers.offers())
      expect([listing.items.map(({ id }) => id), listing.complete]).toEqual([["1"], true])
    }
  )

  it("stop at the limit", async () => {
    const { run, cloud, sent } = market(rising(500), 64)
    const listing = await run(cloud.containers.offers({ limit: 70, maxPerHour: money(9) }))
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
    const listing = await run(containers.offers({ gpu: ["rtx_4090", "H100 SXM"], maxPerHour: money(3) }))
    expect(listing.items[0]?.native).toMatchObject({ dlperf: expect.any(Number), machine_id: expect.any(Number) })
    expect(listing.items.length).toBeGreaterThan(3)
    for (const { gpu, pricePerHour: price } of listing) {
      expect(["RTX 4090", "H100 SXM"].some((name) => gpu?.model.startsWith(name))).toBe(true)
      expect(price?.micros ?? 0).toBeLessThanOrEqual(3_000_000)
    }
  })
})
