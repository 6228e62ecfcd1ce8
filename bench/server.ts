import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import {
  createHuddleSimulator,
  createVastSimulator,
  type HuddleSimulator,
  type VastSimulator
} from "@anygpu/simulators"
import { searchPath } from "./market.ts"

/*
 * A cloud in a process of its own, so that its work is no part of what is measured: it answers from bytes prepared once.
 *
 *   server.ts <number of offers> <pages: "paged" or "whole"> <"ascii", to send no other characters>
 */

interface Row {
  readonly dph_total: number
}

/** What a search says about its page. */
interface Search {
  readonly limit: number
  readonly dph_total?: { readonly gte?: number }
}

const [count, pages, characters] = [Number(process.argv[2]), process.argv[3], process.argv[4]]

const ask = async (
  simulator: VastSimulator | HuddleSimulator,
  method: string,
  path: string,
  body?: unknown
): Promise<string> => {
  const response = await simulator.fetch(simulator.origin + path, {
    method,
    headers: { authorization: `Bearer ${simulator.apiKey}`, "x-api-key": simulator.apiKey },
    ...(body === undefined ? {} : { body: JSON.stringify(body) })
  })
  if (!response.ok) throw new Error(`the simulator answered ${response.status}: ${await response.text()}`)
  return response.text()
}

/** The market's rows as the simulator sends them, cheapest first; each batch is a market of its own. */
const marketOf = async (): Promise<ReadonlyArray<Row>> => {
  const rows: Row[] = []
  for (let seed = 11; rows.length < count; seed++) {
    const offers = Math.min(10_000, count - rows.length)
    const simulator = createVastSimulator({ seed, offers, rateLimits: false })
    const search = { type: "on-demand", limit: offers, order: [["dph_total", "asc"]], allocated_storage: 10 }
    const answer = JSON.parse(await ask(simulator, "POST", searchPath, search)) as {
      readonly offers: ReadonlyArray<Row & { readonly id: number }>
    }
    // Simulated ids repeat from market to market, and no two offers of one cloud have one id.
    for (const row of answer.offers) rows.push({ ...row, id: row.id + (seed - 11) * 1_000_000_000 } as Row)
  }
  return rows.sort((a, b) => a.dph_total - b.dph_total)
}

/** A machine of Huddle01 that runs, as the cloud shows it. */
const machineOf = async (): Promise<Buffer> => {
  const simulator = createHuddleSimulator({ seed: 11 })
  const id = simulator.addMachine()
  const text = `${await ask(simulator, "GET", `/api/v1/deployments/${id}`)}`
  // Under the id that the bench asks for: an answer about another machine is refused.
  return Buffer.from(text.replaceAll(id, "dep_1"))
}

const rows = await marketOf()
const machine = await machineOf()
const prepared = new Map<string, Buffer>()

/** The page that starts at the search's least price; no other filter is applied. */
const pageOf = ({ limit, dph_total }: Search): Buffer => {
  const from = dph_total?.gte ?? 0
  const key = pages === "paged" ? `${from} ${limit}` : String(from)
  const known = prepared.get(key)
  if (known) return known
  const rest = rows.filter((row) => row.dph_total >= from)
  const text = JSON.stringify({ offers: pages === "paged" ? rest.slice(0, limit) : rest })
  const made = Buffer.from(characters === "ascii" ? text.replace(/[^\0-\x7f]/g, "?") : text)
  prepared.set(key, made)
  return made
}

const server = createServer(async (request, response) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  const searched = request.url === searchPath
  const answer = searched ? pageOf(JSON.parse(Buffer.concat(chunks).toString("utf8")) as Search) : machine
  response.writeHead(200, { "content-type": "application/json", "content-length": answer.length })
  response.end(answer)
})
server.listen(0, "127.0.0.1", () => {
  const whole = pageOf({ limit: count })
  process.send?.({ port: (server.address() as AddressInfo).port, bytes: whole.length })
})
process.on("disconnect", () => process.exit())
