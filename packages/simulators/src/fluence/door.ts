import { createDoor, movedTo } from "../kit/door.ts"
import { cpuRoutes } from "./cpu/routes.ts"
import { gpuRoutes } from "./gpu/routes.ts"
import { failed, noRoute } from "./http.ts"
import { keyRoutes } from "./keys.ts"
import type { World } from "./world.ts"

/**
 * Who is let in, and what is answered where no handler is.
 *
 * - `X-API-KEY: <key>`. Source: Fluence docs, API introduction. `Authorization: Bearer <key>`: the same docs in 2025, and
 *   still Order VM. `Authorization: X-API-KEY <key>`: the text of the vendor's OpenAPI document.
 * - Without a key or with a wrong one: 403. Source: Fluence docs, API introduction.
 * - A path of the GPU family with a slash too few or too many is a 307 to the other one: undocumented, as the framework
 *   does that its validation errors come from. Elsewhere it is unknown.
 */
export const door = createDoor<World>({
  routes: [...gpuRoutes, ...cpuRoutes, ...keyRoutes],
  isAuthorized: ({ headers }, apiKey) => {
    const [, scheme = "", sent = ""] = /^(\S+)\s+(.+)$/.exec(headers.get("authorization") ?? "") ?? []
    return headers.get("x-api-key") === apiKey || (/^(?:bearer|x-api-key)$/i.test(scheme) && sent === apiKey)
  },
  unauthorized: () => failed(403, "Auth failed. No such API Key"),
  missing: (known, path) => noRoute(path, known),
  before: (_, incoming, router) => {
    const path = incoming.url.pathname
    if (!path.startsWith("/gpu/") || router.knows(path)) return undefined
    const other = path.endsWith("/") ? path.slice(0, -1) : `${path}/`
    return router.knows(other) ? movedTo(incoming, other, 307) : undefined
  }
})
