import {
  checkMoney,
  checkNumber,
  InvalidRequest,
  type Issue,
  launchOptions,
  offerShape,
  orderIssues,
  shape
} from "@anygpu/core"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Candidate } from "../compare/comparison.ts"
import { jobIssues, timeIssues } from "../compare/job.ts"
import type { AnywhereRequest } from "./request.ts"

const limits: { readonly [Name in keyof Required<NonNullable<AnywhereRequest["limits"]>>]: shape.Shape } = {
  maxPerHour: shape.optional(shape.amount),
  maxTotal: shape.optional(shape.amount),
  maxAttempts: shape.optional(shape.number),
  deadline: shape.optional(shape.duration),
  readyWithin: shape.optional(shape.duration)
}

const own: Readonly<Record<string, shape.Shape>> = {
  candidates: (path, value) =>
    isListed(value) || shape.isFields(value)
      ? []
      : [
          {
            path,
            problem: `must be a comparison (awaited), a list of its candidates or filters, not ${shape.whatIs(value)}`
          }
        ],
  adapt: shape.callback,
  limits: shape.only("an object with limits", limits, "is no limit"),
  strategy: shape.oneOf("order", "race"),
  onCloudTrouble: shape.oneOf("next", "stop"),
  onProgress: shape.callback
}

const names: ReadonlyArray<string> = ["job", "name", "key", "ttl", ...Object.keys(own), ...launchOptions]

/** Whether candidates are given one by one, rather than as what to compare. */
export const isListed = (candidates: unknown): candidates is Iterable<Candidate> =>
  typeof candidates === "object" && candidates !== null && Symbol.iterator in candidates

const limitIssues = (given: NonNullable<AnywhereRequest["limits"]>): ReadonlyArray<Issue> => [
  ...checkMoney("limits.maxPerHour", given.maxPerHour),
  ...checkMoney("limits.maxTotal", given.maxTotal),
  ...checkNumber("limits.maxAttempts", given.maxAttempts, 1),
  ...(["deadline", "readyWithin"] as const).flatMap((name) => {
    const time = given[name]
    return time === undefined ? [] : timeIssues(`limits.${name}`, Duration.toMillis(time))
  })
]

const candidateShape = shape.object("a candidate of a comparison, with its offer", { offer: offerShape })

/** Candidates that were given one by one; a generator is read once, before anything is sent. */
export const readCandidates = (given: Iterable<Candidate>): Effect.Effect<ReadonlyArray<Candidate>, InvalidRequest> =>
  Effect.try({
    try: () => [...given],
    catch: (error) => InvalidRequest.of("candidates", `threw ${String(error)}`)
  }).pipe(
    Effect.flatMap((candidates) => {
      const issues = candidates.flatMap((candidate, index) => candidateShape(`candidates[${index}]`, candidate))
      return issues.length > 0 ? Effect.fail(InvalidRequest.all(issues)) : Effect.succeed(candidates)
    })
  )

/** Refuses a launch on interruptible offers only that names no bid, before any cloud is asked: it fits none of them. */
export const checkBid = ({ candidates, bid, adapt }: AnywhereRequest): Effect.Effect<void, InvalidRequest> => {
  const asks = shape.isFields(candidates) && !isListed(candidates) && candidates["interruptible"] === true
  if (!asks || bid !== undefined || adapt) return Effect.void
  return Effect.fail(InvalidRequest.of("bid", "is required for interruptible offers: what to pay per hour"))
}

/** Refuses a launch for a job that is wrong, whatever its offer, before anything is sent. */
export const checkRequest = (request: AnywhereRequest): Effect.Effect<void, InvalidRequest> => {
  const given = shape.present(request) as Readonly<Record<string, unknown>>
  const misshapen = Object.entries(own).flatMap(([name, check]) => shape.optional(check)(name, given[name]))
  const issues: Issue[] = [
    ...shape.unknownNames(Object.keys(given), names),
    ...misshapen,
    ...jobIssues(given["job"]),
    ...orderIssues(given),
    ...(misshapen.length === 0 && request.limits ? limitIssues(request.limits) : [])
  ]
  if (request.strategy === "race" && request.key !== undefined) {
    issues.push({ path: "key", problem: 'names one machine, and strategy "race" makes two: leave one of them out' })
  }
  return issues.length > 0 ? Effect.fail(InvalidRequest.all(issues)) : Effect.void
}
