import { type Incoming, plain, type Reply } from "../kit/http.ts"
import { createRouter, dispatch, type Match } from "../kit/router.ts"
import { failure } from "./http.ts"
import { limited } from "./limiter.ts"
import { type Route, routes } from "./routes/index.ts"
import { listInstancesV0 } from "./routes/list.ts"
import { isLogPath, logOrigin, readLog } from "./routes/logs.ts"
import type { World } from "./world.ts"

/** Who may call. */
export interface Gate {
  readonly apiKey: string
  readonly userId: number
  readonly rateLimits: boolean
  /** Whether the v0 list is retired. */
  readonly v0ListRetired: boolean
}

const router = createRouter(routes)

/** The template of the route a request goes to. */
export const templateOf = (method: string, path: string): string | undefined => router.match(method, path)?.route.path

/** Whether a request carries the key. */
export const isAuthorized = ({ headers }: Incoming, apiKey: string): boolean =>
  headers.get("authorization") === `Bearer ${apiKey}`

/**
 * Checks the key of a request.
 *
 * - No header: 403, on volumes a 401. A wrong key: 404 on search, 401 elsewhere. Source: Vast docs, charges, search, show volumes and
 *   show instance.
 */
const unauthorized = ({ route }: Match<Route>, incoming: Incoming, { apiKey }: Gate): Reply | undefined => {
  if (route.access === "open" || isAuthorized(incoming, apiKey)) return undefined
  if (route.access === "volumes" && !incoming.headers.has("authorization"))
    return { status: 401, json: { detail: "Authentication credentials were not provided." } }
  if (!incoming.headers.has("authorization")) return failure(403, "auth_error", "This action requires login.")
  return failure(route.access === "search" ? 404 : 401, "auth_error", "Invalid user key")
}

/** The v0 list, once it is retired, as other clients have seen it. Nothing but the code is known of its answer. */
const retired = ({ route }: Match<Route>): Reply | undefined =>
  route.handler === listInstancesV0 ? { status: 410, json: { error: "deprecated_endpoint" } } : undefined

/**
 * Answers one request against the world.
 *
 * - A path without its trailing slash is a 301 to the slashed one. Source: observed by another client.
 * - Unknown paths and methods are a plain 404 and 405: undocumented.
 */
export const answer = (world: World, incoming: Incoming, gate: Gate): Reply => {
  const { url, headers, server } = incoming
  if (isLogPath(url.pathname)) return readLog(world, url.pathname, headers.get("authorization"))
  if (!url.pathname.endsWith("/") && router.knows(`${url.pathname}/`))
    return { ...plain(301, ""), headers: { location: `${url.origin}${url.pathname}/${url.search}` } }
  return dispatch(router, incoming, {
    refuse: (match) =>
      (gate.v0ListRetired ? retired(match) : undefined) ??
      unauthorized(match, incoming, gate) ??
      (gate.rateLimits ? limited(world, match.route) : undefined),
    missing: (known) => (known ? plain(405, "405: Method Not Allowed") : plain(404, "404: Not Found")),
    handle: ({ route, params }, sent) =>
      route.handler({
        ...{ ...sent, world, params, logOrigin: server ?? logOrigin },
        ...{ apiKey: gate.apiKey, userId: gate.userId }
      })
  })
}
