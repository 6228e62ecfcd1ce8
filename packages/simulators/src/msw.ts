import { type HttpHandler, HttpResponse, http } from "msw"
import type { Reachable } from "./kit/simulator.ts"

/**
 * Handlers for msw that answer a cloud's API, and what it serves on other hosts, from its simulator.
 *
 * - A connection the simulator resets rejects the caller's fetch, as a network error does.
 */
export const handlers = (simulator: Pick<Reachable, "urls" | "fetch">): HttpHandler[] => {
  const answer = ({ request }: { request: Request }) => simulator.fetch(request).catch(() => HttpResponse.error())
  return simulator.urls.map((pattern) => http.all(pattern, answer))
}
