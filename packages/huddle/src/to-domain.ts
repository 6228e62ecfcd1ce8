import {
  type BillingTerms,
  canonicalGpu,
  type Gpu,
  type InstanceFacts,
  type Location,
  type Money,
  money,
  noEndpoints,
  type Offer,
  type SshKey,
  splitMarker,
  sshEndpoint
} from "@anygpu/core"
import { mibOfGB, shownImage, timeOf } from "@anygpu/core/adapter"
import type * as DateTime from "effect/DateTime"
import type * as wire from "./wire.ts"

/** The boot disk without being asked for, and the largest one, in GB. Source: Huddle01 docs, Deployments: OS volume. */
export const defaultGB = 50
export const mostGB = 512

/** A price above zero in USD, exact; anything else is a price that nobody knows. */
export const priceOf = (amount: number | string | null | undefined, currency: string | null | undefined) => {
  const isDecimal = /^\d+(\.\d+)?(e-?\d+)?$/.test(String(amount ?? "").trim())
  const price = isDecimal && (currency ?? "USD").toUpperCase() === "USD" ? money(amount ?? 0) : null
  return price !== null && price.micros > 0 ? price : null
}

type Hardware = NonNullable<wire.Deployment["specs"]>

const gpuOf = ({ gpu_model, gpu_count, gpu_vram_gb }: Hardware): Gpu | null => {
  if (!gpu_model || !gpu_count) return null
  // Cards are sold by GiB, which everybody writes GB.
  const vramMiB = gpu_vram_gb == null ? null : Math.floor(gpu_vram_gb * 1024)
  return { ...canonicalGpu(gpu_model, { vramMiB }), count: gpu_count }
}

const hardwareOf = (row: Hardware) => ({
  gpu: gpuOf(row),
  vcpus: row.vcpu_count ?? null,
  memoryMiB: row.ram_gb == null ? null : mibOfGB(row.ram_gb),
  pricePerHour: priceOf(row.price_per_hr, row.currency)
})

/**
 * Per second after ten minutes, from $20 of credit on.
 *
 * - The rate is for a machine with its default boot disk: what a larger one and extra disks cost is not documented, nor
 *   what traffic costs.
 *
 * Source: Huddle01 docs, Deployments: billing.
 */
const termsOf = (perHour: Money): BillingTerms => ({
  compute: { perHour, stepSeconds: 1, stepsFrom: "start", minimumSeconds: 600 },
  storage: null,
  includedDiskMiB: mibOfGB(defaultGB),
  traffic: "unknown",
  upfront: null,
  accountFloor: money(20)
})

interface Place {
  readonly id: string
  readonly location: Location
}

/** The places of a row's type. The country is in `country_code` alone: nothing is read out of codes such as `FIN-01`. */
export const placesOf = ({ instance_type, regions }: wire.Offer): ReadonlyArray<Place> => {
  if (!regions?.length) return [{ id: instance_type, location: { country: null, region: null, native: null } }]
  return regions.map((place) => {
    const { code, name, country_code } = typeof place === "string" ? { code: place } : place
    const country = country_code && /^[A-Z]{2}$/i.test(country_code) ? country_code.toUpperCase() : null
    return { id: `${instance_type}@${code}`, location: { country, region: code, native: name || code } }
  })
}

/**
 * A type of machine as one offer for each of its places, `<instance_type>@<place>`.
 *
 * - The price is taken for the whole machine: documented examples of eight GPUs bear it out, no page says so.
 * - `diskMiB` is the boot disk that comes by itself, `storageMiB` the largest that can be asked for. `storage_gb` is
 *   not read: it is 200, 27000 and 0 in three documented examples and explained in none.
 * - Spot prices are not read: no document shows how to ask for spot.
 */
export const offersOf = (
  row: wire.Offer,
  native: unknown,
  observedAt: DateTime.Utc
): ReadonlyArray<Offer<"huddle", "vm">> => {
  const hardware = hardwareOf(row)
  const availability = row.is_available == null ? "unknown" : row.is_available ? "available" : "unavailable"
  return placesOf(row).map((place) => ({
    ...place,
    provider: "huddle",
    kind: "vm",
    ...hardware,
    diskMiB: mibOfGB(defaultGB),
    storageMiB: mibOfGB(mostGB),
    minimumBid: null,
    terms: hardware.pricePerHour && termsOf(hardware.pricePerHour),
    availability,
    interruptible: false,
    reliability: null,
    observedAt,
    native
  }))
}

/** The user that logs in where an answer names none. Source: Huddle01 docs, Deployments: SSH access. */
const defaultUser = "ubuntu"

const nativeOf = ({ id: _, ...facts }: wire.Deployment) => ({ ...facts, image: shownImage(facts.image) })

/**
 * Huddle01's own facts of a deployment, under its names: `image` and `os_name`, `ssh_key_ids`, `volumes`, `updated_at`,
 * `provider_id` and the rest of the answer.
 */
export type DeploymentNative = ReturnType<typeof nativeOf>

/** A machine in common terms. Its disks are unknown: no document shows what `volumes` of a deployment hold. */
export const instanceOf = (row: wire.Deployment): InstanceFacts<DeploymentNative> => {
  const { name, marker } = splitMarker(row.hostname ?? "")
  const ip = row.ip?.trim()
  return {
    id: row.id,
    name: name || null,
    marker,
    ...hardwareOf(row.specs ?? {}),
    storageMiB: null,
    location: { country: null, region: row.location || null, native: row.location ?? null },
    interruptible: false,
    endpoints: ip
      ? { ...noEndpoints, ssh: [sshEndpoint(ip, 22, row.ssh_user?.trim() || defaultUser, "direct")] }
      : noEndpoints,
    createdAt: timeOf(row.created_at),
    endsAt: null,
    native: nativeOf(row)
  }
}

/** A key; Huddle01 gives its fingerprint and not its text. */
export const keyOf = (row: wire.Key): SshKey => ({
  id: row.id,
  name: row.name || null,
  publicKey: null,
  fingerprint: row.fingerprint || null
})
