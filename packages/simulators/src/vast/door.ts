import { createDoor, movedTo } from "../kit/door.ts"
import { type Incoming, plain, type Reply } from "../kit/http.ts"
import { failure } from "./http.ts"
import { limited } from "./limiter.ts"
import { type Route, routes } from "./routes/index.ts"
import { listInstancesV0 } from "./routes/list.ts"
import { isLogPath, readLog } from "./routes/logs.ts"
import { findMachine, type World } from "./world.ts"

/**
 * The answer to a request without the key.
 *
 * - No header: 403, on volumes a 401. A wrong key: 404 on search, 401 elsewhere. Source: Vast docs, charges, search, show
 *   volumes and show instance.
 */
const unauthorized = ({ access }: Route, { headers }: Incoming): Reply | undefined => {
  if (access === "open") return undefined
  if (headers.has("authorization")) return failure(access === "search" ? 404 : 401, "auth_error", "Invalid user key")
  if (access === "volumes") return { status: 401, json: { detail: "Authentication credentials were not provided." } }
  return failure(403, "auth_error", "This action requires login.")
}

/**
 * Whether a request carries the key that one machine has inside it, and is about starting, stopping or destroying that one.
 *
 * - Source: Vast docs, docker environment.
 */
const isOfMachine = ({ method, url, headers }: Incoming, world: World): boolean => {
  const [, id] = /^\/api\/v0\/instances\/(\d+)\/$/.exec(url.pathname) ?? []
  const machine = id === undefined ? undefined : findMachine(world, Number(id))
  return (
    (method === "PUT" || method === "DELETE") &&
    machine !== undefined &&
    headers.get("authorization") === `Bearer ${machine.apiKey}`
  )
}

/** The v0 list, once it is retired, as other clients have seen it. Nothing but the code is known of its answer. */
const retired: Reply = { status: 410, json: { error: "deprecated_endpoint" } }

/**
 * Who is let in, and what is answered where no handler is.
 *
 * - A path without its trailing slash is a 301 to the slashed one. Source: observed by another client.
 * - Unknown paths and methods are a plain 404 and 405: undocumented.
 */
export const door = createDoor<World, Route>({
  routes,
  isAuthorized: (incoming, apiKey, world) =>
    incoming.headers.get("authorization") === `Bearer ${apiKey}` || isOfMachine(incoming, world),
  unauthorized: ({ route }, incoming) => unauthorized(route, incoming),
  missing: (known) => (known ? plain(405, "405: Method Not Allowed") : plain(404, "404: Not Found")),
  before: (world, incoming, router) => {
    const { method, url, headers } = incoming
    const path = url.pathname
    if (isLogPath(path)) return readLog(world, path, headers.get("authorization"))
    if (!path.endsWith("/") && router.knows(`${path}/`)) return movedTo(incoming, `${path}/`, 301)
    return world.v0ListRetired && router.match(method, path)?.route.handler === listInstancesV0 ? retired : undefined
  },
  refuse: ({ route }, world) => (world.rateLimits ? limited(world, route) : undefined)
})
