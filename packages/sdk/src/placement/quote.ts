import {
  compareAtPar,
  type Excluded,
  type GpuError,
  type Instance,
  InvalidRequest,
  type LaunchOptions,
  type Money,
  type Problem
} from "@anygpu/core"
import * as Effect from "effect/Effect"
import { type Candidate, Comparison } from "../compare/comparison.ts"
import { nothingFits } from "../compare/nothing-fits.ts"
import { diskOf } from "../cost/disk.ts"
import { costOf } from "../cost/launch-cost.ts"
import { earlierBy } from "./by-key.ts"
import { optionsOf } from "./candidate.ts"
import { usualAttempts } from "./limits.ts"
import { lookAgain } from "./look-again.ts"
import { besideEarlier, findCandidates, openSearch, orEarlier, type PlacementParts, totalAbove } from "./open-search.ts"
import type { LaunchLimits, LaunchRequest } from "./request.ts"
import { filtersOf, isListed } from "./request-check.ts"
import type { Search } from "./search.ts"

/** What a launch would rent and cost, before anybody says yes to it. Nothing is rented by it. */
export interface Offered {
  readonly is: "offered"
  /** The best one, and those that are tried when it cannot be had. */
  readonly candidates: readonly [Candidate, ...Candidate[]]
  /** What the best one is launched with: of `image` and `os` the one that it takes, and its disk where that is chosen. */
  readonly options: Partial<LaunchOptions>
  /** The disk that its machine gets, which the cost includes; null when its cloud does not say. */
  readonly diskMiB: number | null
  /** What it costs per hour while it runs, with its disk and its bid; null when that is not known. */
  readonly perHour: Money | null
  /** What the launch is held to: the limits of the request, and with `maxAbove` those that a yes to this quote allows. */
  readonly limits: Pick<LaunchLimits, "maxTotal" | "maxPerHour">
  readonly excluded: ReadonlyArray<Excluded>
  /** Whether every cloud that was asked answered in full. */
  readonly complete: boolean
  readonly problems: ReadonlyArray<Problem>
  /** What to hand to `launch` after a yes: the same request, held to this quote. */
  readonly request: LaunchRequest
}

/** What a launch would come to: the machine of an earlier one with its key, or an offer. */
export type Quote = { readonly is: "earlier"; readonly instance: Instance } | Offered

/**
 * The candidates that are tried after the best one: the next best, and of clouds that are not among them their best, where it
 * may come to that. With `maxAbove`, only those near enough to the best.
 */
const othersOf = (
  { request: { onCloudTrouble }, limits }: Search,
  best: Candidate,
  others: ReadonlyArray<Candidate>
): ReadonlyArray<Candidate> => {
  const { maxTotal, maxAbove, maxAttempts = usualAttempts } = limits
  const isNear = ({ cost }: Candidate): boolean =>
    maxTotal !== undefined || maxAbove === undefined || cost.total.micros <= best.cost.total.micros * (1 + maxAbove)
  const near = others.filter(isNear)
  const next = near.slice(0, Math.max(usualAttempts, maxAttempts) - 1)
  if (onCloudTrouble !== "next") return next
  const known = new Set([best, ...next].map(({ offer }) => offer.provider))
  const more = near.filter(({ offer: { provider } }) => !known.has(provider) && known.add(provider))
  return [...next, ...more]
}

/** The options of a candidate, and what its machine costs per hour with them. */
const pricedWith = Effect.fnUntraced(function* (search: Search, { offer }: Candidate) {
  const provider = search.providerOf(offer)
  const options = provider ? yield* optionsOf(search, offer, provider) : {}
  return { options, perHour: costOf({ ...options, offer }, null).perHour }
})

/** Whether the cloud documents a price for all of it: a limit per hour cannot be promised for a disk without one. */
const isPriced = ({ job, request: { workload } }: Search, { offer: { terms } }: Candidate): boolean =>
  (job.storageMiB ?? 0) <= (terms?.includedDiskMiB ?? Number.POSITIVE_INFINITY) &&
  (!workload?.volumes?.length || terms?.storage != null)

const dearest = (amounts: ReadonlyArray<Money | null>): Money | null =>
  amounts.reduce((most, amount) => (most && (!amount || compareAtPar(most, amount) >= 0) ? most : amount), null)

/** The limits that a yes to some candidates comes to: those that were given, else, with `maxAbove`, what is shown. */
const limitsBy = (
  search: Search,
  candidates: readonly [Candidate, ...Candidate[]],
  hourly: ReadonlyArray<Money | null>
): Offered["limits"] => {
  const { maxTotal, maxPerHour, maxAbove } = search.limits
  const [best] = candidates
  const total =
    maxTotal ?? (maxAbove === undefined ? undefined : totalAbove(best.cost.total, candidates.length, maxAbove))
  const isHeld = maxAbove !== undefined && candidates.every((one) => isPriced(search, one))
  const rate = maxPerHour ?? (isHeld ? dearest(hourly) : null)
  return { ...(total && { maxTotal: total }), ...(rate && { maxPerHour: rate }) }
}

/** The request held to a quote, with its candidates; what earlier calls with the key have cost comes on top of its limit. */
const heldTo = (
  search: Search,
  comparison: Comparison,
  candidates: ReadonlyArray<Candidate>,
  limits: Offered["limits"]
): LaunchRequest => {
  const { request } = search
  const { maxAbove: _, ...own } = request.limits ?? {}
  const { maxTotal } = limits
  const isGiven = search.limits.maxTotal !== undefined
  const total = maxTotal && (isGiven ? maxTotal : besideEarlier(search, maxTotal))
  return {
    ...request,
    candidates: new Comparison({ ...comparison, candidates }),
    limits: { ...own, ...limits, ...(total && { maxTotal: total }) }
  }
}

/** The quote on what a comparison has found. */
const quoteOn = Effect.fnUntraced(function* (
  search: Search,
  comparison: Comparison
): Effect.fn.Return<Offered, GpuError> {
  const [best, ...others] = comparison.candidates
  if (!best) return yield* nothingFits(comparison, filtersOf(search.request))
  const candidates = [best, ...othersOf(search, best, others)] as const
  const priced = yield* Effect.forEach(candidates, (one) => pricedWith(search, one))
  const { options = {}, perHour = null } = priced[0] ?? {}
  const limits = limitsBy(
    search,
    candidates,
    priced.map((one) => one.perHour)
  )
  const { excluded, complete, problems } = comparison
  return {
    ...{ is: "offered", candidates, options, perHour, limits, excluded, complete, problems },
    diskMiB: diskOf(best.offer, options),
    request: heldTo(search, comparison, candidates, limits)
  }
})

/**
 * What a launch would rent and cost: for those who ask a person before they launch.
 *
 * - The machine of an earlier launch with its key goes before everything else, as in `launch`.
 * - `InvalidRequest` for a request that `launch` would refuse, and for candidates that are given one by one.
 * - What `launch` fails with when nothing can be had: the error's `excluded` says what was left out.
 */
export const quoteWith = (parts: PlacementParts) =>
  Effect.fnUntraced(function* (request: LaunchRequest): Effect.fn.Return<Quote, GpuError> {
    const search = yield* openSearch(parts, request)
    if (isListed(request.candidates)) {
      return yield* InvalidRequest.of("candidates", "must be what to compare: a quote looks at the market itself")
    }
    const earlier = (instance: Instance) => ({ is: "earlier", instance }) as const
    const held = yield* earlierBy(search)
    if (held) return earlier(held)
    const quote = Effect.flatMap(findCandidates(parts, search), ({ comparison }) =>
      comparison ? quoteOn(search, comparison) : Effect.die("a comparison was asked for")
    )
    return yield* lookAgain(search, orEarlier(search, quote, earlier))
  })
