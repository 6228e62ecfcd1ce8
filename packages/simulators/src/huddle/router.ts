import type { Incoming, Reply } from "../kit/http.ts"
import { createRouter, dispatch } from "../kit/router.ts"
import { notFound, refusal } from "./http.ts"
import { replayed } from "./idempotency.ts"
import { routes } from "./routes/index.ts"
import type { World } from "./world.ts"

const router = createRouter(routes)

/** The template of the route a request goes to. */
export const templateOf = (method: string, path: string): string | undefined => router.match(method, path)?.route.path

/** Whether a request carries the simulator's key, or one that was made since. Source: Huddle01 docs, GPU Overview. */
export const isAuthorized = (world: World, { headers }: Incoming, apiKey: string): boolean => {
  const given = headers.get("x-api-key") ?? /^Bearer (.+)$/i.exec(headers.get("authorization") ?? "")?.[1]
  return given === apiKey || world.state.apiKeys.some(({ secret }) => secret === given)
}

/** Answers one request against the world. Unknown paths and methods are a 404: undocumented. */
export const respond = (world: World, incoming: Incoming, apiKey: string): Reply =>
  dispatch(router, incoming, {
    refuse: () => (isAuthorized(world, incoming, apiKey) ? undefined : refusal(401, "Invalid or missing API key")),
    missing: () => notFound("Route"),
    handle: ({ route, params }, sent) => {
      const run = () => route.handler({ ...sent, world, params })
      const key = route.replays ? incoming.headers.get("idempotency-key") : null
      if (key === null) return run()
      return replayed(world, { name: `${route.method} ${incoming.url.pathname} ${key}`, body: incoming.body, run })
    }
  })
