import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { join } from "node:path"
import type { OperationContext } from "@anygpu/operations"
import { InvalidRequest, type SpendLimit } from "anygpu"
import { addressOf, checkListen, type ListenOptions, namesOf, openedAt } from "./address.ts"
import { sendFailure } from "./answer.ts"
import { Refused } from "./failure.ts"
import { makeFollowing } from "./follow/following.ts"
import { checkCaller, checkHost, type Gate } from "./gate.ts"
import { makeLive } from "./live/live.ts"
import { answerApi, type Exchange, type Site } from "./routes.ts"
import { readFirstPage, sendFile } from "./static.ts"
import { realTimers, type Timers } from "./timers.ts"
import { newToken } from "./token.ts"

/** How a dashboard is served. */
export interface ServeOptions {
  /** What operations work with. Its client is to rent within `spending`, where that is given. */
  readonly context: Omit<OperationContext, "signal">
  readonly listen?: ListenOptions
  /** Whether it does more than read; false by default. */
  readonly allowChanges?: boolean
  /** The limit that the client of `context` rents within; nothing is rented without. It needs `allowChanges`. */
  readonly spending?: SpendLimit
  /** What callers have to know: at least 32 characters; a new one of 256 random bits by default. */
  readonly token?: string
  /** Whose a launch is that does not say it. */
  readonly owner?: string
  /** How many times as fast the time of simulated clouds runs; absent where they are real. */
  readonly simulatedSpeed?: number
  /** The clock that looks are paced by; this computer's by default. */
  readonly timers?: Timers
}

/** A dashboard that is served. */
export interface Dashboard extends AsyncDisposable {
  /** The address to open, with the token in its fragment: who has it may do all that this server allows. */
  readonly link: string
  /** Where it listens: `http://127.0.0.1:7070`. */
  readonly url: string
  readonly token: string
  /** Answers nothing more, cuts the streams, and waits for what is under way. */
  close(): Promise<void>
}

/** So many requests may be open at once; a page has a handful. */
const mostOpen = 256

/** From one look at what is followed to the next, in milliseconds: simulated prices move in a minute. */
const [realEvery, simulatedEvery] = [30_000, 5_000]

/** The built page: beside this file where it was built, or below its package. */
const folders = ["page", "../dist/page"].map((folder) => join(import.meta.dirname, folder))

const api = "/api/v1/"

const answer = async (gate: Gate, site: Site, exchange: Exchange): Promise<void> => {
  const { request, response } = exchange
  checkHost(request, gate)
  const [path = ""] = (request.url ?? "").split("?")
  if (!path.startsWith(api)) return sendFile(request, response, site.page, path)
  checkCaller(request, gate)
  await answerApi(site, exchange, path.slice(api.length))
}

const checkOptions = ({ listen = {}, allowChanges = false, spending, token }: ServeOptions): void => {
  checkListen(listen)
  if (spending && !allowChanges) {
    throw InvalidRequest.of("allowChanges", "is missing: a machine that is rented has to be ended, which is a change")
  }
  if (token === undefined || /^[\w.~+/-]{32,}$/.test(token)) return
  throw InvalidRequest.of("token", "must have at least 32 letters and digits, as `openssl rand -hex 32` prints them")
}

/** Answers requests, and knows which are under way. */
const answering = (gate: Gate, site: Site) => {
  const open = new Set<Promise<unknown>>()
  const on = (request: IncomingMessage, response: ServerResponse): void => {
    // A caller that goes away in the midst of an answer is no error of this server.
    response.on("error", () => {})
    const full = open.size >= mostOpen || site.signal.aborted
    const refused = new Refused(503, "ProviderFault", "Too many requests are open, or the server is closing: try again")
    const answered = (full ? Promise.reject(refused) : answer(gate, site, { request, response }))
      .catch((error: unknown) => sendFailure(response, error))
      .finally(() => open.delete(answered))
    open.add(answered)
  }
  return { on, settled: () => Promise.allSettled(open) }
}

/**
 * Serves the dashboard: its page, and the operations as routes.
 *
 * - Each call needs the token. Only requests to this server's own names are answered, and only pages of its own may ask.
 * - It reads, unless `allowChanges`; it rents within `spending`, and nothing without.
 * - Ledger and clouds are looked at while somebody looks, once for all who do.
 * - Fails with `InvalidRequest` for an address that others reach without a `publicUrl`, for `spending` without `allowChanges`, and
 *   for a short token; as `node:http` does when it cannot listen.
 */
export const serveDashboard = async (options: ServeOptions): Promise<Dashboard> => {
  checkOptions(options)
  const { context, listen = {}, allowChanges = false, spending = null, owner = null, simulatedSpeed = null } = options
  const { token = newToken(), timers = realTimers } = options
  const closing = new AbortController()
  const every = simulatedSpeed === null ? realEvery : simulatedEvery
  const live = await makeLive({ context, spending, timers })
  const following = makeFollowing({ context, timers, every })
  const site: Site = {
    ...{ context, live, following, simulatedSpeed, signal: closing.signal },
    allowance: { changes: allowChanges, spending, owner },
    page: await readFirstPage(folders)
  }
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 5_000 })
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject)
    server.listen(listen.port ?? 0, listen.host ?? "127.0.0.1", resolve)
  })
  const url = addressOf(server, listen)
  const { on, settled } = answering({ names: namesOf(url, listen), token }, site)
  server.on("request", on)

  const close = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    closing.abort(new DOMException("The server closes", "AbortError"))
    await settled()
    server.closeAllConnections()
    await Promise.all([closed, live.close(), following.close()])
  }
  let closed: Promise<void> | undefined
  const once = () => {
    closed ??= close()
    return closed
  }
  return {
    ...{ url, token, link: `${openedAt(url, listen)}/#token=${token}` },
    close: once,
    [Symbol.asyncDispose]: once
  }
}
