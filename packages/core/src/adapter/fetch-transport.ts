import { bySignal, transportOver } from "./exchange.ts"
import type { Transport } from "./transport.ts"

/** As much of `fetch` as the transport needs, so that a simulator's or a worker's own fits. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/**
 * A transport over any `fetch`: browsers, workers, a simulator in process.
 *
 * - Without an argument it is the global `fetch` of the moment of the call.
 * - A browser hides where a redirect leads: it is reported as a 302 without `location`.
 * - A browser hides why a connection failed as well: then the failure counts as `sent: "maybe"`.
 */
export const fetchTransport = (fetch: Fetch = (url, init) => globalThis.fetch(url, init)): Transport =>
  transportOver(
    bySignal(async ({ url, method, headers, body }, signal) => {
      const response = await fetch(url, {
        method,
        headers,
        signal,
        redirect: "manual",
        ...(body === undefined ? {} : { body })
      })
      return {
        status: response.type === "opaqueredirect" ? 302 : response.status,
        headers: Object.fromEntries(response.headers),
        text: await response.text()
      }
    })
  )
