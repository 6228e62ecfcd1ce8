import { undiciTransport } from "@anygpu/core/adapter"
import { vast } from "@anygpu/vast"
import { createGpu, money, type OfferFilter } from "anygpu"
import { Agent, request } from "undici"
import { type Market, searchPath } from "./market.ts"

/*
 * One question asked in two ways: the offers of one cloud, filtered and cheapest first. Both get the same bytes.
 */

const mostPerHour = 3
const leastVcpus = 8

const filter: OfferFilter = { minVcpus: leastVcpus, maxPerHour: money(mostPerHour) }

/** How many offers were found. */
export type Search = () => Promise<number>

/** Everything the SDK does. A client of its own each time, as the rate limit of searching would make it wait. */
export const withSdk = (market: Market): Search => {
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
export const byHand = (market: Market): Search => {
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
      const response = await request(market.url + searchPath, {
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
