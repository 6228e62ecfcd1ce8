import {
  type AnyProvider,
  type Conflict,
  differenceOf,
  type GpuError,
  type LaunchRecord,
  type Offer,
  type OfferFilter,
  redactedOptions,
  rejectionBy,
  resolveFilter,
  shape,
  usedOtherwise
} from "@anygpu/core"
import * as Effect from "effect/Effect"
import { Comparison } from "../compare/comparison.ts"
import type { Filters } from "../compare/request.ts"
import { optionsFor } from "../compare/workload.ts"
import { filtersOf, isListed } from "./request-check.ts"
import type { Search } from "./search.ts"

/** What a request filters by that the ledger can answer for: it keeps the GPU, the place and the manner of an offer. */
const answerable = ({ interruptible = false, ...filter }: Filters, offer: object): OfferFilter => {
  const { gpu, gpuCount, minGpuCount, minVramMiB, minTotalVramMiB, countries, regions, excludePlaces } = filter
  return shape.present({
    ...{ gpu, gpuCount, minGpuCount, minVramMiB, minTotalVramMiB, countries, regions, excludePlaces },
    interruptible: interruptible === "any" || !("interruptible" in offer) ? undefined : interruptible
  }) as OfferFilter
}

/** What a launch has in place of what a filter asks for. */
const factText = (rule: string, { gpu, location, interruptible }: Offer): string => {
  switch (rule) {
    case "interruptible":
      return interruptible ? "on an interruptible offer" : "on an offer that is not interruptible"
    case "countries":
    case "regions":
    case "excludePlaces":
    case "unknown country":
    case "unknown place":
      return `in ${location.region ?? location.native ?? location.country ?? "an unnamed place"}`
    default:
      return gpu ? `with ${gpu.count}x ${gpu.model}` : "without a GPU"
  }
}

/** Why the filters of a request leave out the offer of a launch; null when they do not. */
const excludedBy = Effect.fnUntraced(function* (
  { provider, kind, offerId, spec }: LaunchRecord,
  filters: Filters
): Effect.fn.Return<string | null, GpuError> {
  const { offer: named } = filters
  const own = `${provider}/${kind}/${offerId}`
  // A name says all: what the offer is needs no filter.
  if (named !== undefined) return named === own ? null : `offer ${own}, not ${named}`
  const kinds = filters.kind === undefined ? null : [filters.kind].flat()
  if (kinds && !kinds.includes(kind)) return `kind "${kind}", not "${kinds.join(", ")}"`
  const kept = spec["offer"]
  if (!shape.isFields(kept)) return null
  const filter = answerable(filters, kept)
  // What the ledger does not keep, the answerable filters do not look at.
  const offer = { interruptible: filter.interruptible ?? false, ...kept } as unknown as Offer
  const rule = rejectionBy(yield* resolveFilter(filter))(offer)
  if (rule === null) return null
  const wanted = [filter[rule as keyof OfferFilter] ?? []].flat()
  if (rule === "interruptible") return factText(rule, offer)
  // Of what is not known the filter has no name.
  return `${factText(rule, offer)}, ${wanted.length === 0 ? rule : `not ${rule} ${wanted.join(", ")}`}`
})

/**
 * Why the launch that holds a request's key is not the one that is asked for now; null when the ledger
 * shows no difference.
 *
 * - Compared are name, options and filters, also those of a comparison, as far as they are kept. What `adapt` may give is
 *   not known before there is an offer, and of candidates that are given one by one only their launch is.
 */
export const wishedOtherwise = Effect.fnUntraced(function* (
  held: LaunchRecord,
  { request, job }: Pick<Search, "request" | "job">,
  provider: AnyProvider
): Effect.fn.Return<Conflict | null, GpuError> {
  const { name, adapt, workload = {}, candidates } = request
  const spec = adapt ? held.spec : redactedOptions(optionsFor(workload, job, provider))
  const differs = differenceOf(held, { ...held, name, spec })
  const filters =
    candidates instanceof Comparison ? candidates.filters : isListed(candidates) ? null : filtersOf(request)
  if (differs || !filters) return differs
  const excluded = yield* excludedBy(held, filters)
  return excluded === null ? null : usedOtherwise(held.key, excluded)
})
