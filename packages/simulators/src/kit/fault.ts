/**
 * What a fault of any cloud does to a request. "Effect" is what the request would have done to the world.
 *
 * - `latency`: the answer comes `ms` of virtual time later; combines with another fault.
 * - `status`: this answer instead, without effect unless `effect`. `json` or `text` is the body; text is `text/plain`
 *   unless `contentType` says else (an HTML page of a proxy, say). `headers` adds headers.
 * - `reset-before`: the connection is reset, no effect. `reset-after`: the effect took place, the answer is lost.
 * - `truncate`: the effect took place, the body is cut in the middle and the connection breaks; with `clean` it ends as
 *   if that were all.
 * - `malformed`: the effect took place, the body isn't JSON (`text`, or a broken one).
 * - `hang`: never answers until the request is aborted; with `effect` it did its work.
 * - `late`: the effect takes place `ms` of virtual time later, whether or not the client still waits; the answer comes
 *   then.
 * - `claimed`: the answer of a request that was carried out, and nothing was; a read is answered as if there were no fault.
 * - `denied`: the answer of a cloud without any machine, in its own words: a null, a 404, an empty list. Nothing changes.
 * - `stale`: a read is answered from the world as it was `ms` ago, though not before this fault was armed; a write goes on
 *   as if there were no fault. What a stroke did shows late too, at the latest with the next write.
 */
export type CommonEffect =
  | { readonly kind: "latency"; readonly ms: number }
  | {
      readonly kind: "status"
      readonly status: number
      readonly effect?: boolean
      readonly json?: unknown
      readonly text?: string
      readonly contentType?: string
      readonly headers?: Readonly<Record<string, string>>
    }
  | { readonly kind: "reset-before" }
  | { readonly kind: "reset-after" }
  | { readonly kind: "truncate"; readonly clean?: boolean }
  | { readonly kind: "malformed"; readonly text?: string }
  | { readonly kind: "hang"; readonly effect?: boolean }
  | { readonly kind: "late"; readonly ms: number }
  | { readonly kind: "claimed" }
  | { readonly kind: "denied" }
  | { readonly kind: "stale"; readonly ms: number }

/** An effect that only one cloud has, marked by its `kind`. */
export interface OwnEffect {
  readonly kind: string
}

/**
 * A fault to come.
 *
 * - `on` chooses requests: by method, and by path as an exact path, a route template such as
 *   `/api/v0/instances/{id}/`, or a regular expression.
 * - `after` lets the first matches pass (default 0), `times` is how many are hit then (default 1).
 */
export interface Fault<Own extends OwnEffect = never> {
  readonly on: { readonly method?: string; readonly path?: string | RegExp }
  readonly times?: number
  readonly after?: number
  readonly do: CommonEffect | Own
}

/** The faults in wait. */
export interface Armory<Own extends OwnEffect> {
  /** Arms a fault; the returned function disarms it. */
  arm(fault: Fault<Own>): () => void
  /** The effects that hit a request: every latency, and the first other one. Counts the match. */
  take(method: string, path: string): ReadonlyArray<CommonEffect | Own>
}

/** Creates an empty armory; `templateOf` names the template of the route a request goes to. */
export const createArmory = <Own extends OwnEffect>(
  templateOf: (method: string, path: string) => string | undefined
): Armory<Own> => {
  const armed = new Map<Fault<Own>, { skip: number; left: number }>()

  const isOn = ({ on }: Fault<Own>, method: string, path: string): boolean => {
    if (on.method !== undefined && on.method.toUpperCase() !== method) return false
    if (on.path === undefined) return true
    if (typeof on.path !== "string") return new RegExp(on.path.source, on.path.flags.replaceAll(/[gy]/g, "")).test(path)
    return on.path === path || templateOf(method, path) === on.path
  }

  return {
    arm: (fault) => {
      const own = { ...fault }
      armed.set(own, { skip: fault.after ?? 0, left: fault.times ?? 1 })
      return () => void armed.delete(own)
    },
    take: (method, path) => {
      const hits: Array<CommonEffect | Own> = []
      for (const [fault, count] of armed) {
        if (!isOn(fault, method, path)) continue
        if (fault.do.kind !== "latency" && hits.some((hit) => hit.kind !== "latency")) continue
        if (count.skip > 0) {
          count.skip -= 1
          continue
        }
        hits.push(fault.do)
        count.left -= 1
        if (count.left <= 0) armed.delete(fault)
      }
      return hits
    }
  }
}
