import { InvalidRequest, shape } from "@anygpu/core"
import * as Effect from "effect/Effect"
import { checkRequest } from "../placement/request-check.ts"
import { checkPool, machineOf, type PoolRequest } from "../pool/request.ts"
import { anyValues, type OrderTerms, type SecretValues, termIssues, withSecrets } from "./request.ts"

/** What a keeper cannot do, or what an order says in its own way. */
type NotKept = "workload" | "candidates" | "adapt" | "ssh" | "verify"

/**
 * A pool that keepers keep.
 *
 * - A limit of money is needed, since nobody looks: `budget`, or `limits.maxPerHour` for each machine.
 */
export interface KeptPool extends Omit<PoolRequest, NotKept>, OrderTerms {}

/** The key of the order of a pool: one order for each name. */
export const keptKey = (name: string): string => `pool:${name}`

/** The pool of an order, with the values of its secrets. */
export const poolOf = (
  { clouds: _, notSecret: __, workload, ...own }: KeptPool,
  values: SecretValues
): PoolRequest => ({
  ...own,
  ...(workload && { workload: withSecrets(workload, values) })
})

/** Refuses a pool that no keeper could keep, before it is written. */
export const checkKept = Effect.fnUntraced(function* (request: KeptPool): Effect.fn.Return<void, InvalidRequest> {
  const given: unknown = request
  if (!shape.isFields(given)) {
    return yield* InvalidRequest.of("request", `must be an object, not ${shape.whatIs(given)}`)
  }
  const { size, limits, budget } = request
  const hasLimit = limits?.maxPerHour !== undefined || Object.values(budget ?? {}).some((limit) => limit !== undefined)
  const problem = "is missing, and limits.maxPerHour too: keepers rent while nobody looks, say how much it may cost"
  const issues = [...termIssues(given), ...(size === 0 || hasLimit ? [] : [{ path: "budget", problem }])]
  if (issues.length > 0) return yield* InvalidRequest.all(issues)
  const pool = poolOf(request, anyValues(request.workload ?? {}))
  yield* checkPool(pool)
  yield* checkRequest(machineOf(pool, 1), null)
})
