import {
  type BillingTerms,
  canonicalGpu,
  type Endpoints,
  type Gpu,
  type InstanceFacts,
  type Location,
  type Money,
  money,
  type Offer,
  splitMarker,
  sshEndpoint
} from "@anygpu/core"
import { shownImage, timeOf } from "@anygpu/core/adapter"
import type * as DateTime from "effect/DateTime"
import { offerIdOf } from "./offer-id.ts"
import { mibOfGB, priceOfCents, priceOfText } from "./values.ts"
import type * as wire from "./wire.ts"

/** The kinds of machine, by Shadeform's words for how a type is deployed. */
export const kindsByWord = { vm: "vm", container: "container", baremetal: "baremetal" } as const
export type ShadeformKind = (typeof kindsByWord)[keyof typeof kindsByWord]

/** The kind that a word of Shadeform means; null for one that no document has. */
export const kindOfWord = (word: string | null | undefined): ShadeformKind | null =>
  word != null && Object.hasOwn(kindsByWord, word) ? kindsByWord[word as ShadeformKind] : null

/**
 * Per second, with disk in the price. What traffic costs is not documented. A launch needs a balance of five dollars.
 *
 * Source: Shadeform docs, guides/spot (per second, as on demand); the refusal of a launch below five dollars.
 */
const termsOf = (perHour: Money, diskMiB: number | null): BillingTerms => ({
  compute: { perHour, stepSeconds: 1, stepsFrom: "start", minimumSeconds: 0 },
  storage: null,
  ...(diskMiB !== null && { includedDiskMiB: diskMiB }),
  traffic: "unknown",
  upfront: null,
  accountFloor: money(5)
})

/** Regions are shown as `US, Kansas City, KS`: the first word is a country where it has two letters. */
export const placeOf = ({ region, display_name }: Pick<wire.Availability, "region" | "display_name">): Location => ({
  country: /^([A-Z]{2}),/.exec(display_name ?? "")?.[1] ?? null,
  region: region ?? null,
  native: display_name ?? region ?? null
})

const gpuOf = (configuration: wire.Configuration | null | undefined): Gpu | null => {
  const { gpu_type, num_gpus, vram_per_gpu_in_gb, interconnect } = configuration ?? {}
  if (!gpu_type || !num_gpus) return null
  const hints = { vramMiB: mibOfGB(vram_per_gpu_in_gb), interface: interconnect ?? null }
  return { ...canonicalGpu(gpu_type, hints), count: num_gpus }
}

const stockOf = (available: boolean | null | undefined): Offer["availability"] => {
  if (available == null) return "unknown"
  return available ? "available" : "unavailable"
}

/**
 * A type as one offer for each of its regions, on demand and spot apart.
 *
 * - Rows without `rental_type` are on demand: samples from before spot lack it. Rows without a region, and of a rental that
 *   no document knows, are none: they could not be asked for.
 */
export const offersIn = <K extends ShadeformKind>(
  row: wire.InstanceType,
  { kind, observedAt }: { readonly kind: K; readonly observedAt: DateTime.Utc }
): ReadonlyArray<Offer<"shadeform", K>> => {
  const { cloud, shade_instance_type: type, configuration, hourly_price, availability } = row
  if (!cloud) return []
  const diskMiB = mibOfGB(configuration?.storage_in_gb)
  return (availability ?? []).flatMap((place) => {
    const rental = place.rental_type ?? "on_demand"
    if (!place.region || (rental !== "on_demand" && rental !== "spot")) return []
    const isSpot = rental === "spot"
    const price = isSpot ? priceOfText(place.hourly_price) : priceOfCents(hourly_price)
    return [
      {
        id: offerIdOf({ cloud, type, region: place.region, isSpot }),
        provider: "shadeform" as const,
        kind,
        gpu: gpuOf(configuration),
        vcpus: configuration?.vcpus ?? null,
        memoryMiB: mibOfGB(configuration?.memory_in_gb),
        ...{ diskMiB, storageMiB: diskMiB },
        location: placeOf(place),
        pricePerHour: price,
        minimumBid: null,
        terms: price && termsOf(price, diskMiB),
        availability: stockOf(place.available),
        interruptible: isSpot,
        ...(configuration?.os_options && { systems: configuration.os_options }),
        reliability: null,
        observedAt,
        native: row
      }
    ]
  })
}

/** The tag that holds the marker of a launch. */
const tagged = /^anygpu:(ag[0-9a-z]{10})$/

/** The tags that a launch gets: its marker, and the kind of its offer, which no answer about a machine says. */
export const tagsOf = (marker: string, kind: ShadeformKind): ReadonlyArray<string> => [
  "anygpu",
  `anygpu:${marker}`,
  `anygpu-kind:${kind}`
]

/** The kind that a launch has put into a machine's tags; null on machines that this library did not launch. */
export const taggedKind = ({ tags }: Pick<wire.Instance, "tags">): ShadeformKind | null =>
  kindOfWord(tags?.map((tag) => /^anygpu-kind:(\w+)$/.exec(tag)?.[1]).find((word) => word !== undefined))

/** Tags outlive a rename in the console, which may drop the marker from the name. */
const namesOf = ({ name, tags }: wire.Instance) => {
  const split = splitMarker(name ?? "")
  const marker = tags?.map((tag) => tagged.exec(tag)?.[1]).find((found) => found !== undefined)
  return { name: split.name || null, marker: marker ?? split.marker }
}

/** How a machine is reached once it is up: ssh at port 22 unless it says another, and the ports that it maps. */
const endpointsOf = (row: wire.Instance): Endpoints => {
  const { status, ip, ssh_port, ssh_user, port_mappings, launch_configuration } = row
  if (status !== "active" || !ip) return { ssh: [], ports: [], urls: [] }
  const own = (port_mappings ?? []).flatMap(({ internal_port: port, external_port: externalPort }) =>
    port && externalPort ? [{ port, externalPort }] : []
  )
  const docker = launch_configuration?.docker_configuration?.port_mappings ?? []
  const mapped = [...own, ...docker.map((at) => ({ port: at.container_port, externalPort: at.host_port }))]
  return {
    ssh: ssh_user ? [sshEndpoint(ip, ssh_port ?? 22, ssh_user, "direct")] : [],
    ports: mapped.map((at) => ({ ...at, protocol: "tcp" as const, host: ip })),
    urls: []
  }
}

/** What of a machine is shown as it came: not its variables, its script, nor its login to a registry. */
export type InstanceNative = {
  readonly status: string | null
  readonly status_details: string | null
  readonly container_status: string | null
  readonly cloud: string | null
  readonly shade_instance_type: string | null
  readonly cloud_instance_type: string | null
  readonly cloud_assigned_id: string | null
  readonly rental_type: string | null
  readonly os: string | null
  readonly image: string | null
  readonly cost_estimate: string | null
  readonly active_at: string | null
}

const nativeOf = (row: wire.Instance): InstanceNative => ({
  status: row.status ?? null,
  status_details: row.status_details ?? null,
  container_status: row.container_status ?? null,
  cloud: row.cloud ?? null,
  shade_instance_type: row.shade_instance_type ?? null,
  cloud_instance_type: row.cloud_instance_type ?? null,
  cloud_assigned_id: row.cloud_assigned_id ?? null,
  rental_type: row.rental_terms?.rental_type ?? null,
  os: row.configuration?.os ?? null,
  image: shownImage(row.launch_configuration?.docker_configuration?.image) ?? null,
  cost_estimate: row.cost_estimate ?? null,
  active_at: row.active_at ?? null
})

const saidOf = ({ status_details, container_status }: wire.Instance): string | null => {
  const words = [
    status_details === "preempted" ? null : status_details,
    container_status && `container ${container_status}`
  ]
  return words.filter((one) => one).join("; ") || null
}

/** A machine in the common model. */
export const instanceOf = (row: wire.Instance): InstanceFacts<InstanceNative> => {
  const { configuration, rental_terms } = row
  const isSpot = rental_terms?.rental_type === "spot"
  return {
    id: row.id,
    ...namesOf(row),
    gpu: gpuOf(configuration),
    vcpus: configuration?.vcpus ?? null,
    memoryMiB: mibOfGB(configuration?.memory_in_gb),
    storageMiB: mibOfGB(configuration?.storage_in_gb),
    location: placeOf({ region: row.region, display_name: null }),
    pricePerHour: (isSpot ? priceOfText(rental_terms?.hourly_price) : null) ?? priceOfCents(row.hourly_price),
    interruptible: isSpot,
    endpoints: endpointsOf(row),
    createdAt: timeOf(row.created_at),
    endsAt: timeOf(row.auto_delete?.date_threshold),
    endsWhenSpent: priceOfText(row.auto_delete?.spend_threshold),
    native: nativeOf(row),
    said: saidOf(row)
  }
}
