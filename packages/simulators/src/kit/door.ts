import { type Incoming, plain, type Reply, type Sent } from "./http.ts"
import { createRouter, dispatch, type Match, type Route, type Router } from "./router.ts"

/** One request as a handler sees it: routed, let in, its body parsed. */
export interface Call<W> extends Sent {
  readonly world: W
  readonly params: Readonly<Record<string, string>>
  readonly incoming: Incoming
  /** The key that the simulator was made with. */
  readonly apiKey: string
}

/** One route and what answers it. A cloud's own routes may carry more: a limit, who may call. */
export interface CloudRoute<W> extends Route {
  readonly handler: (call: Call<W>) => Reply
}

/** Writes the routes of a cloud as a list: each says its method and path, and what answers it. */
export const routesOf = <W>(
  ...routes: ReadonlyArray<readonly [methodAndPath: `${string} /${string}`, handler: CloudRoute<W>["handler"]]>
): ReadonlyArray<CloudRoute<W>> =>
  routes.map(([methodAndPath, handler]) => {
    const space = methodAndPath.indexOf(" ")
    return { method: methodAndPath.slice(0, space), path: methodAndPath.slice(space + 1), handler }
  })

/** How a cloud lets requests in, and what it says where it does not. */
export interface DoorRules<W, R extends CloudRoute<W>> {
  readonly routes: readonly R[]
  /** Whether a request carries the key, as the cloud wants it: for the record of requests, and to let it in. */
  readonly isAuthorized: (incoming: Incoming, apiKey: string, world: W) => boolean
  /** The answer to a request without it; undefined lets it in all the same. */
  readonly unauthorized: (match: Match<R>, incoming: Incoming) => Reply | undefined
  /** The answer where no route is; `known` when the path has other methods. */
  readonly missing: (known: boolean, path: string) => Reply
  /** Answers before anything else is looked at: a path with a slash too many, a file on another host. */
  readonly before?: (world: W, incoming: Incoming, router: Router<R>) => Reply | undefined
  /** Refuses a request that was let in: too many calls. */
  readonly refuse?: (match: Match<R>, world: W) => Reply | undefined
  /** Stands around a handler: answers to idempotency keys. Default: the handler alone. */
  readonly handle?: (route: R, call: Call<W>) => Reply
}

/** What answers the requests to a cloud. */
export interface Door<W> {
  /** The template of the route a request goes to, by which faults are aimed. */
  templateOf(method: string, path: string): string | undefined
  isAuthorized(incoming: Incoming, apiKey: string, world: W): boolean
  /** Answers one request against a world. */
  answer(world: W, incoming: Incoming, apiKey: string): Reply
}

/** Puts routes behind a cloud's rules about keys, limits and what is not there. */
export const createDoor = <W, R extends CloudRoute<W> = CloudRoute<W>>(rules: DoorRules<W, R>): Door<W> => {
  const router = createRouter(rules.routes)
  return {
    templateOf: (method, path) => router.match(method, path)?.route.path,
    isAuthorized: rules.isAuthorized,
    answer: (world, incoming, apiKey) => {
      const first = rules.before?.(world, incoming, router)
      if (first !== undefined) return first
      return dispatch(router, incoming, {
        refuse: (match) =>
          (rules.isAuthorized(incoming, apiKey, world) ? undefined : rules.unauthorized(match, incoming)) ??
          rules.refuse?.(match, world),
        missing: (known) => rules.missing(known, incoming.url.pathname),
        handle: ({ route, params }, sent) => {
          const call: Call<W> = { ...sent, world, params, incoming, apiKey }
          return rules.handle === undefined ? route.handler(call) : rules.handle(route, call)
        }
      })
    }
  }
}

/** The key in `Authorization: Bearer <key>`; undefined where it is missing. */
export const bearerIn = ({ headers }: Incoming): string | undefined =>
  /^Bearer (.+)$/i.exec(headers.get("authorization") ?? "")?.[1]

/** A 307 or 301 to another path of the same server. */
export const movedTo = ({ url }: Incoming, path: string, status: 301 | 307): Reply => ({
  ...plain(status, ""),
  headers: { location: `${url.origin}${path}${url.search}` }
})

/**
 * Counts a call on virtual time and says whether it comes too soon after others.
 *
 * - At most `most` calls in any `ms`. One that comes too soon is not counted.
 * - `calls` is part of a world's state: the moments of earlier calls, by name.
 */
export const comesTooSoon = (
  calls: Record<string, number[]>,
  { name, now, most, ms }: { readonly name: string; readonly now: number; readonly most: number; readonly ms: number }
): boolean => {
  const recent = (calls[name] ?? []).filter((at) => at > now - ms)
  if (recent.length >= most) return true
  calls[name] = [...recent, now]
  return false
}
