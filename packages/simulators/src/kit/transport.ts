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

/** Turns an exchange into what a global fetch would give, or throws what it would throw. */
export const toResponse = (exchange: Exchange, url: URL): Response => {
  if (exchange.kind === "lost") throw connectionReset()
  const empty = exchange.status === 204 || exchange.status === 304
  const body = exchange.kind === "cut" ? brokenBody(exchange.body) : empty ? null : exchange.body
  const response = new Response(body, { status: exchange.status, headers: exchange.headers })
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
