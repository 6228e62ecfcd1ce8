import {
  type AnyProvider,
  type Attempt,
  type AttemptOutcome,
  estimate,
  type GpuError,
  type Instance,
  type InstanceRef,
  type Job,
  type Money,
  type Offer
} from "@anygpu/core"
import * as DateTime from "effect/DateTime"
import type { Failures } from "../failures.ts"
import type { AnywhereRequest, Step } from "./request.ts"

/** What one launch on several offers has come to so far, shared by everything that works on it. */
export interface Search {
  readonly request: AnywhereRequest
  readonly failures: Failures
  readonly providerOf: (offer: Offer) => AnyProvider | undefined
  /** The machine that is kept, from the moment on which it is ready: of two that race, one is never ended for the other. */
  kept: Instance | null
  readonly trail: Attempt[]
}

/** What a machine cost from its launch until its end, by the offer's terms. */
const spentOn = (offer: Offer, { storageMiB }: Job, from: number, until: number): Money | null => {
  const job = {
    duration: Math.max(until - from, 1000),
    startAt: DateTime.makeUnsafe(from),
    ...(storageMiB !== undefined && { storageMiB })
  }
  return estimate(offer, job)?.total ?? null
}

/** Tells of a step. */
export const tell = ({ request }: Search, step: Step): void => request.onProgress?.(step)

/** Writes down how a try ended. */
export const note = (
  search: Search,
  end: {
    readonly offer: Offer
    readonly outcome: AttemptOutcome
    readonly from: number
    readonly until: number
    readonly ref?: InstanceRef
    readonly error?: GpuError
  }
): void => {
  const { offer, outcome, from, until, ref = null, error = null } = end
  const attempt: Attempt = {
    ...{ offer, outcome, ref, error, from, until },
    spent: ref === null ? null : spentOn(offer, search.request.job, from, until)
  }
  search.trail.push(attempt)
  tell(search, { type: "ended", attempt })
}

/** What was tried, in words: `2 no-capacity, 1 too-dear`. */
export const summaryOf = (trail: ReadonlyArray<Attempt>): string => {
  const counts = new Map<string, number>()
  for (const { outcome } of trail) counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
  return Array.from(counts, ([outcome, count]) => `${count} ${outcome}`).join(", ")
}
