import { type HttpHandler, HttpResponse, http } from "msw"
import { logOrigin } from "./vast/routes/logs.ts"
import type { VastSimulator } from "./vast/types.ts"

/**
 * Handlers for msw that answer the vendor's API and the host of uploaded logs from a simulator.
 *
 * - A connection the simulator resets rejects the caller's fetch, as a network error does.
 */
export const vastHandlers = (simulator: VastSimulator): HttpHandler[] => {
  const answer = ({ request }: { request: Request }) => simulator.fetch(request).catch(() => HttpResponse.error())
  return [http.all(`${simulator.origin}/*`, answer), http.all(`${logOrigin}/vast.ai/*`, answer)]
}
