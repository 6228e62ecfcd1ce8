import { computeCapabilityOf } from "../model/gpu-capabilities.ts"
import { sameGpuName, type WantedGpu } from "../model/gpu-wanted.ts"
import { compareAtPar } from "../model/money.ts"
import type { Offer } from "../model/offer.ts"
import { placesNamed } from "../model/places.ts"
import { isVersionAtLeast } from "../model/version.ts"
import type { ResolvedFilter } from "./offer-filter.ts"

/** How much of the memory a card is sold with it must at least report. */
export const vramTolerance = 0.92

const atLeast = (value: number | null, least: number): boolean => least === 0 || (value !== null && value >= least)

/**
 * Cards report a little less memory than they are sold with (an A10 of 24 GiB shows 23028 MiB): 8 percent less still
 * counts.
 */
const nearlyAtLeast = (vramMiB: number | null, least: number): boolean =>
  atLeast(vramMiB, Math.floor(least * vramTolerance))

/** What a filter says of an offer: whether it fits, or as a text what of the offer is not known. */
type Verdict = boolean | `unknown ${string}`

type Judge = (offer: Offer) => Verdict

const isOneOf = (value: string | null, wanted: ReadonlyArray<string>): boolean =>
  value !== null && wanted.includes(value.toUpperCase())

/** What is known is judged; what is not is said by its name. */
const known = <A>(value: A | null | undefined, name: string, fits: (value: A) => boolean): Verdict =>
  value === null || value === undefined ? `unknown ${name}` : fits(value)

/** A floor; one of zero asks for nothing. */
const floor =
  (name: string, read: (offer: Offer) => number | null | undefined) =>
  (least: number): Judge =>
  (offer) =>
    least === 0 || known(read(offer), name, (value) => value >= least)

const gpusRule = (gpus: ReadonlyArray<WantedGpu>): Judge => {
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
}

const countriesRule =
  (countries: ReadonlyArray<string>): Judge =>
  ({ location }) =>
    known(location.country, "country", (country) => isOneOf(country, countries))

const excludedPlaces = (places: ReadonlyArray<string>): Judge => {
  const { countries, regions } = placesNamed(places)
  return ({ location: { country, region, native } }) => {
    if (isOneOf(region, regions) || isOneOf(native, regions)) return false
    if (regions.length > 0 && region === null && native === null) return "unknown place"
    return countries.length === 0 || known(country, "country", (code) => !countries.includes(code))
  }
}

/** Names of one cloud say nothing of another cloud's. */
const excludedNames =
  (name: string, read: (offer: Offer) => string | null | undefined) =>
  (names: ReadonlyArray<string>): Judge =>
  (offer) => {
    const own = names.flatMap((one) =>
      one.startsWith(`${offer.provider}/`) ? [one.slice(offer.provider.length + 1)] : []
    )
    return own.length === 0 || known(read(offer), name, (value) => !own.includes(value))
  }

/** Without a GPU, and on one of another maker, there is no compute capability: that is known. */
const computeCapability =
  (least: string): Judge =>
  ({ gpu, computeCapability: said }) => {
    if (gpu === null || gpu.vendor === "amd" || gpu.vendor === "intel") return false
    return known(said ?? computeCapabilityOf(gpu), "compute capability", (has) => isVersionAtLeast(has, least))
  }

const totalVram =
  (least: number): Judge =>
  ({ gpu }) =>
    gpu !== null && known(gpu.vramMiB, "GPU memory", (each) => nearlyAtLeast(each * gpu.count, least))

/** What each filter asks of an offer, in the order in which they are tried. */
const rules: {
  readonly [Name in keyof ResolvedFilter]?: (wanted: NonNullable<ResolvedFilter[Name]>) => Judge
} = {
  gpus: gpusRule,
  gpuCount: (count) => (offer) => offer.gpu?.count === count,
  minGpuCount:
    (least) =>
    ({ gpu }) =>
      gpu !== null && gpu.count >= least,
  minVramMiB: (least) => (offer) => nearlyAtLeast(offer.gpu?.vramMiB ?? null, least),
  minTotalVramMiB: totalVram,
  minComputeCapability: computeCapability,
  minCuda: (least) => (offer) => known(offer.maxCuda, "CUDA version", (has) => isVersionAtLeast(has, least)),
  minVcpus: (least) => (offer) => atLeast(offer.vcpus, least),
  minMemoryMiB: (least) => (offer) => atLeast(offer.memoryMiB, least),
  minDiskMiB: (least) => (offer) => atLeast(offer.storageMiB, least),
  minDownloadMbps: floor("download speed", ({ downloadMbps }) => downloadMbps),
  minUploadMbps: floor("upload speed", ({ uploadMbps }) => uploadMbps),
  minPorts: floor("ports", ({ openPorts }) => openPorts),
  datacenter: (wanted) => (offer) => !wanted || known(offer.datacenter, "hosting", (is) => is),
  countries: countriesRule,
  regions: (regions) => {
    const wanted = regions.map((region) => region.toUpperCase())
    return ({ location }) => isOneOf(location.region, wanted) || isOneOf(location.native, wanted)
  },
  excludePlaces: excludedPlaces,
  excludeHosts: excludedNames("host", ({ host }) => host),
  excludeSuppliers: excludedNames("supplier", ({ supplier }) => supplier),
  interruptible: (interruptible) => (offer) => offer.interruptible === interruptible,
  minReliability: (least) => (offer) => atLeast(offer.reliability, least),
  maxPerHour: (most) => (offer) => offer.pricePerHour !== null && compareAtPar(offer.pricePerHour, most) <= 0
}

/** The names of rules as users wrote them. */
const shownAs = (name: string): string => (name === "gpus" ? "gpu" : name)

/**
 * Why an offer is left out: the name of the first filter that it does not pass, or what of it is not known
 * (`unknown country`, `unknown CUDA version`). Null when it passes.
 *
 * - What a cloud does not say passes no filter that asks for it.
 */
export const rejectionBy = (filter: ResolvedFilter): ((offer: Offer) => string | null) => {
  const asked: Readonly<Record<string, unknown>> = { ...filter, interruptible: filter.interruptible ?? false }
  const active = Object.entries(rules).flatMap(([name, rule]) => {
    const wanted = asked[name]
    const made = rule as (wanted: unknown) => Judge
    return wanted === undefined || wanted === null ? [] : [{ name: shownAs(name), judge: made(wanted) }]
  })
  return (offer) => {
    for (const { name, judge } of active) {
      const verdict = judge(offer)
      if (verdict !== true) return verdict === false ? name : verdict
    }
    return null
  }
}
