import { plain, type Reply, type Sent } from "../kit/http.ts"
import type { World } from "./world.ts"

/** One request as a handler sees it: routed, authorized, its body parsed. */
export interface Call extends Sent {
  readonly world: World
  readonly params: Readonly<Record<string, string>>
}

/** One route of the simulated API. */
export interface FluenceRoute {
  readonly method: string
  readonly path: string
  readonly handler: (call: Call) => Reply
}

/** An error of the CPU family and of the account: `{ error }`. Source: Fluence docs, API introduction. */
export const failed = (status: number, error: string): Reply => ({ status, json: { error } })

/** A 204 without a body. */
export const noContent: Reply = { status: 204 }

/**
 * Where no route is.
 *
 * - Undocumented: `{ detail }` below /gpu, as that family's validation errors have; `{ error }` elsewhere.
 */
export const noRoute = (path: string, known: boolean): Reply => {
  const [status, words] = known ? ([405, "Method Not Allowed"] as const) : ([404, "Not Found"] as const)
  return path.startsWith("/gpu/") ? { status, json: { detail: words } } : failed(status, words)
}

/** A 307 to another path of the same server. */
export const movedTo = (url: URL, path: string): Reply => ({
  ...plain(307, ""),
  headers: { location: `${url.origin}${path}${url.search}` }
})
