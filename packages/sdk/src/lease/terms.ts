import {
  checkSpecShape,
  formatMoney,
  type GpuError,
  InvalidRequest,
  type Issue,
  type LaunchSpec,
  leaseMillis,
  type Money,
  OutOfFunds,
  shape
} from "@anygpu/core"
import * as DateTime from "effect/DateTime"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { paidUntil, rateOf } from "../cost/rate.ts"

/** For how long a machine is leased, and for how much. */
export interface LeaseOptions {
  /** The machine ends after this time, counted from its launch, unless the lease is renewed. */
  readonly ttl: Duration.Input
  /**
   * The machine ends before its compute and disk have cost more than this in all, by its offer's billing terms; for this
   * limit one USDC counts as one USD. Traffic, and a bid that is changed later, are not counted.
   */
  readonly maxTotal?: Money
}

/** So long before the last moment that `maxTotal` pays for an end is asked for: it takes its time, at some clouds a step more. */
export const endsAhead = 60_000

const optionsShape = shape.argument(
  { ttl: shape.duration, maxTotal: shape.optional(shape.amount) },
  "is no option of a lease"
)

/** The milliseconds of a ttl; `InvalidRequest` when it is no time to lease for. */
export const ttlOf = (ttl: Duration.Input): Effect.Effect<number, InvalidRequest> => {
  const issues = shape.duration("ttl", ttl)
  if (issues.length > 0) return Effect.fail(InvalidRequest.all(issues))
  const millis = leaseMillis(ttl)
  return millis === null
    ? Effect.fail(InvalidRequest.of("ttl", 'must be a finite time above zero, such as "2 hours"'))
    : Effect.succeed(millis)
}

const issuesOf = (spec: LaunchSpec, options: LeaseOptions): ReadonlyArray<Issue> => {
  const wrong = optionsShape("options", options)
  if (wrong.length > 0) return wrong
  const issues: Issue[] = []
  if (spec.ttl !== undefined) issues.push({ path: "ttl", problem: "goes into the options of a lease, not its launch" })
  const { maxTotal } = options
  if (maxTotal && !(Number.isSafeInteger(maxTotal.micros) && maxTotal.micros > 0)) {
    issues.push({ path: "maxTotal", problem: `must be an amount above zero, made by money(), not ${maxTotal.micros}` })
  }
  return issues
}

/**
 * How many milliseconds to lease for, when the launch begins now: the ttl, or less where `maxTotal` pays for less.
 *
 * - `InvalidRequest`: wrong options, or an offer whose costs are not known together with `maxTotal`.
 * - `OutOfFunds`: `maxTotal` does not pay for the shortest rent and the time to end it.
 */
export const leaseTime = Effect.fnUntraced(function* (
  spec: LaunchSpec,
  options: LeaseOptions,
  now: number
): Effect.fn.Return<number, GpuError> {
  yield* checkSpecShape(spec)
  const issues = issuesOf(spec, options)
  if (issues.length > 0) return yield* InvalidRequest.all(issues)
  const ttl = yield* ttlOf(options.ttl)
  const { maxTotal } = options
  if (!maxTotal) return ttl
  const paid = yield* Effect.try({
    try: () => paidUntil(rateOf(spec), now, maxTotal),
    // Terms that mix currencies, or amounts beyond what money can hold.
    catch: (cause) => cause as GpuError
  })
  if (paid === null) {
    const problem = "cannot be kept: the offer's price or terms are not known; leave it out, or take another offer"
    return yield* InvalidRequest.of("maxTotal", problem)
  }
  if (paid - endsAhead <= now) {
    const most = formatMoney(maxTotal)
    const until = DateTime.formatIso(DateTime.makeUnsafe(paid))
    return yield* new OutOfFunds({
      message:
        paid === now
          ? `maxTotal ${most} does not pay for the shortest rent of this offer; nothing was sent`
          : `maxTotal ${most} pays for this offer until ${until}, which leaves no time to end it; nothing was sent`,
      retry: "permanent",
      available: maxTotal,
      ownLimit: true
    })
  }
  return Math.min(ttl, paid - endsAhead - now)
})
