import {
  type Cost,
  compareAtPar,
  type Estimate,
  estimate,
  hourlyCost,
  type Instance,
  type Issue,
  isGpuError,
  type Job,
  type LaunchSpec,
  type Money,
  type Offer,
  shape
} from "@anygpu/core"
import * as DateTime from "effect/DateTime"
import { rateOf } from "../lease/budget.ts"

const isMoment = (value: unknown): boolean =>
  value instanceof Date ? !Number.isNaN(value.getTime()) : DateTime.isDateTime(value)

const fields: { readonly [Name in keyof Required<Job>]: shape.Shape } = {
  duration: shape.duration,
  startAt: shape.optional((path, value) =>
    isMoment(value) ? [] : [{ path, problem: "must be a Date or a DateTime" }]
  ),
  storageMiB: shape.optional(shape.number),
  egressGiB: shape.optional(shape.number),
  ingressGiB: shape.optional(shape.number)
}
const jobShape = shape.only('a job such as { duration: "3 hours" }', fields, "is not part of a job")

/** What is wrong with a job; a field that it does not have is not passed over. */
export const jobIssues = (job: unknown): ReadonlyArray<Issue> => {
  const issues = jobShape("job", job)
  if (issues.length > 0) return issues
  try {
    estimate({ price: null, terms: null }, job as Job)
    return []
  } catch (error) {
    return isGpuError(error) && error._tag === "InvalidRequest"
      ? error.issues
      : [{ path: "job", problem: String(error) }]
  }
}

/** Null also for terms that cannot be computed with, such as those that mix currencies. */
const orNull = <A>(compute: () => A | null): A | null => {
  try {
    return compute()
  } catch (error) {
    if (isGpuError(error)) return null
    throw error
  }
}

/** What a job costs on an offer; null when nobody can tell. */
export const estimateOf = (offer: Pick<Offer, "price" | "terms">, job: Job): Estimate | null =>
  orNull(() => estimate(offer, job))

/** What of a launch decides what it costs. */
export type Priced = Pick<LaunchSpec, "offer" | "bid" | "diskMiB">

/**
 * What a launch costs per hour and for a job, with its disk and its bid; null where nobody can tell.
 *
 * - A machine that turned out dearer than its offer costs its own price, in whatever dollars that is.
 */
export const costOf = (spec: Priced, job: Job | null, machine?: Pick<Instance, "price">): Cost => {
  const { diskMiB } = spec
  const offered = orNull(() => hourlyCost(spec))
  // One USDC counts as one USD, as for every limit.
  const own = machine?.price ? { ...machine.price, ...(offered && { currency: offered.currency }) } : null
  return {
    perHour: own && (!offered || compareAtPar(own, offered) > 0) ? own : offered,
    total: orNull(() => {
      const disk = diskMiB === undefined ? {} : { storageMiB: diskMiB }
      return job && (estimate(rateOf(spec, own ? { price: own } : undefined).offer, { ...job, ...disk })?.total ?? null)
    })
  }
}

/** What a job costs on the machine of a launch, with its bid, line by line; null when nobody can tell. */
export const estimateFor = (spec: LaunchSpec, job: Job): Estimate | null =>
  orNull(() => estimate(rateOf(spec).offer, job))

/** What the machine of a launch cost from its launch until its end, at its own price where that is known. */
export const spentOn = (
  spec: Priced,
  price: Money | null,
  {
    from,
    until,
    storageMiB
  }: { readonly from: number; readonly until: number; readonly storageMiB?: number | undefined }
): Money | null => {
  const time = { duration: Math.max(until - from, 1000), startAt: DateTime.makeUnsafe(from) }
  return costOf(spec, { ...time, ...(storageMiB !== undefined && { storageMiB }) }, { price }).total
}

/** Whether a time can be a limit; the shape of it was checked before. */
export const timeIssues = (path: string, millis: number): ReadonlyArray<Issue> =>
  Number.isFinite(millis) && millis > 0
    ? []
    : [{ path, problem: 'must be a finite time above zero, such as "20 seconds"' }]
