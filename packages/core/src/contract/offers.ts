import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { type GpuError, InvalidRequest, type Issue } from "../errors.ts"
import { parseGpu } from "../model/gpu-table.ts"
import { type Kind, kinds } from "../model/kind.ts"
import { Listing } from "../model/listing.ts"
import { compareAtPar } from "../model/money.ts"
import type { Offer, OfferFilter } from "../model/offer.ts"
import { filterNames, filterShape } from "./arguments.ts"
import { isFields, present } from "./shape.ts"
import { checkMoney, checkNumber } from "./validate.ts"

/** A filter whose GPU names are resolved: what adapters push down and core applies. */
export interface ResolvedFilter extends OfferFilter {
  /** Any of these: canonical models, with a least memory per GPU where the name held one. */
  readonly gpus: ReadonlyArray<{ readonly models: ReadonlyArray<string>; readonly vramMiB?: number }> | null
}

/** Checks a filter and resolves its GPU names; `InvalidRequest` names everything wrong, with the nearest known GPUs. */
export const resolveFilter = (given: OfferFilter): Effect.Effect<ResolvedFilter, InvalidRequest> =>
  Effect.suspend(() => {
    const filter = present(given) as OfferFilter
    const unknown = Object.keys(isFields(filter) ? filter : {}).flatMap((name) =>
      filterNames.includes(name) ? [] : [{ path: name, problem: `is no filter; there are ${filterNames.join(", ")}` }]
    )
    const misshapen = filterShape("filter", filter)
    if (misshapen.length > 0)
      return Effect.fail(InvalidRequest.all(isFields(filter) ? [...unknown, ...misshapen] : misshapen))
    const issues: Issue[] = [
      ...unknown,
      ...checkNumber("gpuCount", filter.gpuCount, 1),
      ...checkNumber("minVramMiB", filter.minVramMiB, 0),
      ...checkNumber("minVcpus", filter.minVcpus, 0),
      ...checkNumber("minMemoryMiB", filter.minMemoryMiB, 0),
      ...checkNumber("minDiskMiB", filter.minDiskMiB, 0),
      ...checkNumber("limit", filter.limit, 1),
      ...checkNumber("minReliability", filter.minReliability, 0, false),
      ...checkMoney("maxPricePerHour", filter.maxPricePerHour)
    ]
    if (filter.minReliability !== undefined && filter.minReliability > 1) {
      issues.push({ path: "minReliability", problem: `must be 0 to 1, not ${filter.minReliability}` })
    }
    for (const kind of [filter.kind ?? []].flat()) {
      if (!kinds.includes(kind))
        issues.push({ path: "kind", problem: `"${kind}" is none; there are ${kinds.join(", ")}` })
    }
    for (const [index, country] of (filter.countries ?? []).entries()) {
      if (!/^[A-Za-z]{2}$/.test(country)) {
        issues.push({ path: `countries[${index}]`, problem: `"${country}" is no two-letter country code` })
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

const atLeast = (value: number | null, least: number | undefined): boolean =>
  least === undefined || least === 0 || (value !== null && value >= least)

/** Whether an offer passes every filter; what a cloud does not say passes none that asks for it. */
export const matchesFilter = (offer: Offer, filter: ResolvedFilter): boolean => {
  const { gpu } = offer
  const wantedGpu =
    filter.gpus === null ||
    filter.gpus.some(
      ({ models, vramMiB }) => gpu !== null && models.includes(gpu.model) && nearlyAtLeast(gpu.vramMiB, vramMiB)
    )
  return (
    wantedGpu &&
    (filter.gpuCount === undefined || gpu?.count === filter.gpuCount) &&
    nearlyAtLeast(gpu?.vramMiB ?? null, filter.minVramMiB) &&
    atLeast(offer.vcpus, filter.minVcpus) &&
    atLeast(offer.memoryMiB, filter.minMemoryMiB) &&
    atLeast(offer.storageMiB, filter.minDiskMiB) &&
    (filter.countries === undefined || filter.countries.includes(offer.location.country ?? "")) &&
    offer.interruptible === (filter.interruptible ?? false) &&
    atLeast(offer.reliability, filter.minReliability) &&
    (filter.maxPricePerHour === undefined ||
      (offer.price !== null && compareAtPar(offer.price, filter.maxPricePerHour) <= 0))
  )
}

/** Cards report a little less memory than they are sold with (an A10 of 24 GiB shows 23028 MiB): 8 percent less still counts. */
const nearlyAtLeast = (vramMiB: number | null, least: number | undefined): boolean =>
  atLeast(vramMiB, least === undefined ? undefined : Math.floor(least * vramTolerance))

/** Cheapest first, one USDC counted as one USD; unknown prices last. */
export const byPrice = (a: Offer, b: Offer): number => {
  if (a.price === null || b.price === null) return Number(a.price === null) - Number(b.price === null)
  return compareAtPar(a.price, b.price)
}

/** Filters, sorts and cuts what a cloud answered. */
export const selectOffers = <O extends Offer>(listing: Listing<O>, filter: ResolvedFilter): Listing<O> =>
  listing.with(
    listing.items
      .filter((offer) => matchesFilter(offer, filter))
      .sort(byPrice)
      .slice(0, filter.limit ?? Number.POSITIVE_INFINITY)
  )

/** The offers operation: check, ask unless other kinds are wanted, select. */
export const offersWith =
  <O extends Offer>(kind: Kind, ask: (filter: ResolvedFilter) => Effect.Effect<Listing<O>, GpuError>) =>
  (filter: OfferFilter = {}): Effect.Effect<Listing<O>, GpuError> =>
    Effect.gen(function* () {
      const resolved = yield* resolveFilter(filter)
      if (resolved.kind === undefined || [resolved.kind].flat().includes(kind)) {
        return selectOffers(yield* ask(resolved), resolved)
      }
      return new Listing<O>({ items: [], complete: true, observedAt: yield* DateTime.now, problems: [] })
    })
