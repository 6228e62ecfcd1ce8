import { Agent, type Dispatcher, request as send } from "undici"
import { bodyText } from "./body-text.ts"
import { transportOver } from "./exchange.ts"
import type { Transport } from "./transport.ts"

/** What {@link undiciTransport} may be told. */
export interface UndiciOptions {
  /** An undici dispatcher of your own: a proxy, a mock. Without one, a pool of kept-alive connections per origin. */
  readonly dispatcher?: Dispatcher
}

const plainHeaders = (given: Dispatcher.ResponseData["headers"]): Record<string, string> => {
  const plain: Record<string, string> = {}
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined) plain[name.toLowerCase()] = Array.isArray(value) ? value.join(", ") : value
  }
  return plain
}

/**
 * The transport of Node: undici's `request`, never the global `fetch`.
 *
 * - Connections are pooled per origin; a request goes over its connection once and is never re-sent.
 * - Node only. For browsers and workers, see `fetchTransport`.
 */
export const undiciTransport = (options: UndiciOptions = {}): Transport => {
  // undici's own limits are off, since they run on real time; only that of connecting stays, for it proves "not sent".
  const dispatcher =
    options.dispatcher ?? new Agent({ headersTimeout: 0, bodyTimeout: 0, connect: { timeout: 10_000 } })
  return transportOver(async ({ url, method, headers, body }, signal) => {
    const response = await send(url, {
      dispatcher,
      method,
      headers,
      signal,
      headersTimeout: 0,
      bodyTimeout: 0,
      ...(body === undefined ? {} : { body })
    })
    return {
      status: response.statusCode,
      headers: plainHeaders(response.headers),
      text: await bodyText(response)
    }
  })
}
