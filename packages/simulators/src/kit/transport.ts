import type { Exchange } from "./exchange.ts"

const half = (text: string) => text.slice(0, Math.floor(text.length / 2))

/** The error of a global fetch whose connection was reset, as Node reports it. */
const connectionReset = (message = "fetch failed"): TypeError =>
  new TypeError(message, {
    cause: Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET", errno: -104, syscall: "read" })
  })

/** A body that breaks in the middle: half of the text, then a network error. */
const brokenBody = (text: string): ReadableStream<Uint8Array> => {
  let sent = false
  return new ReadableStream({
    pull(controller) {
      if (sent) return controller.error(connectionReset("terminated"))
      sent = true
      controller.enqueue(new TextEncoder().encode(half(text)))
    }
  })
}

/** A body that stays open after its text, until the request is aborted. */
const openBody = (text: string, signal: AbortSignal): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start(controller) {
      if (text !== "") controller.enqueue(new TextEncoder().encode(text))
      signal.addEventListener("abort", () => controller.error(signal.reason), { once: true })
    }
  })

const bodyOf = ({ kind, status, body }: Exchange, signal: AbortSignal) => {
  if (kind === "cut") return brokenBody(body)
  if (kind === "open") return openBody(body, signal)
  return status === 204 || status === 304 ? null : body
}

/** Turns an exchange into what a global fetch would give, or throws what it would throw. */
export const toResponse = (exchange: Exchange, url: URL, signal: AbortSignal): Response => {
  if (exchange.kind === "lost") throw connectionReset()
  const { status, headers } = exchange
  const response = new Response(bodyOf(exchange, signal), { status, headers })
  Object.defineProperty(response, "url", { value: url.href })
  return response
}

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/** Where a response sends its request on, if it does. */
export const locationOf = ({ status, headers }: Exchange): string | undefined =>
  redirects.has(status) ? headers.location : undefined

/** Whether fetch turns a redirected request into a GET without its body: a POST on 301 and 302, all but HEAD on 303. */
const becomesGet = (status: number, method: string): boolean =>
  status === 303 ? method !== "GET" && method !== "HEAD" : status < 303 && method === "POST"

/** What a redirected request becomes, as with a global fetch. */
export const redirected = (request: Request, body: string, status: number, location: string): Request => {
  const toGet = becomesGet(status, request.method)
  return new Request(new URL(location, request.url), {
    method: toGet ? "GET" : request.method,
    headers: request.headers,
    signal: request.signal,
    redirect: request.redirect,
    ...(toGet || body === "" ? {} : { body })
  })
}
