import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { fieldProblem } from "../adapter/unread.ts"
import { type GpuError, InvalidRequest, type Issue } from "../errors.ts"
import { parseGpu, sameGpuName, type WantedGpu } from "../model/gpu-wanted.ts"
import { type Kind, kinds } from "../model/kind.ts"
import { Listing, type Problem } from "../model/listing.ts"
import { compareAtPar } from "../model/money.ts"
import type { Offer, OfferFilter } from "../model/offer.ts"
import { soundOffer } from "../model/sound.ts"
import { checkMoney, checkNumber } from "./amounts.ts"
import { filterShape } from "./arguments.ts"
import { present } from "./shape.ts"

/** A filter whose GPU names are resolved: what adapters push down and core applies. */
export interface ResolvedFilter extends OfferFilter {
  /** Any of these. */
  readonly gpus: ReadonlyArray<WantedGpu> | null
}

/** Checks a filter and resolves its GPU names; `InvalidRequest` names everything wrong, with the nearest known GPUs. */
export const resolveFilter = (given: OfferFilter): Effect.Effect<ResolvedFilter, InvalidRequest> =>
  Effect.suspend(() => {
    const filter = present(given) as OfferFilter
    const misshapen = filterShape("filter", filter)
    if (misshapen.length > 0) return Effect.fail(InvalidRequest.all(misshapen))
    const issues: Issue[] = [
      ...checkNumber("gpuCount", filter.gpuCount, 1),
      ...checkNumber("minVramMiB", filter.minVramMiB, 0),
      ...checkNumber("minVcpus", filter.minVcpus, 0),
      ...checkNumber("minMemoryMiB", filter.minMemoryMiB, 0),
      ...checkNumber("minDiskMiB", filter.minDiskMiB, 0),
      ...checkNumber("limit", filter.limit, 1),
      ...checkNumber("minReliability", filter.minReliability, 0, false),
      ...checkMoney("maxPerHour", filter.maxPerHour)
    ]
    if (filter.minReliability !== undefined && filter.minReliability > 1) {
      issues.push({ path: "minReliability", problem: `must be 0 to 1, not ${filter.minReliability}` })
    }
    for (const name of ["kind", "gpu", "countries", "regions"] as const) {
      if (Array.isArray(filter[name]) && filter[name].length === 0) {
        issues.push({ path: name, problem: "is an empty list, which nothing can match: leave it out" })
      }
    }
    for (const kind of [filter.kind ?? []].flat()) {
      if (!kinds.includes(kind))
        issues.push({ path: "kind", problem: `unknown kind "${kind}"; expected ${kinds.join(", ")}` })
    }
    for (const [index, country] of (filter.countries ?? []).entries()) {
      if (!/^[A-Za-z]{2}$/.test(country)) {
        issues.push({
          path: `countries[${index}]`,
          problem: `unknown country "${country}"; expected a two-letter code such as US`
        })
      }
    }
    const names = filter.gpu === undefined ? null : [filter.gpu].flat()
    const parsed = names?.map((name) => parseGpu(name)) ?? null
    for (const result of parsed ?? []) if (Result.isFailure(result)) issues.push(...result.failure.issues)
    if (issues.length > 0) return Effect.fail(InvalidRequest.all(issues))
    return Effect.succeed({
      ...filter,
      ...(filter.countries && { countries: filter.countries.map((country) => country.toUpperCase()) }),
      gpus: parsed?.flatMap((result) => (Result.isSuccess(result) ? [result.success] : [])) ?? null
    })
  })

/** How much of the memory a card is sold with it must at least report. */
export const vramTolerance = 0.92

const atLeast = (value: number | null, least: number): boolean => least === 0 || (value !== null && value >= least)

/**
 * Cards report a little less memory than they are sold with (an A10 of 24 GiB shows 23028 MiB): 8 percent less still
 * counts.
 */
const nearlyAtLeast = (vramMiB: number | null, least: number): boolean =>
  atLeast(vramMiB, Math.floor(least * vramTolerance))

type Fits = (offer: Offer) => boolean

const isOneOf = (value: string | null, wanted: ReadonlyArray<string>): boolean =>
  value !== null && wanted.includes(value.toUpperCase())

/** What each filter asks of an offer, in the order in which they are tried. */
const rules: {
  readonly [Name in keyof ResolvedFilter]?: (wanted: NonNullable<ResolvedFilter[Name]>) => Fits
} = {
  gpus: (gpus) => {
    const byModel = Map.groupBy(
      gpus.flatMap((wanted) => wanted.models.map((model) => ({ model, wanted }))),
      ({ model }) => model
    )
    const unknown = gpus.filter((wanted) => wanted.unknown)
    return ({ gpu }) => {
      if (gpu === null) return false
      const named = byModel.get(gpu.model)?.map(({ wanted }) => wanted)
      const fitting =
        named ?? (gpu.known ? [] : unknown.filter(({ models: [name = ""] }) => sameGpuName(name, gpu.model)))
      return fitting.some(
        ({ vramMiB = 0, count = gpu.count }) => gpu.count === count && nearlyAtLeast(gpu.vramMiB, vramMiB)
      )
    }
  },
  gpuCount: (count) => (offer) => offer.gpu?.count === count,
  minVramMiB: (least) => (offer) => nearlyAtLeast(offer.gpu?.vramMiB ?? null, least),
  minVcpus: (least) => (offer) => atLeast(offer.vcpus, least),
  minMemoryMiB: (least) => (offer) => atLeast(offer.memoryMiB, least),
  minDiskMiB: (least) => (offer) => atLeast(offer.storageMiB, least),
  countries: (countries) => (offer) => isOneOf(offer.location.country, countries),
  regions: (regions) => {
    const wanted = regions.map((region) => region.toUpperCase())
    return ({ location }) => isOneOf(location.region, wanted) || isOneOf(location.native, wanted)
  },
  interruptible: (interruptible) => (offer) => offer.interruptible === interruptible,
  minReliability: (least) => (offer) => atLeast(offer.reliability, least),
  maxPerHour: (most) => (offer) => offer.pricePerHour !== null && compareAtPar(offer.pricePerHour, most) <= 0
}

/** The names of rules as users wrote them; a place that no document gives a country is said apart from another country. */
const shownAs = (name: string, { location }: Offer): string => {
  if (name === "countries" && location.country === null) return "unknown country"
  return name === "gpus" ? "gpu" : name
}

/**
 * Why an offer is left out: the name of the first filter that it does not pass, or null.
 *
 * - What a cloud does not say passes no filter that asks for it.
 */
export const rejectionBy = (filter: ResolvedFilter): ((offer: Offer) => string | null) => {
  const asked: Readonly<Record<string, unknown>> = { ...filter, interruptible: filter.interruptible ?? false }
  const active = Object.entries(rules).flatMap(([name, rule]) => {
    const wanted = asked[name]
    const made = rule as (wanted: unknown) => Fits
    return wanted === undefined || wanted === null ? [] : [{ name, fits: made(wanted) }]
  })
  return (offer) => {
    const rule = active.find(({ fits }) => !fits(offer))
    return rule ? shownAs(rule.name, offer) : null
  }
}

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
