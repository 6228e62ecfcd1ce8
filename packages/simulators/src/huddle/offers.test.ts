import { describe, expect, it } from "vitest"
import { createHuddleClient } from "../testing/huddle.ts"

interface OfferRow {
  readonly instance_type: string
  readonly gpu_model: string
  readonly gpu_count: number
  readonly total_vram_gb: number
  readonly price_per_hr: number
  readonly is_available: boolean
  readonly regions: ReadonlyArray<{ readonly code: string }>
}

const createMarket = (options = {}) => {
  const client = createHuddleClient(options)
  const search = async (query: string): Promise<{ rows: OfferRow[]; total: number }> => {
    const { body } = await client.call("GET", `/gpus/available?${query}`)
    return { rows: body.data.data, total: body.data.meta.total }
  }
  return { ...client, search }
}

describe("offers", () => {
  it("come six a page unless asked, at most a hundred, and every one once", async () => {
    const { search } = createMarket({ offers: 230 })
    expect((await search("")).rows).toHaveLength(6)
    expect((await search("limit=1000")).rows).toHaveLength(100)
    const seen: string[] = []
    for (let page = 1; ; page++) {
      const { rows, total } = await search(`limit=100&page=${page}&available_only=false`)
      expect(total).toBe(230)
      if (rows.length === 0) break
      seen.push(...rows.map(({ instance_type }) => instance_type))
    }
    expect(new Set(seen).size).toBe(230)
    expect(seen).toHaveLength(230)
  })

  it("hides sold-out types unless asked for them", async () => {
    const { search, simulator } = createMarket()
    simulator.takeCapacity("1H100.80S.30V")
    simulator.takeCapacity("8H200.141S.176V", "FIN-01")
    const names = async (query: string) => (await search(query)).rows.map(({ instance_type }) => instance_type)
    expect(await names("limit=100")).not.toContain("1H100.80S.30V")
    const { rows } = await search("limit=100&available_only=false")
    expect(rows).toHaveLength(24)
    const regionsOf = (name: string) => rows.find((row) => row.instance_type === name)?.regions.map(({ code }) => code)
    expect(regionsOf("1H100.80S.30V")).toEqual(["FIN-01", "FIN-03"])
    expect(regionsOf("8H200.141S.176V")).toEqual(["FIN-03"])
    expect(rows.find((row) => row.instance_type === "1H100.80S.30V")?.is_available).toBe(false)
    simulator.freeCapacity("1H100.80S.30V")
    expect(await names("limit=100")).toContain("1H100.80S.30V")
  })

  it("filters and sorts as documented", async () => {
    const { search } = createMarket()
    const all = (await search("limit=100")).rows
    const by = async (query: string) => (await search(`limit=100&${query}`)).rows
    expect(await by("gpu_model=H200")).toEqual(all.filter(({ gpu_model }) => gpu_model === "H200"))
    expect(await by("max_price=1.71")).toEqual(all.filter(({ price_per_hr }) => price_per_hr <= 1.71))
    expect(await by("min_vram=640")).toEqual(all.filter(({ total_vram_gb }) => total_vram_gb >= 640))
    const column: Readonly<Record<string, (row: OfferRow) => number | string>> = {
      price: (row: OfferRow) => row.price_per_hr,
      vram: (row: OfferRow) => row.total_vram_gb,
      gpu_count: (row: OfferRow) => row.gpu_count,
      gpu_model: (row: OfferRow) => row.gpu_model
    }
    for (const [name, of] of Object.entries(column)) {
      const up = (await by(`sort_by=${name}`)).map(of)
      expect(up).toEqual(up.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0)))
      expect((await by(`sort_by=${name}&sort_order=desc`)).map(of)).toEqual(up.toReversed())
    }
    expect(all).toEqual(await by("sort_by=price&sort_order=asc"))
  })

  it.each(["sort_by=name", "sort_order=up", "max_price=cheap", "min_vram=", "max_price="])(
    "refuses %s",
    async (query) => {
      const { call } = createMarket()
      expect(await call("GET", `/gpus/available?${query}`)).toMatchObject({
        status: 400,
        body: { code: "BAD_REQUEST" }
      })
    }
  )

  it("has an availability that is a hint of any location", async () => {
    const { call, simulator } = createMarket()
    const ask = async (name: string) => (await call("GET", `/deployments/availability/${name}`)).body.data
    simulator.takeCapacity("1H100.80S.30V", "FIN-01")
    expect(await ask("1H100.80S.30V")).toEqual({ cluster_type: "1H100.80S.30V", is_available: true })
    simulator.takeCapacity("1H100.80S.30V")
    expect((await ask("1H100.80S.30V")).is_available).toBe(false)
    expect((await ask("9X1")).is_available).toBe(false)
  })

  it("lists images, regions and volume types", async () => {
    const { call, deploy } = createMarket()
    const { data, meta } = (await call("GET", "/images?cluster_type=1A100.22V")).body.data
    expect(meta.total).toBe(data.length)
    for (const { id, image_type } of data)
      for (const image of [id, image_type])
        expect((await deploy({ image, cluster_type: "1H100.80S.30V" })).status).not.toBe(400)
    expect((await call("GET", "/images?image_type=ubuntu-22.04-cuda-12.4-cluster")).body.data.data).toHaveLength(1)
    expect((await call("GET", "/images?cluster_type=none")).body.data.data).toEqual([])
    const regions = (await call("GET", "/regions")).body.data
    expect(regions.map(({ code }: { code: string }) => code)).toEqual(["FIN-01", "FIN-03"])
    expect((await call("GET", "/volume-types")).body.data).toHaveLength(7)
    expect((await call("GET", "/gpus/available/summary")).body).toEqual({ code: "OK", data: {} })
  })
})
