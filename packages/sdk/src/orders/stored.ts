import { type Job, shape } from "@anygpu/core"
import * as DateTime from "effect/DateTime"
import type * as Duration from "effect/Duration"
import { millisOf } from "../millis.ts"
import type { SpendLimit } from "../spending/spending.ts"
import type { OrderRequest } from "./request.ts"

/** The fields that are lengths of time, wherever they stand in a request. */
const times: ReadonlySet<string> = new Set([
  ...["ttl", "waitForCapacity", "duration", "deadline", "readyWithin", "within", "holdFor"]
])

const momentOf = (value: unknown): string | null => {
  if (value instanceof Date) return value.toISOString()
  return DateTime.isDateTime(value) ? DateTime.formatIso(DateTime.toUtc(value)) : null
}

/** A request as JSON keeps it: lengths of time in milliseconds, moments as texts. */
export const storedOf = (value: unknown): unknown => {
  const moment = momentOf(value)
  if (moment !== null) return moment
  if (Array.isArray(value)) return value.map(storedOf)
  if (!shape.isFields(value)) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, field]) => {
      if (field === undefined) return []
      if (name === "env" || name === "tags") return [[name, field]]
      return [[name, times.has(name) ? millisOf(field as Duration.Input) : storedOf(field)]]
    })
  )
}

/** What an order holds to beside its own limits: what the client that wrote it may spend. */
export interface StoredRequest<R = OrderRequest> {
  readonly request: R
  readonly spendLimit?: SpendLimit
}

/** The moments of a job again, which JSON keeps as texts. */
export const withMoments = <R extends { readonly job?: Job }>(request: R): R => {
  const startAt: unknown = request.job?.startAt
  return typeof startAt === "string" ? { ...request, job: { ...request.job, startAt: new Date(startAt) } } : request
}
