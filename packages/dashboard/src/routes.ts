import type { IncomingMessage, ServerResponse } from "node:http"
import type { Operation, OperationContext } from "@anygpu/operations"
import { momentJson } from "@anygpu/operations/encode"
import { aboutJson } from "./about.ts"
import { sendJson } from "./answer.ts"
import { readJson } from "./body.ts"
import { type Allowance, call, remoteOperations } from "./calls.ts"
import { type Reader, sendEvents } from "./events.ts"
import { Refused } from "./failure.ts"
import type { Following } from "./follow/following.ts"
import type { Live } from "./live/live.ts"
import { openApi } from "./openapi.ts"
import type { Page } from "./static.ts"

/** What the routes work with. */
export interface Site {
  readonly context: Omit<OperationContext, "signal">
  readonly allowance: Allowance
  /** How many times as fast simulated time runs; null where the clouds are real. */
  readonly simulatedSpeed: number | null
  readonly page: Page
  readonly live: Live
  readonly following: Following
  /** Aborted when the server closes. */
  readonly signal: AbortSignal
}

/** One request and its answer. */
export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

const timeOf = ({ context }: Site): string => momentJson(context.now())

/** Aborted when the other side goes away, or the server closes. */
const signalOf = ({ signal }: Site, { response }: Exchange): AbortSignal => {
  const gone = new AbortController()
  response.once("close", () => gone.abort(new DOMException("The caller went away", "AbortError")))
  return AbortSignal.any([signal, gone.signal])
}

const callOperation = async (site: Site, exchange: Exchange, operation: Operation): Promise<void> => {
  const { request, response } = exchange
  const json = await readJson(request)
  // What changes something is brought to its end, though the page that asked for it is closed.
  const signal = operation.effect === "read" ? signalOf(site, exchange) : site.signal
  try {
    sendJson(response, 200, await call(operation, { ...site, context: { ...site.context, signal } }, json))
  } finally {
    if (operation.effect !== "read") site.live.changed()
  }
}

const followOperation = async (site: Site, { request, response }: Exchange, operation: Operation): Promise<void> => {
  if (operation.effect !== "read")
    throw new Refused(404, "NotFound", `${operation.name} is not an operation that reads`)
  const json = await readJson(request)
  const { reader, onNews, leave } = site.following.follow(operation, json)
  await sendEvents({ response, signal: site.signal, reader: reader(), listen: onNews }).finally(leave)
}

const sendLive = async (site: Site, { request, response }: Exchange): Promise<void> => {
  const { state, join } = site.live
  const last = request.headers["last-event-id"]
  let cursor: string | null = typeof last === "string" ? last : null
  const reader: Reader = {
    next: () => {
      const found = state.since(cursor, timeOf(site))
      if (!found) return null
      cursor = found.cursor
      return { event: "entries", data: found.news, id: found.cursor }
    }
  }
  const leave = join()
  await sendEvents({ response, signal: site.signal, reader, listen: state.onNews }).finally(leave)
}

type Route = (site: Site, exchange: Exchange) => Promise<void>

const documents: ReadonlyMap<string, Route> = new Map<string, Route>([
  ["live", sendLive],
  [
    "about",
    async ({ context, allowance, simulatedSpeed }, { response }) =>
      sendJson(response, 200, await aboutJson(context, allowance, simulatedSpeed))
  ],
  ["openapi.json", async (_, { response }) => sendJson(response, 200, await openApi())]
])

const operationRoute = (name: string): Route | null => {
  const [, of = "", ending] = /^([a-z-]{1,40})(\/follow)?$/.exec(name) ?? []
  const operation = remoteOperations.get(of)
  if (!operation) return null
  return (site, exchange) => (ending ? followOperation : callOperation)(site, exchange, operation)
}

/** Answers a request below `/api/v1/`; the caller was let in already. */
export const answerApi = async (site: Site, exchange: Exchange, name: string): Promise<void> => {
  const { method } = exchange.request
  const document = documents.get(name)
  const route = document ?? operationRoute(name)
  if (!route) throw new Refused(404, "NotFound", "There is no such route: see /api/v1/openapi.json")
  const wanted = document ? "GET" : "POST"
  if (method !== wanted) {
    throw new Refused(405, "InvalidRequest", `${method} is not possible here: use ${wanted}`, { allow: wanted })
  }
  await route(site, exchange)
}
