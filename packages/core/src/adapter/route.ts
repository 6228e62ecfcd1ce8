import * as Duration from "effect/Duration"
import { observeAttempt } from "../telemetry.ts"
import type { Endpoint } from "./endpoint.ts"

/** How long a request may take that says nothing else. */
const usualTimeout = Duration.seconds(30)

/** What all calls of an endpoint have in common. */
export interface Route {
  readonly name: string
  readonly timeout: Duration.Duration
  readonly observed: ReturnType<typeof observeAttempt>
}

/** The routes of one caller, each made at the first call of its endpoint. */
export const makeRoutes = (provider: string): ((endpoint: Endpoint) => Route) => {
  const routes = new WeakMap<Endpoint, Route>()
  return (endpoint) => {
    const existing = routes.get(endpoint)
    if (existing) return existing
    const { operation, method, path, timeout } = endpoint
    const route: Route = {
      name: `${method} ${path}`,
      timeout: timeout === undefined ? usualTimeout : Duration.fromInputUnsafe(timeout),
      observed: observeAttempt({ provider, operation, method, path })
    }
    routes.set(endpoint, route)
    return route
  }
}
