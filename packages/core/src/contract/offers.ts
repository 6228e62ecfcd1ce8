import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { fieldProblem } from "../adapter/unread.ts"
import type { GpuError } from "../errors.ts"
import type { Kind } from "../model/kind.ts"
import { Listing, type Problem } from "../model/listing.ts"
import { compareAtPar } from "../model/money.ts"
import type { Offer, OfferFilter } from "../model/offer.ts"
import { soundOffer } from "../model/sound.ts"
import { type ResolvedFilter, resolveFilter } from "./offer-filter.ts"
import { rejectionBy } from "./offer-rules.ts"

/** Cheapest first, one USDC counted as one USD; unknown prices last. */
export const byPrice = (a: Offer, b: Offer): number => {
  if (a.pricePerHour === null || b.pricePerHour === null)
    return Number(a.pricePerHour === null) - Number(b.pricePerHour === null)
  return compareAtPar(a.pricePerHour, b.pricePerHour)
}

/** Filters, sorts and cuts what a cloud answered, and counts what it left out by which filter. */
export const selectOffers = <O extends Offer>(listing: Listing<O>, filter: ResolvedFilter): Listing<O> => {
  const rejected = rejectionBy(filter)
  const excluded: Record<string, number> = {}
  const leave = (rule: string, count: number) => {
    excluded[rule] = (excluded[rule] ?? 0) + count
  }
  const kept = listing.items.filter((offer) => {
    const rule = rejected(offer)
    if (rule !== null) leave(rule, 1)
    return rule === null
  })
  kept.sort(byPrice)
  const most = filter.limit ?? kept.length
  if (kept.length > most) leave("limit", kept.length - most)
  return listing.with(kept.length > most ? kept.slice(0, most) : kept, excluded)
}

/** The same offers with each value within its bounds: what is out of them is null, and a problem. */
const withinBounds = <O extends Offer>(listing: Listing<O>): Listing<O> => {
  const problems: Problem[] = []
  const items = listing.items.map((offer) => {
    const { model, unread } = soundOffer(offer)
    if (unread.length > 0) problems.push(...unread.map((one) => fieldProblem(offer.id, one, offer)))
    return model
  })
  return problems.length === 0
    ? listing
    : new Listing({ ...listing, items, problems: [...listing.problems, ...problems] })
}

/** The offers operation: check, ask unless other kinds are wanted, select. */
export const offersWith = <O extends Offer>(
  kind: Kind,
  ask: (filter: ResolvedFilter) => Effect.Effect<Listing<O>, GpuError>
) =>
  Effect.fnUntraced(function* (filter: OfferFilter = {}): Effect.fn.Return<Listing<O>, GpuError> {
    const resolved = yield* resolveFilter(filter)
    if (resolved.kind === undefined || [resolved.kind].flat().includes(kind)) {
      return selectOffers(withinBounds(yield* ask(resolved)), resolved)
    }
    return new Listing<O>({ items: [], complete: true, observedAt: yield* DateTime.now, problems: [] })
  })
