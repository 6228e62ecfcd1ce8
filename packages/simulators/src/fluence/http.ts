import type * as door from "../kit/door.ts"
import type { Reply } from "../kit/http.ts"
import type { World } from "./world.ts"

/** One request as a handler sees it. */
export type Call = door.Call<World>

/** One route of the simulated API. */
export type FluenceRoute = door.CloudRoute<World>

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
