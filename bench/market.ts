import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { createVastSimulator } from "@anygpu/simulators"

type Row = Readonly<Record<string, unknown>> & { readonly dph_total: number }

/** A market on this machine that answers every search with bytes prepared once. */
export interface Market {
  readonly url: string
  readonly apiKey: string
  /** The bytes served for the last search, and how many requests there were in all. */
  readonly served: () => { readonly bytes: number; readonly requests: number }
  readonly close: () => Promise<void>
}

/** The rows of the simulator's market as it sends them, cheapest first. */
const rowsOf = async (count: number): Promise<ReadonlyArray<Row>> => {
  const simulator = createVastSimulator({ seed: 11, offers: count, rateLimits: false })
  const response = await simulator.fetch(`${simulator.origin}/api/v0/bundles/`, {
    method: "POST",
    headers: { authorization: `Bearer ${simulator.apiKey}` },
    body: JSON.stringify({ type: "on-demand", limit: count, order: [["dph_total", "asc"]], allocated_storage: 10 })
  })
  const { offers } = (await response.json()) as { readonly offers: ReadonlyArray<Row> }
  return offers
}

/** What a search says about its page. */
interface Search {
  readonly limit: number
  readonly dph_total?: { readonly gte?: number }
}

/** Serves `count` offers: each search gets the page that starts at its least price, and no other filter is applied. */
export const openMarket = async (count: number): Promise<Market> => {
  const rows = await rowsOf(count)
  const pages = new Map<string, Buffer>()
  let bytes = 0
  let requests = 0

  const pageOf = ({ limit, dph_total }: Search): Buffer => {
    const from = dph_total?.gte ?? 0
    const key = `${from} ${limit}`
    const known = pages.get(key)
    if (known) return known
    const page = rows.filter((row) => row.dph_total >= from).slice(0, limit)
    const made = Buffer.from(JSON.stringify({ offers: page }))
    pages.set(key, made)
    return made
  }

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(Buffer.from(chunk))
    const page = pageOf(JSON.parse(Buffer.concat(chunks).toString("utf8")) as Search)
    bytes = page.length
    requests++
    response.writeHead(200, { "content-type": "application/json", "content-length": page.length })
    response.end(page)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    apiKey: "a-key-of-the-benchmark",
    served: () => ({ bytes, requests }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
  }
}
