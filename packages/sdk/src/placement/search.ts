import {
  type Attempt,
  type AttemptOutcome,
  type GpuError,
  type Instance,
  type InstanceRef,
  InvalidRequest,
  type Job,
  type Money,
  type Offer,
  reachOf,
  SettleFully,
  type Verification,
  withContext
} from "@anygpu/core"
import * as Effect from "effect/Effect"
import type { LoginProof } from "../client/login-proof.ts"
import type { Counting } from "../compare/workload.ts"
import type { Guarded } from "../spending/guarded.ts"
import type { Boot } from "./boot.ts"
import type { LaunchLimits, LaunchRequest, Step } from "./request.ts"
import type { VerifyMachine } from "./verify.ts"

/** What one launch on several offers has come to so far, shared by everything that works on it. */
export interface Search {
  readonly request: LaunchRequest
  readonly job: Job
  /** The limits of the request, with those that are only in what it compares, and what `maxAbove` comes to. */
  limits: LaunchLimits
  /** Proves that somebody is let in to a machine; null in a client without ssh. */
  readonly proof: LoginProof | null
  /** Asks a machine what it is; null in a client without ssh. */
  readonly verifyMachine: VerifyMachine | null
  readonly providerOf: (at: Pick<Offer, "provider" | "kind">) => Guarded | undefined
  /** The machine that is kept, from the moment on which it is ready: of two that race, one is never ended for the other. */
  kept: Instance | null
  /** How the kept machine compares with its offer, where that was asked. */
  verification: Verification | null
  /** The moment by the wall clock as it was when the launch began, in epoch milliseconds: setting it changes nothing. */
  readonly now: Effect.Effect<number>
  /** What earlier calls with the same key have spent, in whatever process. */
  earlier: ReadonlyArray<Money>
  /** Its deadline is over: what is under way is still waited for, until it is settled. */
  overdue: boolean
  /** What the caller's own code threw, which ends the search. */
  thrown: InvalidRequest | null
  readonly trail: Attempt[]
  /** What the account of a cloud lacks, by the cloud's name: none of its offers is tried any more. */
  readonly troubles: Map<string, GpuError>
  /** What differs for an offer, by the offer: the caller is asked once. */
  readonly adapted: Map<string, object>
  /** What was left out because it cannot run the launch. */
  unfit: Counting
  /** How many offers of such a cloud were passed over. */
  readonly passedOver: Map<string, number>
  /** What is being made or boots now, the first one first. */
  booting: ReadonlyArray<Boot>
  /** Errors with a machine that may still cost money. */
  readonly leftoverErrors: GpuError[]
}

/**
 * A launch that is waited for until it is settled where it lost a race, or the deadline is over: nobody else would end it.
 */
export const settledIfOver = <A, E>(search: Search, launch: Effect.Effect<A, E>): Effect.Effect<A, E> =>
  Effect.provideService(launch, SettleFully, () => search.kept !== null || search.overdue)

/** The error of the caller's own code, with what it threw as the cause. */
export const thrownBy = (what: "onProgress" | "adapt", cause: unknown): InvalidRequest =>
  withContext(InvalidRequest.of(what, `threw ${String(cause)}; what was made is ended`), { cause })

/** Reports a step; what the listener throws is kept for the next moment at which the search can end. */
export const report = (search: Search, step: Step): void => {
  try {
    search.request.onProgress?.(step)
  } catch (error) {
    search.thrown ??= thrownBy("onProgress", error)
  }
}

/** Writes down how a try ended. */
export const note = (
  search: Search,
  end: {
    readonly offer: Offer
    readonly outcome: AttemptOutcome
    readonly from: number
    readonly until: number
    readonly ref?: InstanceRef | undefined
    readonly error?: GpuError | undefined
    readonly spent?: Money | null | undefined
  }
): void => {
  const { offer, outcome, from, until, ref = null, error = null, spent = null } = end
  const attempt: Attempt = { offer, outcome, ref, spent, error, reach: error && reachOf(error), from, until }
  search.trail.push(attempt)
  report(search, { type: "ended", attempt })
}

/** What was tried, in words: `2 no-capacity, 1 too-dear`. */
export const summaryOf = (trail: ReadonlyArray<Attempt>): string => {
  const counts = new Map<string, number>()
  for (const { outcome } of trail) counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
  return Array.from(counts, ([outcome, count]) => `${count} ${outcome}`).join(", ")
}
