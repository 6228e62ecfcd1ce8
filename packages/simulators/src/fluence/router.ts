import type { Incoming, Reply } from "../kit/http.ts"
import { createRouter, dispatch } from "../kit/router.ts"
import { cpuRoutes } from "./cpu/routes.ts"
import { gpuRoutes } from "./gpu/routes.ts"
import { failed, movedTo, noRoute } from "./http.ts"
import { keyRoutes } from "./keys.ts"
import type { World } from "./world.ts"

const router = createRouter([...gpuRoutes, ...cpuRoutes, ...keyRoutes])

/** The template of the route a request goes to. */
export const templateOf = (method: string, path: string): string | undefined => router.match(method, path)?.route.path

/**
 * Whether a request carries the key.
 *
 * - `X-API-KEY: <key>`. Source: Fluence docs, API introduction. `Authorization: Bearer <key>`: the same docs in 2025, and
 *   still Order VM. `Authorization: X-API-KEY <key>`: the text of the vendor's OpenAPI document.
 */
export const isAuthorized = ({ headers }: Incoming, apiKey: string): boolean => {
  const [, scheme = "", sent = ""] = /^(\S+)\s+(.+)$/.exec(headers.get("authorization") ?? "") ?? []
  return headers.get("x-api-key") === apiKey || (/^(?:bearer|x-api-key)$/i.test(scheme) && sent === apiKey)
}

/**
 * Answers one request against the world.
 *
 * - A path of the GPU family with a slash too few or too many is a 307 to the other one: undocumented, as the framework
 *   does that its validation errors come from. Elsewhere it is unknown.
 * - Without a key or with a wrong one: 403. Source: Fluence docs, API introduction.
 */
export const answer = (world: World, incoming: Incoming, apiKey: string): Reply => {
  const path = incoming.url.pathname
  if (path.startsWith("/gpu/") && !router.knows(path)) {
    const other = path.endsWith("/") ? path.slice(0, -1) : `${path}/`
    if (router.knows(other)) return movedTo(incoming.url, other)
  }
  return dispatch(router, incoming, {
    refuse: () => (isAuthorized(incoming, apiKey) ? undefined : failed(403, "Auth failed. No such API Key")),
    missing: (known) => noRoute(path, known),
    handle: ({ route, params }, sent) => route.handler({ ...sent, world, params })
  })
}
