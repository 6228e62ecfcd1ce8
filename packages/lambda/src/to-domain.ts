import {
  type BillingTerms,
  canonicalGpu,
  type Endpoints,
  type Gpu,
  type InstanceFacts,
  isMarker,
  type Location,
  type Money,
  money,
  noEndpoints,
  type Offer,
  type SshKey,
  scaleMoney,
  splitMarker,
  sshEndpoint
} from "@anygpu/core"
import type * as DateTime from "effect/DateTime"
import { offerIdOf } from "./offer-id.ts"
import type * as wire from "./wire.ts"

/** The tag that holds a launch's marker: no route changes tags after the launch. */
export const markerTag = "anygpu"

/** Sizes are GiB in Lambda's own names of them. */
const mibOfGib = (gib: number | null | undefined): number | null => (gib == null ? null : Math.floor(gib * 1024))

/** A price in whole cents; Lambda documents none of zero. */
const priceOf = (cents: number | null | undefined): Money | null =>
  cents != null && cents > 0 ? scaleMoney(money(cents), 1, 100) : null

/** `H100 (80 GB SXM5)`: model, GB of one, and how it is built in; a machine without a GPU says `N/A`. */
const gpuForm = /^(.+?) \((\d+) GB(?: (\w+))?\)$/

const gpuOf = ({ gpu_description: text, specs }: wire.InstanceType): Gpu | null => {
  const count = specs?.gpus
  if (!text || !count) return null
  const [, name = text, gb, form = null] = gpuForm.exec(text) ?? []
  const vramMiB = gb === undefined ? null : Number(gb) * 1024
  return { ...canonicalGpu(name, { interface: form, vramMiB }), count }
}

const countries: Readonly<Record<string, string>> = {
  ...{ USA: "US", Germany: "DE", India: "IN", Japan: "JP", Israel: "IL", Australia: "AU" }
}

/** The country is the last word of Lambda's own description: `Osaka, Japan`. Nothing is read out of a name like `us-west-1`. */
export const placeOf = (region: wire.Region | null | undefined): Location => {
  const country = region?.description?.split(",").at(-1)?.trim() ?? ""
  return {
    country: countries[country] ?? null,
    region: region?.name ?? null,
    native: region?.description || (region?.name ?? null)
  }
}

/**
 * By begun minutes, without a minimum; the local disk is in the price, and traffic is free.
 *
 * Source: Lambda docs, public-cloud/billing.
 */
const termsOf = (perHour: Money): BillingTerms => ({
  compute: { perHour, stepSeconds: 60, stepsFrom: "start", minimumSeconds: 0 },
  storage: null,
  traffic: null,
  upfront: null,
  accountFloor: null
})

const hardwareOf = (type: wire.InstanceType) => ({
  gpu: gpuOf(type),
  vcpus: type.specs?.vcpus ?? null,
  memoryMiB: mibOfGib(type.specs?.memory_gib),
  storageMiB: mibOfGib(type.specs?.storage_gib),
  pricePerHour: priceOf(type.price_cents_per_hour),
  interruptible: false
})

/**
 * A type of machine as an offer in each region that has it now: none where no region has.
 *
 * - Where the regions cannot be read it is one offer without a region, of which nobody knows whether it is to be had.
 */
export const offersOf = (row: wire.TypeRow, observedAt: DateTime.Utc): ReadonlyArray<Offer<"lambda", "vm">> => {
  const { instance_type: type, regions_with_capacity_available: regions } = row
  const hardware = hardwareOf(type)
  const places: ReadonlyArray<wire.Region | null> = regions ?? [null]
  return places.map((region) => ({
    id: offerIdOf({ type: type.name, region: region?.name }),
    ...{ provider: "lambda", kind: "vm", ...hardware, diskMiB: hardware.storageMiB, location: placeOf(region) },
    minimumBid: null,
    terms: hardware.pricePerHour && termsOf(hardware.pricePerHour),
    availability: region ? "available" : "unknown",
    ...{ reliability: null, observedAt, native: row }
  }))
}

/** Who logs in. Source: Lambda docs, on-demand/connecting-instance. */
const user = "ubuntu"

/** Port 22 is open unless the account's own firewall rules close it. The address is there before the machine is up. */
const endpointsOf = ({ ip }: wire.Instance): Endpoints => {
  const host = ip?.trim()
  return host ? { ...noEndpoints, ssh: [sshEndpoint(host, 22, user, "direct")] } : noEndpoints
}

const nativeOf = ({ id: _, actions: __, instance_type: type, ...facts }: wire.Instance) => ({
  ...facts,
  instance_type: type?.name ?? null
})

/** Lambda's own facts of a machine: `status`, `hostname`, `private_ip`, file systems, keys, tags and firewall rulesets. */
export type InstanceNative = ReturnType<typeof nativeOf>

/**
 * A machine in the common model. Lambda gives no time of creation: core takes that of its launch.
 *
 * - The marker is in a tag. It is in the name as well, where people see it, and where it counts if there is no tag.
 */
export const instanceOf = (row: wire.Instance): InstanceFacts<InstanceNative> => {
  const named = splitMarker(row.name ?? "")
  const tag = row.tags?.find(({ key }) => key === markerTag)?.value
  return {
    id: row.id,
    name: named.name || null,
    marker: tag && isMarker(tag) ? tag : named.marker,
    ...hardwareOf(row.instance_type ?? {}),
    location: placeOf(row.region),
    endpoints: endpointsOf(row),
    createdAt: null,
    endsAt: null,
    native: nativeOf(row)
  }
}

export const keyOf = ({ id, name, public_key }: wire.SshKey): SshKey => ({
  ...{ id, name: name ?? null, publicKey: public_key ?? null, fingerprint: null }
})
