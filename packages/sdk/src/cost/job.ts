import { estimate, type Issue, isGpuError, type Job, shape } from "@anygpu/core"
import * as DateTime from "effect/DateTime"

const isMoment = (value: unknown): boolean =>
  value instanceof Date ? !Number.isNaN(value.getTime()) : DateTime.isDateTime(value)

const fields: { readonly [Name in keyof Required<Job>]: shape.Shape } = {
  duration: shape.duration,
  startAt: shape.optional((path, value) =>
    isMoment(value) ? [] : [{ path, problem: "must be a Date or a DateTime" }]
  ),
  storageMiB: shape.optional(shape.number),
  volumesMiB: shape.optional(shape.listOf("sizes in MiB", shape.number)),
  egressGiB: shape.optional(shape.number),
  ingressGiB: shape.optional(shape.number)
}
const jobShape = shape.only('a job such as { duration: "3 hours" }', fields, "is not part of a job")

/** What is wrong with a job; a field that it does not have is not passed over. */
export const jobIssues = (job: unknown): ReadonlyArray<Issue> => {
  const issues = jobShape("job", job)
  if (issues.length > 0) return issues
  try {
    estimate({ pricePerHour: null, terms: null }, job as Job)
    return []
  } catch (error) {
    return isGpuError(error) && error._tag === "InvalidRequest"
      ? error.issues
      : [{ path: "job", problem: String(error) }]
  }
}

/** Whether a time can be a limit; the shape of it was checked before. */
export const timeIssues = (path: string, millis: number): ReadonlyArray<Issue> =>
  Number.isFinite(millis) && millis > 0
    ? []
    : [{ path, problem: 'must be a finite time above zero, such as "20 seconds"' }]
