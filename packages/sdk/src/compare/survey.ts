import {
  type AnyProvider,
  CurrentLedger,
  compareAtPar,
  type Estimate,
  type Excluded,
  type GpuError,
  InvalidRequest,
  type Listing,
  type Offer
} from "@anygpu/core"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { askedFor, gather } from "../client/gather.ts"
import { estimateOf } from "../cost/launch-cost.ts"
import type { Candidate } from "./comparison.ts"
import { penaltiesAt } from "./failures.ts"
import type { ReadRequest } from "./request.ts"
import { counting, optionsFor, probeOf, type Refusal, refusalOf } from "./workload.ts"

/** A candidate before its rank is known. */
export type Unranked = Omit<Candidate, "rank">

/** What the clouds offer, judged. */
export interface Survey {
  readonly candidates: ReadonlyArray<Unranked>
  /** Those that fit and can run the workload, but for `maxTotal`. */
  readonly tooDear: ReadonlyArray<Unranked>
  readonly excluded: ReadonlyArray<Excluded>
  readonly listing: Listing<Offer>
}

/** The name of an offer, as people and filters write it. */
export const offerName = ({ provider, kind, id }: Pick<Offer, "provider" | "kind" | "id">): string =>
  `${provider}/${kind}/${id}`

/** The clouds to ask: those of the kinds that are wanted, or the one of the offer that is named. */
const cloudsFor = (
  providers: ReadonlyArray<AnyProvider>,
  { offer, filter }: ReadRequest
): Effect.Effect<ReadonlyArray<AnyProvider>, InvalidRequest> => {
  if (offer === undefined) return Effect.succeed(askedFor(providers, filter.kind))
  const named = providers.filter(({ provider, kind }) => offer.startsWith(`${provider}/${kind}/`))
  if (named.length > 0) return Effect.succeed(named)
  const all = providers.map(({ provider, kind }) => `${provider}/${kind}`).join(", ")
  const problem = `"${offer}" names no offer of this client, which has ${all}: write vast/container/5120042`
  return Effect.fail(InvalidRequest.of("offer", problem))
}

/** Which offers a cloud is asked for: those that may be taken away, those that may not, or both one by one. */
const waysOf = ({ launchOptions }: AnyProvider, { interruptible }: ReadRequest): ReadonlyArray<boolean> => {
  if (interruptible !== "any") return [interruptible]
  return launchOptions.has("bid") ? [false, true] : [false]
}

/** Sorts offers into those that can be rented, those that are too dear, and those that are counted as left out. */
const sorting = ({ maxTotal }: ReadRequest) => {
  const counted = counting()
  const candidates: Unranked[] = []
  const tooDear: Unranked[] = []
  const sort = (offer: Offer, cost: Estimate | null, refusal: Refusal | null, penalty: number): void => {
    // What an option costs where it cannot be had is not known either: the option is what is wrong.
    if (cost === null && refusal) counted.add(offer, refusal.option, 1, refusal.problem)
    else if (cost === null) counted.add(offer, "unknown price", 1)
    else if (maxTotal && compareAtPar(cost.total, maxTotal) > 0) {
      counted.add(offer, "maxTotal", 1)
      if (!refusal) tooDear.push({ offer, cost, penalty })
    } else if (refusal) counted.add(offer, refusal.option, 1, refusal.problem)
    else candidates.push({ offer, cost, penalty })
  }
  return { counted, candidates, tooDear, sort }
}

/** What each cloud offers by the filter of a request. */
const ask = Effect.fnUntraced(function* (
  providers: ReadonlyArray<AnyProvider>,
  request: ReadRequest
): Effect.fn.Return<
  { readonly listing: Listing<Offer>; readonly answers: ReadonlyArray<readonly [AnyProvider, Listing<Offer>]> },
  GpuError
> {
  const asks = (yield* cloudsFor(providers, request)).flatMap((provider) =>
    waysOf(provider, request).map((way) => ({ ...provider, way }))
  )
  const answers: Array<readonly [AnyProvider, Listing<Offer>]> = []
  const listing = yield* gather(asks, { ...request.ask, operation: "compare", part: "offers" }, (provider) =>
    Effect.tap(provider.offers({ ...request.filter, interruptible: provider.way }), (offers) =>
      Effect.sync(() => answers.push([provider, offers]))
    )
  )
  return { listing, answers }
})

/** What the clouds offer by a request, what the job costs on it, and what is left out. */
export const survey = Effect.fnUntraced(function* (
  providers: ReadonlyArray<AnyProvider>,
  request: ReadRequest
): Effect.fn.Return<Survey, GpuError> {
  const { listing, answers } = yield* ask(providers, request)
  const ledger = yield* CurrentLedger
  const penaltyOf = penaltiesAt(yield* ledger.failures(), yield* Clock.currentTimeMillis)
  const { job, workload } = request
  const { counted, candidates, tooDear, sort } = sorting(request)
  for (const [provider, offers] of answers) {
    for (const [rule, count] of Object.entries(offers.excluded)) {
      // Each way of renting is asked for by itself: neither is left out.
      if (rule !== "interruptible" || request.interruptible !== "any") counted.add(provider, rule, count)
    }
    const options = workload && optionsFor(workload, job, provider)
    for (const offer of offers) {
      if (request.offer !== undefined && offerName(offer) !== request.offer) continue
      const cost = estimateOf(options ? probeOf(offer, options) : { offer }, job)
      sort(offer, cost, options ? yield* refusalOf(provider, offer, options) : null, penaltyOf(offer))
    }
  }
  return { candidates, tooDear, excluded: counted.excluded, listing }
})
