import { Agent, type Dispatcher, EnvHttpProxyAgent } from "undici"
import { thrownBy } from "../caller-frame.ts"
import { InvalidRequest } from "../errors.ts"
import { type AnswerLimit, type AnswerSize, answerSize } from "./answer-size.ts"
import { type Body, makeBody } from "./body-text.ts"
import { type Begin, transportOver } from "./exchange.ts"
import type { Transport, WireResponse } from "./transport.ts"

/** The options of {@link undiciTransport}. */
export interface UndiciOptions extends AnswerLimit {
  /**
   * An undici dispatcher of your own: a proxy, a mock. Without one, a pool of kept-alive connections per origin, through
   * the proxy that `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` name.
   */
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
  (dispatcher: Dispatcher, size: AnswerSize): Begin =>
  ({ url, method, headers, body }, listener) => {
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
      let counted = size.counter()
      const stop = (cause: Error): void => {
        received = undefined
        controller?.abort(cause)
        reject(cause)
      }
      dispatcher.dispatch(options, {
        onRequestStart: (started) => {
          controller = started
          if (aborted) started.abort(aborted)
        },
        onResponseStart: (_, statusCode, given) => {
          // After an interim answer (1xx) the real one takes its place.
          status = statusCode
          answered = plainHeaders(given)
          const isTooLarge = size.announced(answered["content-length"])
          if (isTooLarge) return stop(isTooLarge)
          received = makeBody(Number(answered["content-length"]))
          counted = size.counter()
          listener?.head(status, answered)
        },
        onResponseData: (_, chunk) => {
          const isTooLarge = counted(chunk.length)
          if (isTooLarge) return stop(isTooLarge)
          received?.add(chunk)
          listener?.part(chunk)
        },
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

/** undici's own limits are off, since they run on real time; only that of connecting stays, for it proves "not sent". */
const agentOptions = { headersTimeout: 0, bodyTimeout: 0, connect: { timeout: 10_000 } }

const proxyVariables = ["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY"]

/** Connections straight to the clouds, or through the proxy that the environment names. */
const usualDispatcher = (): Dispatcher => {
  const named = proxyVariables.filter((name) => process.env[name])
  if (named.length === 0) return new Agent(agentOptions)
  try {
    return new EnvHttpProxyAgent(agentOptions)
  } catch {
    const wrong = named.find((name) => !URL.canParse(process.env[name] ?? "")) ?? named.join(", ")
    const problem = 'is no address of a proxy: give one such as "http://proxy.example:3128"'
    throw thrownBy(undiciTransport, InvalidRequest.of(wrong, problem))
  }
}

/**
 * The transport of Node: undici, never the global `fetch`.
 *
 * - Connections are pooled per origin; a request goes over its connection once and is never re-sent.
 * - Heeds `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` of the environment, unless a dispatcher is given.
 * - Throws `InvalidRequest` for a proxy or a limit that is not understood.
 * - Node only. For browsers and workers, see `fetchTransport`.
 */
export const undiciTransport = ({ dispatcher = usualDispatcher(), ...limit }: UndiciOptions = {}): Transport =>
  transportOver(beginOn(dispatcher, answerSize(limit, undiciTransport)))
