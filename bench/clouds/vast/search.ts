import { undiciTransport } from "@anygpu/core/adapter"
import { createVastSimulator } from "@anygpu/simulators"
import { vast } from "@anygpu/vast"
import { createGpu, money, type OfferFilter } from "anygpu"
import { Agent, request } from "undici"
import type { Search, SearchPart } from "../../cloud-parts.ts"
import type { Market } from "../../market.ts"

const path = "/api/v0/bundles/"

const mostPerHour = 3
const leastVcpus = 8

const filter: OfferFilter = { minVcpus: leastVcpus, maxPerHour: money(mostPerHour) }

/** Everything the SDK does. A client of its own each time, as the rate limit of searching would make it wait. */
const withSdk = (market: Market): Search => {
  // A market of 100,000 offers in one answer is longer than any cloud's.
  const transport = undiciTransport({ maxAnswerBytes: 1_000_000_000 })
  return async () => {
    const cloud = vast({ apiKey: market.apiKey, baseUrl: market.url, unverified: true, transport })
    const gpu = createGpu({ clouds: [cloud] })
    const offers = await gpu.clouds.vast.containers.offers(filter)
    if (!offers.complete) throw new Error(`the listing is incomplete: ${offers.problems[0]?.error.message}`)
    return offers.items.length
  }
}

interface Row {
  readonly id: number
  readonly dph_total: number
  readonly cpu_cores_effective: number
}

const pageSize = 5_000

/** The least that gives the same answer: the same pages, no checks, no common model. */
const byHand = (market: Market): Search => {
  const dispatcher = new Agent()
  return async () => {
    const found = new Map<number, Row>()
    for (let from: number | undefined; ; ) {
      const price = { ...(from !== undefined && { gte: from }), lte: mostPerHour }
      const body = {
        type: "on-demand",
        limit: pageSize,
        order: [["dph_total", "asc"]],
        cpu_cores_effective: { gte: leastVcpus },
        dph_total: price
      }
      const response = await request(market.url + path, {
        dispatcher,
        method: "POST",
        headers: { authorization: `Bearer ${market.apiKey}`, "content-type": "application/json" },
        body: JSON.stringify(body)
      })
      const { offers } = JSON.parse(await response.body.text()) as { readonly offers: ReadonlyArray<Row> }
      for (const offer of offers) found.set(offer.id, offer)
      if (offers.length < pageSize) break
      from = offers.at(-1)?.dph_total
    }
    return [...found.values()]
      .filter((row) => row.cpu_cores_effective >= leastVcpus && row.dph_total <= mostPerHour)
      .sort((a, b) => a.dph_total - b.dph_total).length
  }
}

/** What a search says about its page. */
interface Page {
  readonly limit: number
  readonly dph_total?: { readonly gte?: number }
}

/** The rows of one market as the simulator sends them. */
const rowsOf = async (seed: number, offers: number): Promise<ReadonlyArray<Row>> => {
  const { fetch, origin, apiKey } = createVastSimulator({ seed, offers, rateLimits: false })
  const search = { type: "on-demand", limit: offers, order: [["dph_total", "asc"]], allocated_storage: 10 }
  const headers = { authorization: `Bearer ${apiKey}` }
  const response = await fetch(origin + path, { method: "POST", headers, body: JSON.stringify(search) })
  if (!response.ok) throw new Error(`the simulator answered ${response.status}: ${await response.text()}`)
  const { offers: rows } = (await response.json()) as { readonly offers: ReadonlyArray<Row> }
  // Simulated ids repeat from market to market, and no two offers of one cloud have one id.
  return rows.map((row) => ({ ...row, id: row.id + (seed - 11) * 1_000_000_000 }))
}

/** Rows of as many markets as it takes, cheapest first. */
const marketOf = async (count: number): Promise<ReadonlyArray<Row>> => {
  const rows: Row[] = []
  for (let seed = 11; rows.length < count; seed++) {
    rows.push(...(await rowsOf(seed, Math.min(10_000, count - rows.length))))
  }
  return rows.sort((a, b) => a.dph_total - b.dph_total)
}

/** The page that starts at a search's least price; no other filter is applied. */
const answers: SearchPart["answers"] = async (count, pages) => {
  const rows = await marketOf(count)
  return (body) => {
    const { limit, dph_total } = JSON.parse(body) as Page
    const from = dph_total?.gte ?? 0
    return {
      key: pages === "paged" ? `${from} ${limit}` : String(from),
      text: () => {
        const rest = rows.filter((row) => row.dph_total >= from)
        return JSON.stringify({ offers: pages === "paged" ? rest.slice(0, limit) : rest })
      }
    }
  }
}

/** Vast.ai's offers: a market that is searched in pages, and of which there can be any number. */
export const search: SearchPart = {
  ...{ path, answers, withSdk, byHand },
  whole: (count) => JSON.stringify({ limit: count } satisfies Page)
}
