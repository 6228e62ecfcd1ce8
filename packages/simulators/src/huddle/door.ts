import { bearerIn, createDoor } from "../kit/door.ts"
import { notFound, refusal } from "./http.ts"
import { replayed } from "./idempotency.ts"
import { type HuddleRoute, routes } from "./routes/index.ts"
import type { World } from "./world.ts"

/**
 * Who is let in, and what is answered where no handler is.
 *
 * - The simulator's key, or one that was made since. Source: Huddle01 docs, GPU Overview.
 * - Unknown paths and methods are a 404: undocumented.
 */
export const door = createDoor<World, HuddleRoute>({
  routes,
  isAuthorized: (incoming, apiKey, world) => {
    const given = incoming.headers.get("x-api-key") ?? bearerIn(incoming)
    return given === apiKey || world.state.apiKeys.some(({ secret }) => secret === given)
  },
  unauthorized: () => refusal(401, "Invalid or missing API key"),
  missing: () => notFound("Route"),
  handle: (route, call) => {
    const { incoming, world } = call
    const key = route.replays ? incoming.headers.get("idempotency-key") : null
    if (key === null) return route.handler(call)
    const name = `${route.method} ${incoming.url.pathname} ${key}`
    return replayed(world, { name, body: incoming.body, run: () => route.handler(call) })
  }
})
