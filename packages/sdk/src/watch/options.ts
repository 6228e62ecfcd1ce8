import { type AnyProvider, type Issue, shape } from "@anygpu/core"
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import type { Pace } from "./pace.ts"

/** How to watch. */
export interface WatchOptions {
  /** Whether what is there at the start is said as `appeared` (the default), or known silently. */
  readonly initial?: boolean
  /** From one look at a cloud to the next while something is under way; the provider's own pace otherwise. */
  readonly every?: Duration.Input
  /** The same when nothing has changed for some looks; a minute otherwise, and never less than `every`. */
  readonly idleEvery?: Duration.Input
}

/** Nobody watches a cloud faster than this. */
const fastest = Duration.seconds(1)

const flag = (value: unknown): string | null => (typeof value === "boolean" ? null : "must be true or false")

const interval = (value: unknown): string | null => {
  const duration = Option.getOrNull(Duration.fromInput(value as Duration.Input))
  return duration && Duration.isFinite(duration) && Duration.isGreaterThanOrEqualTo(duration, fastest)
    ? null
    : `must be a time of at least ${Duration.format(fastest)}, such as "30 seconds"`
}

const checks: { readonly [Name in keyof WatchOptions]-?: (value: unknown) => string | null } = {
  initial: flag,
  every: interval,
  idleEvery: interval
}

/** What is wrong with a watch before it begins; callers in plain JavaScript pass anything. */
export const watchIssues = (providers: ReadonlyArray<AnyProvider>, options: unknown): ReadonlyArray<Issue> => {
  if (!Array.isArray(providers) || providers.length === 0) return [{ path: "clouds", problem: "names none to watch" }]
  if (typeof options !== "object" || options === null) return [{ path: "options", problem: "must be an object" }]
  const given = Object.entries(options).filter(([, value]) => value !== undefined)
  const names = given.map(([name]) => name)
  return [
    ...shape.unknownNames(names, Object.keys(checks), "is no option of a watch"),
    ...given.flatMap(([path, value]) => {
      const problem = Object.hasOwn(checks, path) ? checks[path as keyof WatchOptions](value) : null
      return problem === null ? [] : [{ path, problem }]
    })
  ]
}

/** How a provider is looked at under these options. */
export const paceOf = ({ timing }: AnyProvider, { every, idleEvery }: WatchOptions, origin: number): Pace => {
  const fast = Math.max(Duration.toMillis(every ?? timing.pollEvery), Duration.toMillis(fastest))
  return { every: fast, idle: Math.max(fast, Duration.toMillis(idleEvery ?? "1 minute")), origin }
}
