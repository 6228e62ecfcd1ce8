import {
  type GpuError,
  type Instance,
  type InstanceRef,
  InvalidRequest,
  type Issue,
  type Job,
  leaseMillis,
  shape
} from "@anygpu/core"
import type * as DateTime from "effect/DateTime"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Filters } from "../compare/request.ts"
import type { LaunchRequest } from "../placement/request.ts"
import type { SpendLimit } from "../spending/spending.ts"

/** What a pool says of its launches itself. */
type Own = "key" | "ttl" | "strategy" | "candidates" | "onProgress"

/**
 * So many machines that fit, kept there: what is lost is replaced by the cheapest that can be had.
 *
 * - `name` names the pool for good: rounds under one name on one ledger keep the same machines, in whatever process. They are
 *   called `NAME-1`, `NAME-2` and so on.
 * - Everything else is as in `launch`, for each machine alone: `limits.maxTotal` too. A round does not wait until machines are
 *   ready unless `until: "ready"` says so: one that does not come up in `limits.readyWithin`, or three times its cloud's boot
 *   time, is replaced by a later round.
 */
export interface PoolRequest extends Omit<LaunchRequest, Own> {
  /** How many machines there are to be; with 0 all are ended. */
  readonly size: number
  /** What each machine is compared for; 24 hours where it is left out. */
  readonly job?: Job
  /** What fits: the market is looked at again for every machine. */
  readonly candidates?: Filters
  /** What all machines of the pool may cost together, besides the limit of the client. */
  readonly budget?: Omit<SpendLimit, "budget">
  /**
   * For how long each machine is leased at a time: an hour where it is left out. Each round makes leases longer that are half
   * over, so that machines which nobody keeps any more end: by a sweep, a keeper, or the cloud itself.
   */
  readonly holdFor?: Duration.Input
}

/** The launch of one machine of a pool; its key and its lease are of the round. */
export const machineOf = (
  { size: _, budget: __, holdFor: ___, job = { duration: "24 hours" }, until = "created", ...own }: PoolRequest,
  place: number
): LaunchRequest => ({ ...own, job, until, name: `${own.name}-${place}` })

/** A machine that a round replaced, and why. */
export interface Replaced {
  readonly ref: InstanceRef
  /** `interrupted`, `failed`, `terminated`. */
  readonly because: Instance["status"]
}

/** What a place of the pool lacks, and why. */
export interface Missing {
  /** Its number, from 1 on. */
  readonly place: number
  readonly error: GpuError
}

/** What came of one round. */
export interface PoolRound {
  readonly name: string
  readonly at: DateTime.Utc
  /** The machines that are there after it, by their places: those that boot too, and those of which nothing could be read. */
  readonly machines: ReadonlyArray<{
    readonly place: number
    readonly ref: InstanceRef
    readonly instance: Instance | null
  }>
  /** Those of them that were rented in it. */
  readonly launched: ReadonlyArray<InstanceRef>
  readonly replaced: ReadonlyArray<Replaced>
  /** Those that were more than `size`, ended and verified. */
  readonly ended: ReadonlyArray<InstanceRef>
  /** Places without a machine, or with one that could not be read, ended or held: the next round tries again. */
  readonly missing: ReadonlyArray<Missing>
}

/** More machines than this are no pool of one process. */
const most = 1000

/** For how long a machine is leased at a time, in milliseconds. */
export const usualHold = 3_600_000

const whole: shape.Shape = (path, value) =>
  Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= most
    ? []
    : [{ path, problem: `must be a whole number from 0 to ${most}, not ${String(value)}` }]

const budgetShape = shape.only(
  "an object with limits of money",
  {
    perHour: shape.optional(shape.amount),
    perDay: shape.optional(shape.amount),
    perMonth: shape.optional(shape.amount),
    total: shape.optional(shape.amount)
  },
  "is no limit of a pool"
)

const filters: shape.Shape = (path, value) =>
  shape.isFields(value) && !(Symbol.iterator in value)
    ? []
    : [{ path, problem: "must be filters: a pool looks at the market again for every machine" }]

const own: Readonly<Record<string, shape.Shape>> = {
  size: whole,
  budget: shape.optional(budgetShape),
  holdFor: shape.optional(shape.duration),
  candidates: shape.optional(filters)
}

const notTaken: ReadonlyArray<Own> = ["key", "ttl", "strategy", "onProgress"]

const nameIssues = (name: unknown): ReadonlyArray<Issue> =>
  typeof name === "string" && /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/.test(name)
    ? []
    : [
        {
          path: "name",
          problem: "must be 1 to 40 small letters, digits and dashes: machines are called NAME-1 and so on"
        }
      ]

/** Refuses a request that is no pool, before anything is read or sent; what it says of launches, they check themselves. */
export const checkPool = (request: PoolRequest): Effect.Effect<void, InvalidRequest> => {
  const given: unknown = request
  if (!shape.isFields(given))
    return Effect.fail(InvalidRequest.of("request", `must be an object, not ${shape.whatIs(given)}`))
  const { name, holdFor } = given
  const taken = notTaken.flatMap((one) =>
    given[one] === undefined ? [] : [{ path: one, problem: "is the pool's own: leave it out" }]
  )
  const { workload } = given
  const fixed =
    shape.isFields(workload) && workload["endsItself"] !== undefined
      ? [{ path: "workload.endsItself", problem: "would end machines of the pool while it is kept: leave it out" }]
      : []
  const misshapen = Object.entries(own).flatMap(([path, check]) => check(path, given[path]))
  const hold = holdFor === undefined || misshapen.length > 0 ? usualHold : leaseMillis(holdFor as Duration.Input)
  const short = hold === null || hold < 300_000 ? [{ path: "holdFor", problem: "must be 5 minutes or more" }] : []
  const issues = [...nameIssues(name), ...taken, ...fixed, ...misshapen, ...short]
  return issues.length > 0 ? Effect.fail(InvalidRequest.all(issues)) : Effect.void
}
