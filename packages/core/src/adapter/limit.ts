import * as Duration from "effect/Duration"

/** At most `calls` requests may start in any span of `perSeconds` seconds. */
export interface Limit {
  readonly calls: number
  readonly perSeconds: number
  /**
   * The name of a budget of calls that several routes share, such as `account` where a cloud counts all calls under a key.
   * They wait in one queue, and rest together when the cloud refuses one. Absent where the limit is the route's own.
   */
  readonly shared?: string
}

/**
 * The limits of a route: of one that counts against several, the widest first and its own last.
 *
 * - A call waits until all of them let it start. At most one of them is the route's own.
 */
export type Limits = Limit | ReadonlyArray<Limit>

/** The limits of a route one by one; undefined alone where it has none, since it rests all the same when it is refused. */
export const eachOf = (limits: Limits | undefined): ReadonlyArray<Limit | undefined> => {
  const each = [limits ?? []].flat()
  return each.length === 0 ? [undefined] : each
}

/** The queue in which calls of a route wait. */
export const queueOf = (route: string, limit: Limit | undefined): string => limit?.shared ?? route

/** The longest time a caller is kept waiting without an error because the cloud said so. */
export const longestHold: Duration.Duration = Duration.minutes(2)

/** The longest time a route rests because the cloud said so: no document asks for more, and a wrong answer may ask for days. */
const longestRest: Duration.Duration = Duration.hours(1)

/** How long a route rests after a refusal that does not say how long, or says it beyond what an urgent call can wait. */
export const restUnlessTold: Duration.Duration = Duration.seconds(1)

/** Until when a wait that a cloud asks for is heeded: never for days, and by an end never longer than it can wait. */
export const heeded = (wait: Duration.Duration, urgency: "normal" | "urgent"): Duration.Duration => {
  if (urgency === "urgent" && Duration.isGreaterThan(wait, longestHold)) return restUnlessTold
  return Duration.min(wait, longestRest)
}
