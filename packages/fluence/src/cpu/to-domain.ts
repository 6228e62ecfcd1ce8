import {
  type BillingTerms,
  type Endpoints,
  type Image,
  type InstanceFacts,
  type Location,
  type Money,
  noEndpoints,
  type Offer,
  scaleMoney,
  splitMarker,
  sshEndpoint
} from "@anygpu/core"
import { shownImage } from "@anygpu/core/adapter"
import type * as DateTime from "effect/DateTime"
import type * as z from "zod"
import { mibOf, numberOf, portOf, timeOf, usdcOf } from "../values.ts"
import type * as wire from "./wire.ts"

/** A price above zero. */
export const priceOf = (amount: string | number | null | undefined): Money | null => {
  const price = usdcOf(amount)
  return price && price.micros > 0 ? price : null
}

const hoursPerEpoch = 24

/** The price of an epoch per hour, rounded up. */
const perHourOf = (perEpoch: Money): Money => scaleMoney(perEpoch, 1, hoursPerEpoch)

/** The whole of one type of resource; null when none is there or one of them cannot be read. */
const sumOf = (
  resources: ReadonlyArray<wire.Resource> | null | undefined,
  type: "VCPU" | "RAM" | "STORAGE",
  read: (resource: wire.Resource) => number | null
): number | null => {
  const amounts = (resources ?? []).filter((resource) => resource.type?.toUpperCase() === type).map(read)
  const sum = amounts.reduce((total, amount) => (total === null || amount === null ? null : total + amount), 0)
  return sum === null || sum === 0 ? null : Math.floor(sum)
}

const supplyOf = ({ supply, units }: wire.Resource): number | null => mibOf(numberOf(supply), units)

type Sizes = Pick<InstanceFacts, "vcpus" | "memoryMiB" | "storageMiB">

/** CPU by its quantity, memory and disk by their supply in MiB or GiB; what is in other words is unknown. */
export const sizesOf = (resources: ReadonlyArray<wire.Resource> | null | undefined): Sizes => ({
  vcpus: sumOf(resources, "VCPU", ({ quantity }) => numberOf(quantity)),
  memoryMiB: sumOf(resources, "RAM", supplyOf),
  storageMiB: sumOf(resources, "STORAGE", supplyOf)
})

/**
 * The sizes in a configuration's name, such as `cpu-2-ram-4gb-storage-25gb`: offers say them nowhere else. Its `gb` are
 * GiB: the documents' VM of that configuration has 4096 and 25600 MiB.
 */
export const sizesOfSlug = (slug: string): Sizes => {
  const match = /^cpu-(\d+)-ram-(\d+)gb-storage-(\d+)gb$/i.exec(slug)
  const [vcpus, ram, storage] = [1, 2, 3].map((part) => numberOf(match?.[part]))
  return { vcpus: vcpus ?? null, memoryMiB: ram ? ram * 1024 : null, storageMiB: storage ? storage * 1024 : null }
}

/** Country, and city with index as the data centre's code: `PAR-1`. */
export const locationOf = (place: wire.Datacenter | null | undefined): Location => {
  const { countryCode, cityCode, cityIndex } = place ?? {}
  const country = countryCode && /^[A-Za-z]{2}$/.test(countryCode) ? countryCode.toUpperCase() : null
  const region = cityCode ? [cityCode, cityIndex].filter((part) => part != null).join("-") : null
  return { country, region, native: [countryCode, region].filter(Boolean).join("-") || null }
}

/**
 * Days that change at 17:55 UTC, of which each that is begun is charged in full; a later page speaks of 24 hours from the
 * activation instead.
 *
 * - Two days are taken at the order, of which one is a reserve that comes back: so say a later page and the documented
 *   example of an estimate (`depositEpochs: 2`); an older page says one day.
 * - What traffic costs is not documented.
 */
const termsOf = (perEpoch: Money): BillingTerms => ({
  compute: {
    perHour: perHourOf(perEpoch),
    stepSeconds: 86_400,
    stepsFrom: "clock",
    clockOffsetSeconds: 64_500,
    perStep: perEpoch,
    minimumSeconds: 0
  },
  storage: null,
  traffic: "unknown",
  upfront: { seconds: 172_800, refundableSeconds: 86_400 },
  accountFloor: null
})

const availabilityOf = ({ servers }: wire.MarketOffer): Offer["availability"] => {
  const counts = (servers ?? []).flatMap(({ availableBasicInstances: count }) => (count == null ? [] : [count]))
  if (counts.length === 0) return "unknown"
  return counts.some((count) => count > 0) ? "available" : "unavailable"
}

/** So many ports can be opened besides that of ssh. Source: Fluence docs, CPU VMs: open ports. */
export const mostPorts = 50

/**
 * One configuration of one data centre as an offer. Its id is the configuration and the country: an order can name no
 * data centre.
 */
export const cpuOfferOf = (
  row: wire.MarketOffer,
  native: unknown,
  observedAt: DateTime.Utc
): Offer<"fluence", "cpu-vm"> => {
  const { slug, price } = row.configuration
  const perEpoch = priceOf(price)
  const location = locationOf(row.datacenter)
  const [named, sizes] = [sizesOfSlug(slug), sizesOf(row.resources)]
  const storageMiB = sizes.storageMiB ?? named.storageMiB
  return {
    id: location.country ? `${slug}@${location.country}` : slug,
    provider: "fluence",
    kind: "cpu-vm",
    gpu: null,
    vcpus: sizes.vcpus ?? named.vcpus,
    memoryMiB: sizes.memoryMiB ?? named.memoryMiB,
    diskMiB: storageMiB,
    storageMiB,
    location,
    pricePerHour: perEpoch && perHourOf(perEpoch),
    minimumBid: null,
    terms: perEpoch && termsOf(perEpoch),
    availability: availabilityOf(row),
    interruptible: false,
    reliability: null,
    openPorts: mostPorts,
    datacenter: row.datacenter ? true : null,
    observedAt,
    native
  }
}

type CpuOffer = ReturnType<typeof cpuOfferOf>

/** Whether an offer is to be taken before another one: what can be had, then what costs less. */
const goesBefore = (a: CpuOffer, b: CpuOffer): boolean => {
  const [gone, otherGone] = [a.availability === "unavailable", b.availability === "unavailable"]
  if (gone !== otherGone) return otherGone
  return (a.terms?.compute.perStep?.micros ?? Infinity) < (b.terms?.compute.perStep?.micros ?? Infinity)
}

/**
 * One offer for each configuration and country: the cheapest that can be had, since an order for it may be filled by any
 * of the country's data centres at that price. Where several ask the same, the data centre is open.
 */
export const placesOf = (offers: ReadonlyArray<CpuOffer>): ReadonlyArray<CpuOffer> => {
  const places = new Map<string, CpuOffer>()
  for (const offer of offers) {
    const best = places.get(offer.id)
    if (!best || goesBefore(offer, best)) places.set(offer.id, offer)
    else if (!goesBefore(best, offer) && best.location.region !== offer.location.region) {
      const { country } = best.location
      places.set(offer.id, { ...best, location: { country, region: null, native: country } })
    }
  }
  return [...places.values()]
}

/** Ubuntu's cloud images let in `ubuntu`, as the documented default images say; of others the user is unknown. */
const loginOf = (osImage: string | null | undefined): string | null =>
  /^https?:\/\/cloud-images\.ubuntu\.com\//i.test(osImage ?? "") ? "ubuntu" : null

/** Open ports are reached at the VM's own address; without a known user there is no ssh command, only its port. */
const endpointsOf = ({ publicIp, ports, osImage }: wire.Vm): Endpoints => {
  const host = publicIp?.trim()
  if (!host) return noEndpoints
  const user = loginOf(osImage)
  const open = (ports ?? []).flatMap(({ port: written, protocol: name }) => {
    const port = portOf(written)
    const protocol = name?.toLowerCase()
    if (port === null || (protocol !== "tcp" && protocol !== "udp")) return []
    return [{ port, protocol, host, externalPort: port } as const]
  })
  const ssh = user === null ? undefined : open.find(({ port, protocol }) => port === 22 && protocol === "tcp")
  return {
    ssh: ssh && user ? [sshEndpoint(host, 22, user, "direct")] : [],
    ports: open.filter((mapping) => mapping !== ssh),
    urls: []
  }
}

const nativeOf = ({ id: _, ...facts }: wire.Vm) => ({ ...facts, osImage: shownImage(facts.osImage) })

/**
 * Fluence's own facts of a CPU VM, under its names: what its resources are made of (`details`, `metadata`), where it stands
 * (`datacenter` with `tier` and `certifications`), and the amounts of USDC as decimal texts, per epoch of a day.
 */
export type CpuNative = ReturnType<typeof nativeOf>

/** A VM in common terms. */
export const cpuInstanceOf = (row: wire.Vm): InstanceFacts<CpuNative> => {
  const { name, marker } = splitMarker(row.vmName ?? "")
  const perEpoch = priceOf(row.pricePerEpoch)
  return {
    id: row.id,
    name: name || null,
    marker,
    gpu: null,
    ...sizesOf(row.resources),
    location: locationOf(row.datacenter),
    pricePerHour: perEpoch && perHourOf(perEpoch),
    interruptible: false,
    endpoints: endpointsOf(row),
    createdAt: timeOf(row.createdAt),
    endsAt: null,
    native: nativeOf(row)
  }
}

/** A default image; its address is what `os` takes. */
export const cpuImageOf = (row: z.infer<typeof wire.DefaultImage>, native: unknown): Image => ({
  id: row.downloadUrl,
  name: [row.distribution, row.name].filter(Boolean).join(" ") || row.slug || row.downloadUrl,
  native
})
