import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { InvalidRequest, type Issue } from "../errors.ts"
import { parseGpu, type WantedGpu } from "../model/gpu-wanted.ts"
import { kinds } from "../model/kind.ts"
import type { OfferFilter } from "../model/offer.ts"
import { countriesOf, groupNames } from "../model/places.ts"
import { versionOf } from "../model/version.ts"
import { checkMoney, checkNumber } from "./amounts.ts"
import { filterShape } from "./arguments.ts"
import { present } from "./shape.ts"

/** A filter whose GPU names and groups of countries are resolved: what adapters push down and core applies. */
export interface ResolvedFilter extends OfferFilter {
  /** Any of these. */
  readonly gpus: ReadonlyArray<WantedGpu> | null
  /** Codes of countries, with those of the groups that were asked for. */
  readonly countries?: ReadonlyArray<string>
}

const numberIssues = (filter: OfferFilter): ReadonlyArray<Issue> => [
  ...checkNumber("gpuCount", filter.gpuCount, 1),
  ...checkNumber("minGpuCount", filter.minGpuCount, 1),
  ...checkNumber("minVramMiB", filter.minVramMiB, 0),
  ...checkNumber("minTotalVramMiB", filter.minTotalVramMiB, 0),
  ...checkNumber("minVcpus", filter.minVcpus, 0),
  ...checkNumber("minMemoryMiB", filter.minMemoryMiB, 0),
  ...checkNumber("minDiskMiB", filter.minDiskMiB, 0),
  ...checkNumber("minDownloadMbps", filter.minDownloadMbps, 0, false),
  ...checkNumber("minUploadMbps", filter.minUploadMbps, 0, false),
  ...checkNumber("minPorts", filter.minPorts, 0),
  ...checkNumber("limit", filter.limit, 1),
  ...checkNumber("minReliability", filter.minReliability, 0, false),
  ...checkMoney("maxPerHour", filter.maxPerHour)
]

const emptyIssues = (filter: OfferFilter): ReadonlyArray<Issue> =>
  (["kind", "gpu", "countries", "regions"] as const).flatMap((name) =>
    Array.isArray(filter[name]) && filter[name].length === 0
      ? [{ path: name, problem: "is an empty list, which nothing can match: leave it out" }]
      : []
  )

const versionIssues = (filter: OfferFilter): ReadonlyArray<Issue> =>
  (["minCuda", "minComputeCapability"] as const).flatMap((name) => {
    const given = filter[name]
    if (given === undefined || versionOf(given) !== null) return []
    return [{ path: name, problem: `"${given}" is no version: write ${name === "minCuda" ? "12.4" : "8.9"}` }]
  })

const placeIssues = ({ countries = [], excludePlaces = [] }: OfferFilter): ReadonlyArray<Issue> => [
  ...countries.flatMap((country, index) => {
    if (countriesOf(country) !== null) return []
    const expected = `expected a two-letter code such as US, or ${groupNames.join(", ")}`
    return [{ path: `countries[${index}]`, problem: `unknown country "${country}"; ${expected}` }]
  }),
  ...excludePlaces.flatMap((place, index) =>
    place.trim() === "" ? [{ path: `excludePlaces[${index}]`, problem: "is empty: name a country or a region" }] : []
  )
]

/** A machine and who rents it out are known within their cloud alone. */
const nameIssues = (filter: OfferFilter): ReadonlyArray<Issue> =>
  (["excludeHosts", "excludeSuppliers"] as const).flatMap((name) =>
    (filter[name] ?? []).flatMap((given, index) =>
      /^[^/\s]+\/\S+$/.test(given)
        ? []
        : [{ path: `${name}[${index}]`, problem: `"${given}" does not name its cloud: write it as vast/12345` }]
    )
  )

const otherIssues = (filter: OfferFilter): ReadonlyArray<Issue> => [
  ...(filter.minReliability !== undefined && filter.minReliability > 1
    ? [{ path: "minReliability", problem: `must be 0 to 1, not ${filter.minReliability}` }]
    : []),
  ...(filter.gpuCount !== undefined && filter.minGpuCount !== undefined && filter.gpuCount < filter.minGpuCount
    ? [{ path: "minGpuCount", problem: `is above gpuCount ${filter.gpuCount}, which nothing can match` }]
    : []),
  ...[filter.kind ?? []]
    .flat()
    .flatMap((kind) =>
      kinds.includes(kind) ? [] : [{ path: "kind", problem: `unknown kind "${kind}"; expected ${kinds.join(", ")}` }]
    )
]

/**
 * Checks a filter and resolves its GPU names and groups of countries; `InvalidRequest` names everything wrong, with the nearest
 * known GPUs.
 */
export const resolveFilter = (given: OfferFilter): Effect.Effect<ResolvedFilter, InvalidRequest> =>
  Effect.suspend(() => {
    const filter = present(given) as OfferFilter
    const misshapen = filterShape("filter", filter)
    if (misshapen.length > 0) return Effect.fail(InvalidRequest.all(misshapen))
    const names = filter.gpu === undefined ? null : [filter.gpu].flat()
    const parsed = names?.map((name) => parseGpu(name)) ?? null
    const issues = [
      ...numberIssues(filter),
      ...otherIssues(filter),
      ...emptyIssues(filter),
      ...placeIssues(filter),
      ...versionIssues(filter),
      ...nameIssues(filter),
      ...(parsed ?? []).flatMap((result) => (Result.isFailure(result) ? result.failure.issues : []))
    ]
    if (issues.length > 0) return Effect.fail(InvalidRequest.all(issues))
    return Effect.succeed({
      ...filter,
      ...(filter.countries && { countries: [...new Set(filter.countries.flatMap((one) => countriesOf(one) ?? []))] }),
      gpus: parsed?.flatMap((result) => (Result.isSuccess(result) ? [result.success] : [])) ?? null
    })
  })
