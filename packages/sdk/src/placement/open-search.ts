import {
  CurrentLedger,
  type GpuError,
  type InvalidRequest,
  type Job,
  type Money,
  mayLeaveMachine,
  shape,
  steadyClock
} from "@anygpu/core"
import * as Effect from "effect/Effect"
import type { LoginProof } from "../client/login-proof.ts"
import { type Candidate, Comparison } from "../compare/comparison.ts"
import type { CompareRequest } from "../compare/request.ts"
import { counting } from "../compare/workload.ts"
import type { Guarded } from "../spending/guarded.ts"
import { earlierBy } from "./by-key.ts"
import { spentUnder } from "./key-budget.ts"
import type { LaunchLimits, LaunchRequest } from "./request.ts"
import { checkBid, checkRequest, filtersOf, isListed, readCandidates } from "./request-check.ts"
import type { Search } from "./search.ts"
import { checkVerify, type VerifyMachine } from "./verify.ts"

/** What a client has for launching. */
export interface PlacementParts {
  readonly providers: ReadonlyArray<Guarded>
  /** Asks a machine what it is; null in a client without ssh. */
  readonly verifyMachine: VerifyMachine | null
  readonly compare: (request: CompareRequest) => Effect.Effect<Comparison, GpuError>
  readonly proof: LoginProof | null
}

/** The limits that a comparison can hold to as well. */
const moneyIn = ({ maxPerHour, maxTotal }: LaunchLimits = {}): Pick<CompareRequest, "maxPerHour" | "maxTotal"> => ({
  ...(maxPerHour && { maxPerHour }),
  ...(maxTotal && { maxTotal })
})

/** Finds the provider of a machine or an offer among several. */
export const among =
  (providers: ReadonlyArray<Guarded>): Search["providerOf"] =>
  ({ provider, kind }) =>
    providers.find((one) => one.provider === provider && one.kind === kind)

const newSearch = (
  { providers, proof, verifyMachine }: PlacementParts,
  request: LaunchRequest,
  { job, now }: Pick<Search, "job" | "now">
): Search => ({
  ...{
    request,
    job,
    now,
    proof,
    verifyMachine,
    verification: null,
    kept: null,
    overdue: false,
    thrown: null,
    trail: [],
    booting: []
  },
  // The limits of the request, with those that are only in what it compares.
  limits: { ...moneyIn(filtersOf(request)), ...(shape.present(request.limits) as LaunchLimits) },
  ...{ leftoverErrors: [], earlier: [], providerOf: among(providers), troubles: new Map(), passedOver: new Map() },
  ...{ adapted: new Map(), unfit: counting() }
})

/** Checks a request, before anything is sent, and begins the search for its machine. */
export const openSearch = Effect.fnUntraced(function* (
  parts: PlacementParts,
  request: LaunchRequest
): Effect.fn.Return<Search, InvalidRequest> {
  const job: Job = yield* checkRequest(request, parts.proof)
  yield* checkVerify(parts, request)
  return newSearch(parts, request, { job, now: yield* steadyClock })
})

/** What there is to launch on, the best first. */
export interface Market {
  readonly candidates: ReadonlyArray<Pick<Candidate, "offer">>
  /** What it comes of; null for candidates that were given one by one. */
  readonly comparison: Comparison | null
}

/** The candidates of a search, once it is known that its key is free: those that were given, or what the clouds offer. */
export const findCandidates = Effect.fnUntraced(function* (
  { compare }: PlacementParts,
  search: Search
): Effect.fn.Return<Market, GpuError> {
  const { request, job, limits } = search
  const { key, candidates, workload, adapt } = request
  if (key !== undefined) search.earlier = yield* spentUnder(yield* CurrentLedger, key)
  yield* checkBid(request)
  if (isListed(candidates)) {
    const comparison = candidates instanceof Comparison ? candidates : null
    return { comparison, candidates: yield* readCandidates(candidates) }
  }
  // What differs from offer to offer is not known before: then each is checked at its turn.
  const runs = adapt || !workload ? {} : { workload }
  const comparison = yield* compare({ ...runs, ...filtersOf(request), ...moneyIn(limits), job })
  return { comparison, candidates: comparison.candidates }
})

/** The limit that `maxAbove` comes to: that of one candidate is what it costs, since nothing else is tried. */
export const totalAbove = (best: Money, candidates: number, maxAbove: number): Money => ({
  ...best,
  micros: candidates < 2 ? best.micros : Math.ceil(best.micros * (1 + maxAbove))
})

/** The same limit with what earlier calls with the key have cost on top: it is for this call. */
export const besideEarlier = ({ earlier }: Search, limit: Money): Money => ({
  ...limit,
  micros: earlier.reduce((sum, { micros }) => sum + micros, limit.micros)
})

/**
 * What a step comes to that fails after another call has taken the key of the launch: that one's machine.
 *
 * - The step's own error when it may have left something, or the key is still free.
 */
export const orEarlier = <A, B>(
  search: Search,
  step: Effect.Effect<A, GpuError>,
  asAnswer: (machine: NonNullable<Effect.Success<ReturnType<typeof earlierBy>>>) => B
): Effect.Effect<A | B, GpuError> =>
  Effect.catch(step, (error) =>
    mayLeaveMachine(error)
      ? Effect.fail(error)
      : Effect.flatMap(earlierBy(search), (machine) =>
          machine ? Effect.succeed(asAnswer(machine)) : Effect.fail(error)
        )
  )
