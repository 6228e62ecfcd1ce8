import { once } from "node:events"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { EntriesJson, Entry } from "../../src/protocol/index.ts"
import { type Page, sendFile } from "../../src/static.ts"
import { type Allowed, aboutOf } from "./accounts.ts"
import { marketOf, spentOf } from "./market.ts"
import { type CompareInput, compareOffers, offersOf } from "./offers.ts"

/** What the page is shown. */
export interface World extends Allowed {
  /** Epoch milliseconds: the clock of the world stands still. */
  readonly now: number
  readonly entries: ReadonlyArray<Entry>
  readonly offers: number
  /** What an operation answers instead; a function may throw what the server refuses with. */
  readonly answers: Readonly<Record<string, (input: Readonly<Record<string, unknown>>) => unknown>>
}

/** What an operation of the world refuses with. */
export class Refusal extends Error {
  readonly status: number
  readonly tag: string
  constructor(status: number, tag: string, message: string) {
    super(message)
    this.status = status
    this.tag = tag
  }
}

/** One call that came. */
export interface Call {
  readonly name: string
  readonly input: Readonly<Record<string, unknown>>
}

const bodyOf = async (request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> => {
  let text = ""
  for await (const part of request) text += part
  return text === "" ? {} : JSON.parse(text)
}

const answerOf = (world: World, { name, input }: Call): unknown => {
  const own = world.answers[name]
  if (own) return own(input)
  const iso = new Date(world.now).toISOString()
  const whole = { complete: true, problems: [], observedAt: iso }
  const perHour = { all: [{ amount: "13.1", currency: "USD" }], unclaimed: [], uncounted: [] }
  switch (name) {
    case "compare":
      return compareOffers(offersOf(world.offers, world.now), input as CompareInput, world.now)
    case "market-show":
      return marketOf(String(input["gpu"]), world.now, input["since"] === "24h" ? 24 : 168)
    case "spent":
      return spentOf(input, world.now)
    case "audit":
      return {
        claimed: [],
        unclaimed: [],
        overdue: [],
        doubles: [],
        lost: [],
        elsewhere: [],
        unsettled: [],
        perHour,
        ...whole
      }
    case "images":
      return { images: [], lacking: [], ...whole }
    case "doctor":
      return { well: true, checks: [], drift: [], complete: true, problems: [] }
    default:
      throw new Refusal(404, "NotFound", `no operation ${name}`)
  }
}

/** A server that shows the built page a world that is made up, over the same routes as the real one. */
export const serveWorld = async (page: Page, world: World) => {
  const [streams, calls] = [new Set<ServerResponse>(), [] as Call[]]
  const state = { world, next: 1, token: "a-token-of-the-test", port: 0 }
  const event = (response: ServerResponse, change: EntriesJson) =>
    response.write(`id: w-${state.next++}\nevent: entries\ndata: ${JSON.stringify(change)}\n\n`)
  const stream = (response: ServerResponse) => {
    response.writeHead(200, { "content-type": "text/event-stream" })
    streams.add(response)
    response.on("close", () => streams.delete(response))
    return response
  }
  const api = async (request: IncomingMessage, response: ServerResponse, path: string): Promise<void> => {
    const send = (status: number, body: unknown) =>
      void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body))
    const refuse = ({ status, tag, message }: Refusal) =>
      send(status, { error: { tag, message, exitCode: 1, problems: [] } })
    if (request.headers.authorization !== `Bearer ${state.token}`) {
      return refuse(new Refusal(401, "Unauthenticated", "No token, or another one."))
    }
    if (path === "about") return send(200, aboutOf(state.world))
    const at = new Date(state.world.now).toISOString()
    if (path === "live") {
      event(stream(response), { full: true, at, set: [...state.world.entries], removed: [] })
      return
    }
    const call = { name: path, input: await bodyOf(request) }
    calls.push(call)
    if (path === "logs/follow") {
      const lines = [
        "epoch 1  loss 2.114  12.1 it/s",
        "epoch 2  loss 1.873  12.0 it/s",
        "epoch 3  loss 1.702  12.2 it/s"
      ]
      stream(response).write(`event: lines\ndata: ${JSON.stringify({ at, lines, sure: true })}\n\n`)
      return
    }
    try {
      send(200, await answerOf(state.world, call))
    } catch (error) {
      refuse(error instanceof Refusal ? error : new Refusal(500, "Unexpected", String(error)))
    }
  }
  const make = () =>
    createServer((request, response) => {
      const { pathname } = new URL(request.url ?? "/", "http://127.0.0.1")
      if (pathname.startsWith("/api/v1/")) return void api(request, response, pathname.slice(8))
      if (!page.has(pathname)) return void response.writeHead(404).end()
      sendFile(request, response, page, pathname)
    })
  let server = make()
  const open = async () => {
    server = make()
    server.listen(state.port, "127.0.0.1")
    await once(server, "listening")
    const address = server.address()
    if (typeof address === "object" && address) state.port = address.port
  }
  const close = async () => {
    server.closeAllConnections()
    server.close()
    await once(server, "close")
  }
  await open()
  return {
    url: `http://127.0.0.1:${state.port}/`,
    /** The address with its token, as it is printed. */
    address: `http://127.0.0.1:${state.port}/#token=${state.token}`,
    calls,
    /** Shows another world to pages that come, and to those that come back. */
    show: (next: Partial<World>) => {
      state.world = { ...state.world, ...next }
    },
    /** Tells open pages what changed. */
    emit: (set: ReadonlyArray<Entry>, removed: ReadonlyArray<string> = []) => {
      const change = { full: false, at: new Date(state.world.now).toISOString(), set: [...set], removed: [...removed] }
      for (const response of streams) event(response, change)
    },
    /** Goes away: connections break, and nobody answers. */
    goAway: close,
    comeBack: open,
    [Symbol.asyncDispose]: close
  }
}
