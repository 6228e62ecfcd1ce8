import { describe, expect, it } from "vitest"
import { createClient } from "../testing/client.ts"

const bundles = "/api/v0/bundles/"

describe("search", () => {
  it("filters with every operator", async () => {
    const { call } = createClient({ offers: 200 })
    const names = async (query: object) => {
      const { body } = await call("POST", bundles, { limit: 500, ...query })
      return new Set(body.offers.map((offer: { gpu_name: string }) => offer.gpu_name))
    }
    expect(await names({ gpu_name: { eq: "RTX 4090" } })).toEqual(new Set(["RTX 4090"]))
    expect(await names({ gpu_name: { neq: "RTX 4090" } })).not.toContain("RTX 4090")
    expect(await names({ gpu_name: { in: ["H200", "B200"] } })).toEqual(new Set(["H200", "B200"]))
    expect(await names({ gpu_name: { notin: ["H200"] } })).not.toContain("H200")
    expect(await names({ gpu_ram: { gte: 140_000 } })).toEqual(new Set(["H200", "B200"]))
    expect(await names({ gpu_ram: { gt: 143_771 } })).toEqual(new Set(["B200"]))
    expect(await names({ gpu_ram: { lte: 12_288 } })).toEqual(new Set(["RTX 3060"]))
    expect(await names({ gpu_ram: { lt: 12_288 } })).toEqual(new Set())
    expect(await names({ gpu_ram: { gte: 49_000, lt: 80_000 } })).toEqual(new Set(["RTX A6000"]))
  })

  it("knows the virtual fields", async () => {
    const { call } = createClient({ offers: 300 })
    const rows = async (query: object) => (await call("POST", bundles, { limit: 500, ...query })).body.offers
    for (const row of await rows({ verified: { eq: true } })) expect(row.verification).toBe("verified")
    for (const row of await rows({ verified: { eq: false } })) expect(row.verification).not.toBe("verified")
    for (const row of await rows({ datacenter: { eq: true } })) expect(row.hosting_type).toBe(1)
    for (const row of await rows({ geolocation: { in: ["SE", "NO"] } })) expect(row.geolocation).toMatch(/(SE|NO)$/)
    for (const row of await rows({ duration: { gte: 86_400 * 30 } }))
      expect(row.duration).toBeGreaterThanOrEqual(2_592_000)
    for (const row of await rows({ target_reliability: { eq: 0.98 } }))
      expect(row.expected_reliability).toBeGreaterThanOrEqual(0.98)
    const all = await rows({})
    expect(await rows({ external: { eq: false } })).toHaveLength(all.length)
    expect(await rows({ rented: { eq: true } })).toHaveLength(all.length)
    expect(await rows({ rentable: { eq: true } })).toHaveLength(all.length)
    expect(await rows({ no_such_field: { eq: 1 } })).toHaveLength(all.length)
    expect(await rows({ gpu_name: { eq: "RTX_4090" } })).toHaveLength(0)
    expect(await rows({ id: { eq: all[0].id } })).toHaveLength(0)
    expect(await rows({ ask_contract_id: { eq: all[0].id } })).toHaveLength(1)
    expect((await rows({ driver_version: { gte: 550_000_000 } })).length).toBeLessThan(all.length)
  })

  it("sorts, limits, and prices the disk asked for", async () => {
    const { call } = createClient({ offers: 200 })
    const one = await call("POST", bundles, { limit: 5, order: [["dph_total", "asc"]], allocated_storage: 100 })
    const prices = one.body.offers.map((offer: { dph_total: number }) => offer.dph_total)
    expect(prices).toEqual([...prices].sort((a, b) => a - b))
    expect(prices).toHaveLength(5)
    for (const offer of one.body.offers) {
      expect(offer.disk_space).toBeGreaterThanOrEqual(100)
      expect(offer.storage_total_cost).toBeCloseTo((offer.storage_cost * 100) / 720, 12)
      expect(offer.dph_total).toBeCloseTo(offer.dph_base + offer.storage_total_cost, 12)
    }
    const all = await call("POST", bundles, {})
    expect(all.body.offers).toHaveLength(64)
    const scores = all.body.offers.map((offer: { score: number }) => offer.score)
    expect(scores).toEqual([...scores].sort((a, b) => b - a))
    expect((await call("POST", bundles, { limit: 5000 })).body.offers).toHaveLength(200)
    expect((await call("POST", bundles, { limit: 0 })).body.offers).toHaveLength(0)
  })

  it("quotes the minimum bid on a bid search", async () => {
    const { call } = createClient()
    for (const type of ["bid", "interruptible"]) {
      const { body } = await call("POST", bundles, { type, limit: 3 })
      for (const offer of body.offers) expect(offer).toMatchObject({ dph_base: offer.min_bid, is_bid: true })
    }
    for (const type of ["on-demand", "ondemand", "reserved"]) {
      const { body } = await call("POST", bundles, { type, limit: 3 })
      for (const offer of body.offers) expect(offer.dph_base).toBeGreaterThan(offer.min_bid)
    }
  })

  it("answers its other two forms alike", async () => {
    const { call } = createClient()
    const query = { gpu_name: { eq: "H100 SXM" }, limit: 4, order: [["dph_total", "asc"]] }
    const { body } = await call("POST", bundles, query)
    expect((await call("GET", `${bundles}?q=${encodeURIComponent(JSON.stringify(query))}`)).body).toEqual(body)
    expect((await call("PUT", "/api/v0/search/asks/", { select_cols: ["*"], q: query })).body).toEqual(body)
    const columns = await call("PUT", "/api/v0/search/asks/", { select_cols: ["id", "nothing"], q: query })
    expect(columns.body.offers[0]).toEqual({ id: body.offers[0].id, nothing: null })
  })

  it("refuses bad queries", async () => {
    const { call } = createClient()
    const invalid = { error: "invalid_request", msg: "Invalid json body" }
    expect(await call("POST", bundles, "{")).toEqual({ status: 400, body: invalid })
    expect(await call("POST", bundles, "[]")).toEqual({ status: 400, body: invalid })
    expect(await call("GET", `${bundles}?q={`)).toEqual({ status: 400, body: invalid })
    expect(await call("GET", `${bundles}?q=[]`)).toEqual({ status: 400, body: invalid })
    expect(await call("PUT", "/api/v0/search/asks/", "{")).toEqual({ status: 400, body: invalid })
    expect(await call("PUT", "/api/v0/search/asks/", { q: 3 })).toEqual({ status: 400, body: invalid })
    const operator = await call("POST", bundles, { gpu_ram: { about: 24 } })
    expect(operator).toMatchObject({ status: 400, body: { error: "invalid_request" } })
    expect(operator.body.msg).toContain("is not a valid search op")
    expect((await call("POST", bundles, { geolocation: { gte: "SE" } })).status).toBe(400)
    expect((await call("POST", bundles, { gpu_name: "RTX 4090" })).status).toBe(400)
  })

  it("names the GPUs of the market to anybody", async () => {
    const { simulator } = createClient()
    const response = await simulator.fetch(`${simulator.origin}/api/v0/gpu_names/unique/`)
    const { gpu_names } = (await response.json()) as { gpu_names: string[] }
    expect(gpu_names).toContain("RTX 4090")
    expect(gpu_names).toContain("B200")
  })

  it("generates and searches ten thousand offers fast, the same ones for the same seed", async () => {
    const [a, b] = [createClient({ offers: 10_000, seed: 7 }), createClient({ offers: 10_000, seed: 7 })]
    const query = { limit: 20, gpu_name: { in: ["RTX 4090", "H100 SXM"] }, order: [["dph_total", "asc"]] }
    const start = process.cpuUsage()
    const first = await a.call("POST", bundles, query)
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(2000)
    expect((await b.call("POST", bundles, query)).body).toEqual(first.body)
    const ids = (await a.call("POST", bundles, { limit: 10_000 })).body.offers.map((offer: { id: number }) => offer.id)
    expect(new Set(ids).size).toBe(10_000)
  })
})
