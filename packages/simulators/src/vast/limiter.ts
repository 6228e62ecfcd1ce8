import { comesTooSoon } from "../kit/door.ts"
import type { Reply } from "../kit/http.ts"
import type { Route } from "./routes/index.ts"
import type { World } from "./world.ts"

const minute = 60_000

const decimal = (seconds: number) => (Number.isInteger(seconds) ? seconds.toFixed(1) : String(seconds))

/**
 * The 429 of a route. Source: Vast docs, the 429 of each operation, and rate limits and errors.
 *
 * - No `Retry-After` header is set. Search publishes no body, so it has the plain text of the guide.
 */
const tooFrequent = ({ limit }: Route): Reply => {
  if (limit.kind !== "threshold")
    return { status: 429, text: "API requests too frequent", contentType: "text/plain; charset=utf-8" }
  const text = `API requests too frequent endpoint threshold=${decimal(limit.seconds)}`
  return limit.body === "detail"
    ? { status: 429, json: { detail: text } }
    : { status: 429, json: { success: false, error: "rate_limit_exceeded", msg: text } }
}

/**
 * Counts a request against its route's limit on virtual time, or refuses it.
 *
 * - Limits belong to a route, so polls of many instances share one budget. A refused request isn't counted.
 */
export const limited = ({ state }: World, route: Route): Reply | undefined => {
  const { limit } = route
  if (limit.kind === "none") return undefined
  const [most, ms] = limit.kind === "threshold" ? [1, limit.seconds * 1000] : [limit.requests, minute]
  const call = { name: `${route.method} ${route.path}`, now: state.at, most, ms }
  return comesTooSoon(state.calls, call) ? tooFrequent(route) : undefined
}
