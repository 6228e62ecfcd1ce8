import {
  checkMoney,
  checkNumber,
  type GpuError,
  InvalidRequest,
  type Issue,
  type Job,
  type LaunchOptions,
  type Money,
  type OfferFilter,
  resolveFilter,
  shape
} from "@anygpu/core"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { AskOptions } from "../client/gather.ts"
import { jobIssues, timeIssues } from "../cost/job.ts"
import { workloadIssues } from "./workload.ts"

/**
 * What is wanted, and for which job.
 *
 * - The filters are those of `offers`; a disk of `job.storageMiB` is asked for by itself.
 */
export interface CompareRequest extends Omit<OfferFilter, "interruptible">, AskOptions {
  readonly job: Job
  /**
   * What is to run: offers that cannot are left out, and counted in `excluded` by the launch option that they cannot. A bid
   * in it is what is paid.
   */
  readonly workload?: Partial<LaunchOptions>
  /** Only this offer, by its whole name: `vast/container/5120042`. Only its cloud is asked. */
  readonly offer?: string
  /** true: only interruptible offers, false (the default): only those that are not, "any": both. */
  readonly interruptible?: boolean | "any"
  /** What the whole job may cost. */
  readonly maxTotal?: Money
  /** Countries or regions, the best liked first: which of two equally dear and reliable offers comes first. */
  readonly prefer?: ReadonlyArray<string>
}

/** What candidates are found by. */
export type Filters = Omit<CompareRequest, "job" | "workload">

/** A request in its parts, each checked. */
export interface ReadRequest extends Pick<CompareRequest, "job" | "workload" | "offer" | "maxTotal" | "limit"> {
  /** Which offers are asked for besides those that may not be taken away: `"any"` asks for both. */
  readonly interruptible: boolean | "any"
  readonly prefer: ReadonlyArray<string>
  readonly ask: AskOptions
  /** What the clouds are asked for. */
  readonly filter: OfferFilter
}

const requestShape = shape.partOfArgument({
  offer: shape.optional(shape.text),
  interruptible: shape.optional(shape.oneOf(true, false, "any")),
  maxTotal: shape.optional(shape.amount),
  prefer: shape.optional(shape.texts),
  within: shape.optional(shape.duration)
})

const shapeIssues = (given: CompareRequest): ReadonlyArray<Issue> => [
  ...requestShape("request", shape.present(given)),
  ...(shape.isFields(given) ? [...jobIssues(given.job), ...workloadIssues(given.workload)] : [])
]

const valueIssues = ({ maxTotal, limit, within }: CompareRequest): ReadonlyArray<Issue> => [
  ...checkMoney("maxTotal", maxTotal),
  ...checkNumber("limit", limit, 1),
  ...(within === undefined ? [] : timeIssues("within", Duration.toMillis(within)))
]

/** A request in its parts; `InvalidRequest` for a wrong filter, limit or job, before anything is sent. */
export const readRequest = Effect.fnUntraced(function* (
  given: CompareRequest
): Effect.fn.Return<ReadRequest, GpuError> {
  const misshapen = shapeIssues(given)
  if (misshapen.length > 0) return yield* InvalidRequest.all(misshapen)
  const wrong = valueIssues(given)
  if (wrong.length > 0) return yield* InvalidRequest.all(wrong)
  const { job, workload, offer, interruptible = false, maxTotal, prefer = [], within, limit, ...more } = given
  const storage = job.storageMiB === undefined ? {} : { minDiskMiB: Math.max(more.minDiskMiB ?? 0, job.storageMiB) }
  const filter: OfferFilter = { ...more, ...storage }
  yield* resolveFilter(filter)
  return {
    ...{ job, interruptible, prefer, filter, ask: within === undefined ? {} : { within } },
    ...(workload && { workload }),
    ...(offer !== undefined && { offer }),
    ...(maxTotal && { maxTotal }),
    ...(limit !== undefined && { limit })
  }
})
