import { type Incoming, type Reply, type Sent, sentIn } from "./http.ts"

/** One route: a method and a path template such as `/v1/machines/{id}`. A cloud's own routes carry more, at least a handler. */
export interface Route {
  readonly method: string
  readonly path: string
}

/** A route and what its path template took out of a path. */
export interface Match<R extends Route> {
  readonly route: R
  readonly params: Readonly<Record<string, string>>
}

/** The routes of a cloud. */
export interface Router<R extends Route> {
  /** The route of a request; the one with fewer placeholders wins. */
  match(method: string, path: string): Match<R> | undefined
  /** Whether any method has this path. */
  knows(path: string): boolean
}

/** What a cloud answers around and in its handlers. */
export interface Rules<R extends Route> {
  /** Says no before the handler: a wrong key, too many calls. */
  readonly refuse: (match: Match<R>, incoming: Incoming) => Reply | undefined
  /** The answer where no route is; `known` when the path has other methods. */
  readonly missing: (known: boolean) => Reply
  readonly handle: (match: Match<R>, sent: Sent) => Reply
}

const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

const matchTemplate = (
  wanted: ReadonlyArray<string>,
  given: ReadonlyArray<string>
): Readonly<Record<string, string>> | undefined => {
  if (wanted.length !== given.length) return undefined
  const params: Record<string, string> = {}
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? ""
    if (part.startsWith("{") && value !== "") params[part.slice(1, -1)] = decoded(value)
    else if (part !== value) return undefined
  }
  return params
}

/** Creates a router. A template with fewer placeholders is the better match: `users/current` before `{id}`. */
export const createRouter = <R extends Route>(routes: readonly R[]): Router<R> => {
  const ordered = [...routes]
    .sort((a, b) => a.path.split("{").length - b.path.split("{").length)
    .map((route) => ({ route, parts: route.path.split("/") }))
  return {
    match: (method, path) => {
      const given = path.split("/")
      for (const { route, parts } of ordered) {
        const params = route.method === method ? matchTemplate(parts, given) : undefined
        if (params !== undefined) return { route, params }
      }
      return undefined
    },
    knows: (path) => {
      const given = path.split("/")
      return ordered.some(({ parts }) => matchTemplate(parts, given) !== undefined)
    }
  }
}

/** Routes a request, lets the cloud refuse it, and hands it to its handler. */
export const dispatch = <R extends Route>(router: Router<R>, incoming: Incoming, rules: Rules<R>): Reply => {
  const { method, url } = incoming
  const match = router.match(method, url.pathname)
  if (match === undefined) return rules.missing(router.knows(url.pathname))
  return rules.refuse(match, incoming) ?? rules.handle(match, sentIn(incoming))
}
