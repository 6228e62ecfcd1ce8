import { type Call, failure, isObject, type Reply } from "./http.ts"
import { limited } from "./limiter.ts"
import { type Route, routes } from "./routes/index.ts"
import { isLogPath, readLog } from "./routes/logs.ts"
import type { World } from "./world.ts"

/** A request as it came in, before routing. */
export interface Incoming {
  readonly method: string
  readonly url: URL
  readonly authorization: string | null
  readonly body: string
}

/** Who may call and how this world is reached. */
export interface Gate {
  readonly apiKey: string
  readonly rateLimits: boolean
  readonly logOrigin: string
}

/** A route and the names its path template took out of a path. */
export interface Match {
  readonly route: Route
  readonly params: Readonly<Record<string, string>>
}

const matchTemplate = (template: string, path: string): Readonly<Record<string, string>> | undefined => {
  const wanted = template.split("/")
  const given = path.split("/")
  if (wanted.length !== given.length) return undefined
  const params: Record<string, string> = {}
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? ""
    if (part.startsWith("{") && value !== "") params[part.slice(1, -1)] = value
    else if (part !== value) return undefined
  }
  return params
}

/** A template with fewer placeholders is the better match: `users/current` before `{id}`. */
const compiled = [...routes].sort((a, b) => a.path.split("{").length - b.path.split("{").length)

/** The route of a request. */
export const matchRoute = (method: string, path: string): Match | undefined => {
  for (const route of compiled) {
    const params = route.method === method ? matchTemplate(route.path, path) : undefined
    if (params !== undefined) return { route, params }
  }
  return undefined
}

const isKnownPath = (path: string) => compiled.some((route) => matchTemplate(route.path, path) !== undefined)

const plain = (status: number, text: string): Reply => ({ status, text, contentType: "text/plain; charset=utf-8" })

/**
 * Checks the key of a request.
 *
 * - No header: 403. A wrong key: 404 on search, 401 elsewhere. Source: Vast docs, charges, search and show instance.
 */
const unauthorized = ({ route }: Match, { authorization }: Incoming, { apiKey }: Gate): Reply | undefined => {
  if (route.access === "open" || authorization === `Bearer ${apiKey}`) return undefined
  if (authorization === null) return failure(403, "auth_error", "This action requires login.")
  return failure(route.access === "search" ? 404 : 401, "auth_error", "Invalid user key")
}

const parseBody = (text: string): Pick<Call, "body" | "bodyIsJson"> => {
  if (text.trim() === "") return { body: {}, bodyIsJson: true }
  try {
    const parsed: unknown = JSON.parse(text)
    return isObject(parsed) ? { body: parsed, bodyIsJson: true } : { body: {}, bodyIsJson: false }
  } catch {
    return { body: {}, bodyIsJson: false }
  }
}

/**
 * Answers one request against the world.
 *
 * - A path without its trailing slash is a 301 to the slashed one. Source: observed by another client.
 * - Unknown paths and methods are a plain 404 and 405: undocumented.
 */
export const dispatch = (world: World, incoming: Incoming, gate: Gate): Reply => {
  const { url, method } = incoming
  if (isLogPath(url.pathname)) return readLog(world, url.pathname, incoming.authorization)
  if (!url.pathname.endsWith("/") && isKnownPath(`${url.pathname}/`))
    return { ...plain(301, ""), headers: { location: `${url.origin}${url.pathname}/${url.search}` } }
  const match = matchRoute(method, url.pathname)
  if (match === undefined)
    return isKnownPath(url.pathname) ? plain(405, "405: Method Not Allowed") : plain(404, "404: Not Found")
  const refused = unauthorized(match, incoming, gate) ?? (gate.rateLimits ? limited(world, match.route) : undefined)
  if (refused !== undefined) return refused
  return match.route.handler({
    world,
    params: match.params,
    query: url.searchParams,
    ...parseBody(incoming.body),
    apiKey: gate.apiKey,
    logOrigin: gate.logOrigin
  })
}
