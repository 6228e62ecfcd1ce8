import {
  checkMoney,
  checkNumber,
  endIssues,
  InvalidRequest,
  type Issue,
  type Job,
  offerShape,
  orderIssues,
  shape,
  verifyFields
} from "@anygpu/core"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { type LoginProof, loginIssues } from "../client/login-proof.ts"
import type { Candidate } from "../compare/comparison.ts"
import type { Filters } from "../compare/request.ts"
import { workloadIssues } from "../compare/workload.ts"
import { jobIssues, timeIssues } from "../cost/job.ts"
import type { LaunchRequest } from "./request.ts"

const limits: { readonly [Name in keyof Required<NonNullable<LaunchRequest["limits"]>>]: shape.Shape } = {
  maxPerHour: shape.optional(shape.amount),
  maxTotal: shape.optional(shape.amount),
  maxAbove: shape.optional(shape.number),
  maxAttempts: shape.optional(shape.number),
  deadline: shape.optional(shape.duration),
  readyWithin: shape.optional(shape.duration)
}

const verifyShape = shape.only(
  "true, or an object with what to verify",
  verifyFields,
  "is nothing that can be verified"
)

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
  until: shape.oneOf("created", "ready"),
  adapt: shape.callback,
  limits: shape.only("an object with limits", limits, "is no limit"),
  waitForCapacity: shape.duration,
  strategy: shape.oneOf("order", "race"),
  onCloudTrouble: shape.oneOf("next", "stop"),
  verify: (path, value) => (typeof value === "boolean" ? [] : verifyShape(path, value)),
  onProgress: shape.callback
}

const names: ReadonlyArray<string> = [
  ...["job", "name", "key", "ttl", "tags", "owner", "workload", "ssh"],
  ...Object.keys(own)
]

/** Whether candidates are given one by one, rather than as what to compare. */
export const isListed = (candidates: unknown): candidates is Iterable<Pick<Candidate, "offer">> =>
  typeof candidates === "object" && candidates !== null && Symbol.iterator in candidates

/**
 * What candidates are found by; nothing where they are given one by one.
 *
 * - With a bid, interruptible offers are meant where nothing else is said.
 */
export const filtersOf = ({ candidates = {}, workload }: LaunchRequest): Filters => {
  const filters = isListed(candidates) ? {} : candidates
  return workload?.bid === undefined || filters.interruptible !== undefined
    ? filters
    : { ...filters, interruptible: true }
}

const limitIssues = (given: NonNullable<LaunchRequest["limits"]>): ReadonlyArray<Issue> => [
  ...checkMoney("limits.maxPerHour", given.maxPerHour),
  ...checkMoney("limits.maxTotal", given.maxTotal),
  ...checkNumber("limits.maxAbove", given.maxAbove, 0, false),
  ...checkNumber("limits.maxAttempts", given.maxAttempts, 1),
  ...(["deadline", "readyWithin"] as const).flatMap((name) => {
    const time = given[name]
    return time === undefined ? [] : timeIssues(`limits.${name}`, Duration.toMillis(time))
  })
]

const candidateShape = shape.object("a candidate of a comparison, with its offer", { offer: offerShape })

/** Candidates that were given one by one; a generator is read once, before anything is sent. */
export const readCandidates = (
  given: Iterable<Pick<Candidate, "offer">>
): Effect.Effect<ReadonlyArray<Pick<Candidate, "offer">>, InvalidRequest> =>
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
export const checkBid = (request: LaunchRequest): Effect.Effect<void, InvalidRequest> => {
  const { workload, adapt } = request
  if (filtersOf(request).interruptible !== true || workload?.bid !== undefined || adapt) return Effect.void
  return Effect.fail(InvalidRequest.of("bid", "is missing: an interruptible offer takes a bid, what to pay per hour"))
}

/** The job of a launch: as long as the machine is rented where nothing else is said. */
const jobOf = ({ job, ttl }: LaunchRequest): Job | undefined =>
  job === undefined && ttl !== undefined ? { duration: ttl } : job

/** Refuses a launch that is wrong whatever its offer, before anything is sent; answers its job. */
export const checkRequest = (request: LaunchRequest, proof: LoginProof | null): Effect.Effect<Job, InvalidRequest> => {
  const given = shape.present(request) as Readonly<Record<string, unknown>>
  const misshapen = Object.entries(own).flatMap(([name, check]) => shape.optional(check)(name, given[name]))
  const { name, key, ttl, tags, owner } = given
  const wrongOrder = orderIssues(shape.present({ name, key, ttl, tags, owner }))
  const job = jobOf(given as unknown as LaunchRequest)
  const issues: Issue[] = [
    ...shape.unknownNames(Object.keys(given), names),
    ...misshapen,
    ...(given["job"] === undefined && wrongOrder.some(({ path }) => path === "ttl") ? [] : jobIssues(job)),
    ...wrongOrder,
    ...workloadIssues(given["workload"]),
    ...endIssues({ ...request.workload, ...(request.ttl !== undefined && { ttl: request.ttl }) }),
    ...loginIssues("ssh", given["ssh"], proof),
    ...(misshapen.length === 0 && request.limits ? limitIssues(request.limits) : []),
    ...(misshapen.length === 0 && request.waitForCapacity !== undefined
      ? timeIssues("waitForCapacity", Duration.toMillis(request.waitForCapacity))
      : [])
  ]
  if (request.verify && request.until === "created") {
    issues.push({ path: "verify", problem: 'needs a machine that is ready: leave out until "created"' })
  }
  if (request.strategy === "race" && request.key !== undefined) {
    issues.push({ path: "key", problem: 'names one machine, and strategy "race" makes two: leave one of them out' })
  }
  return job === undefined || issues.length > 0 ? Effect.fail(InvalidRequest.all(issues)) : Effect.succeed(job)
}
