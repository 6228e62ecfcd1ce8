import { Agent, type Dispatcher } from "undici"
import { type Body, makeBody } from "./body-text.ts"
import { type Exchange, transportOver } from "./exchange.ts"
import type { Transport, WireRequest, WireResponse } from "./transport.ts"

/** What {@link undiciTransport} may be told. */
export interface UndiciOptions {
  /** An undici dispatcher of your own: a proxy, a mock. Without one, a pool of kept-alive connections per origin. */
  readonly dispatcher?: Dispatcher
}

type Headers = Parameters<NonNullable<Dispatcher.DispatchHandler["onResponseStart"]>>[2]

const plainHeaders = (given: Headers): Record<string, string> => {
  const plain: Record<string, string> = {}
  for (const name of Object.keys(given)) {
    const value = given[name]
    if (value !== undefined) plain[name.toLowerCase()] = Array.isArray(value) ? value.join(", ") : value
  }
  return plain
}

/** Sends a request by undici's own dispatch, which `request` is made of as well: nobody needs the body as a stream. */
const beginOn =
  (dispatcher: Dispatcher) =>
  ({ url, method, headers, body }: WireRequest): Exchange => {
    const { origin, pathname, search } = new URL(url)
    const options: Dispatcher.DispatchOptions = {
      origin,
      path: pathname + search,
      method,
      headers,
      headersTimeout: 0,
      bodyTimeout: 0,
      ...(body === undefined ? {} : { body })
    }
    let controller: Dispatcher.DispatchController | undefined
    let aborted: Error | undefined
    const response = new Promise<WireResponse>((resolve, reject) => {
      let status = 0
      let answered: Record<string, string> = {}
      let received: Body | undefined
      dispatcher.dispatch(options, {
        onRequestStart: (started) => {
          controller = started
          if (aborted) started.abort(aborted)
        },
        onResponseStart: (_, statusCode, given) => {
          // After an interim answer (1xx) the real one takes its place.
          status = statusCode
          answered = plainHeaders(given)
          received = makeBody(Number(answered["content-length"]))
        },
        onResponseData: (_, chunk) => received?.add(chunk),
        onResponseEnd: () => {
          try {
            resolve({ status, headers: answered, text: received?.text() ?? "" })
          } catch (cause) {
            reject(cause)
          }
        },
        onResponseError: (_, cause) => reject(cause)
      })
    })
    const abort = () => {
      aborted = new Error("The request was aborted")
      controller?.abort(aborted)
    }
    return { response, abort }
  }

/**
 * The transport of Node: undici, never the global `fetch`.
 *
 * - Connections are pooled per origin; a request goes over its connection once and is never re-sent.
 * - Node only. For browsers and workers, see `fetchTransport`.
 */
export const undiciTransport = (options: UndiciOptions = {}): Transport => {
  // undici's own limits are off, since they run on real time; only that of connecting stays, for it proves "not sent".
  const dispatcher =
    options.dispatcher ?? new Agent({ headersTimeout: 0, bodyTimeout: 0, connect: { timeout: 10_000 } })
  return transportOver(beginOn(dispatcher))
}
