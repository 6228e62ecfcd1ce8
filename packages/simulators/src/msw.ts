import { type HttpHandler, HttpResponse, http } from "msw"
import type { FluenceSimulator } from "./fluence/types.ts"
import type { HuddleSimulator } from "./huddle/types.ts"
import type { Simulator } from "./kit/simulator.ts"
import { logOrigin } from "./vast/routes/logs.ts"
import type { VastSimulator } from "./vast/types.ts"

/**
 * Handlers for msw that answer a cloud's API from its simulator.
 *
 * - `more` are patterns of what the simulator answers on other hosts.
 * - A connection the simulator resets rejects the caller's fetch, as a network error does.
 */
export const handlers = (
  simulator: Pick<Simulator, "origin" | "fetch">,
  more: readonly string[] = []
): HttpHandler[] => {
  const answer = ({ request }: { request: Request }) => simulator.fetch(request).catch(() => HttpResponse.error())
  return [`${simulator.origin}/*`, ...more].map((pattern) => http.all(pattern, answer))
}

/** Handlers for msw that answer Vast's API and the host of uploaded logs from a simulator. */
export const vastHandlers = (simulator: VastSimulator): HttpHandler[] => handlers(simulator, [`${logOrigin}/vast.ai/*`])

/** Handlers for msw that answer Huddle01's GPU API from a simulator. */
export const huddleHandlers = (simulator: HuddleSimulator): HttpHandler[] => handlers(simulator)

/** Handlers for msw that answer Fluence's API from a simulator. */
export const fluenceHandlers = (simulator: FluenceSimulator): HttpHandler[] => handlers(simulator)
