import { computeCapabilityOf, groupNames, type Offer, type OfferFilter, placesNamed } from "@anygpu/core"

/** One filter of offers, as the suite looks at it: what it asks of an offer is written here once more, apart from core. */
export interface FilterKind {
  readonly name: keyof OfferFilter
  /** As what it is counted where the cloud does not say it; null where it always does. */
  readonly unknown: string | null
  /** What of an offer it reads; null where that is not known. */
  readonly read: (offer: Offer) => unknown
  /** A filter that none of these offers can pass. */
  readonly impossible: (offers: ReadonlyArray<Offer>) => OfferFilter
  /** A filter that some of these offers pass, and which of them; null where none says what it reads. */
  readonly possible: (
    offers: ReadonlyArray<Offer>
  ) => { readonly filter: OfferFilter; readonly fits: (offer: Offer) => boolean } | null
}

const isThere = <A>(value: A | null | undefined): value is A => value !== null && value !== undefined

/** A floor on a number: of the numbers that are known the middle one is asked for. */
const floor = (
  name: "minGpuCount" | "minTotalVramMiB" | "minDownloadMbps" | "minUploadMbps" | "minPorts",
  unknown: string | null,
  read: (offer: Offer) => number | null | undefined
): FilterKind => ({
  ...{ name, unknown, read },
  impossible: () => ({ [name]: 1_000_000_000 }),
  possible: (offers) => {
    const values = offers.map(read).filter(isThere)
    const middle = values.toSorted((a, b) => a - b)[values.length >> 1]
    // Of memory 8 percent less still counts: cards report less than they are sold with.
    const least = middle === undefined ? 0 : name === "minTotalVramMiB" ? Math.floor(middle * 0.92) : middle
    return middle === undefined || middle <= 0
      ? null
      : { filter: { [name]: Math.floor(middle) }, fits: (offer) => (read(offer) ?? -1) >= Math.floor(least) }
  }
})

/** A floor on a version. */
const newest = (
  name: "minCuda" | "minComputeCapability",
  unknown: string,
  read: (offer: Offer) => string | null | undefined
): FilterKind => {
  const numberOf = (version: string): number => {
    const [major = 0, minor = 0] = version.split(".").map(Number)
    return major * 1000 + minor
  }
  return {
    ...{ name, unknown, read },
    impossible: () => ({ [name]: "9999.9" }),
    possible: (offers) => {
      const known = offers.map(read).filter(isThere)
      const middle = known.toSorted((a, b) => numberOf(a) - numberOf(b))[known.length >> 1]
      if (middle === undefined || numberOf(middle) === 0) return null
      return {
        filter: { [name]: middle },
        fits: (offer) => {
          const version = read(offer)
          return isThere(version) && numberOf(version) >= numberOf(middle)
        }
      }
    }
  }
}

/** What is named beside its cloud, and left out by that. */
const named = (
  name: "excludeHosts" | "excludeSuppliers",
  unknown: string,
  read: (offer: Offer) => string | null | undefined
): FilterKind => ({
  ...{ name, unknown, read },
  impossible: (offers) => ({
    [name]: [...new Set(offers.map((offer) => `${offer.provider}/${read(offer) ?? "nothing"}`))]
  }),
  possible: (offers) => {
    const known = [...new Set(offers.map(read).filter(isThere))]
    const [first, ...others] = known
    if (first === undefined || others.length === 0) return null
    const [{ provider = "" } = {}] = offers
    return {
      filter: { [name]: [`${provider}/${first}`] },
      fits: (offer) => isThere(read(offer)) && read(offer) !== first
    }
  }
})

const countryOf = ({ location }: Offer): string | null => location.country

/** Every filter that reads what a cloud may not say. */
export const filterKinds: ReadonlyArray<FilterKind> = [
  floor("minGpuCount", null, ({ gpu }) => gpu?.count ?? 0),
  floor("minTotalVramMiB", "unknown GPU memory", ({ gpu }) => (gpu ? gpu.vramMiB && gpu.vramMiB * gpu.count : 0)),
  newest("minCuda", "unknown CUDA version", ({ maxCuda }) => maxCuda),
  newest("minComputeCapability", "unknown compute capability", ({ gpu, computeCapability }) => {
    if (gpu === null || gpu.vendor === "amd" || gpu.vendor === "intel") return "0.0"
    return computeCapability ?? computeCapabilityOf(gpu)
  }),
  floor("minDownloadMbps", "unknown download speed", ({ downloadMbps }) => downloadMbps),
  floor("minUploadMbps", "unknown upload speed", ({ uploadMbps }) => uploadMbps),
  floor("minPorts", "unknown ports", ({ openPorts }) => openPorts),
  {
    ...{ name: "countries", unknown: "unknown country", read: countryOf },
    impossible: () => ({ countries: ["Antarctica"] }),
    possible: (offers) => {
      const country = offers.map(countryOf).find(isThere)
      const group = groupNames.find((name) => country && placesNamed([name]).countries.includes(country))
      if (group === undefined) return null
      const { countries } = placesNamed([group])
      return { filter: { countries: [group] }, fits: (offer) => countries.includes(countryOf(offer) ?? "") }
    }
  },
  {
    ...{ name: "excludePlaces", unknown: "unknown country", read: countryOf },
    impossible: () => ({ excludePlaces: groupNames }),
    possible: (offers) => {
      const [first, ...others] = new Set(offers.map(countryOf).filter(isThere))
      if (first === undefined || others.length === 0) return null
      return {
        filter: { excludePlaces: [first] },
        fits: (offer) => countryOf(offer) !== null && countryOf(offer) !== first
      }
    }
  },
  named("excludeHosts", "unknown host", ({ host }) => host),
  named("excludeSuppliers", "unknown supplier", ({ supplier }) => supplier)
]
