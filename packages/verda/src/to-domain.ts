import {
  addMoney,
  type BillingTerms,
  canonicalGpu,
  type Gpu,
  type InstanceFacts,
  type Location,
  type Money,
  noEndpoints,
  type Offer,
  scaleMoney,
  splitMarker,
  sshEndpoint
} from "@anygpu/core"
import { mibOfGB, shownImage, timeOf } from "@anygpu/core/adapter"
import type * as DateTime from "effect/DateTime"
import type { Machine } from "./machine.ts"
import { offerIdOf } from "./offer-id.ts"
import { defaultGB, hoursPerMonth, markerTag, priceOf } from "./values.ts"
import type * as wire from "./wire.ts"

type VerdaOffer = Offer<"verda", "vm">

/** The name and number of GPUs: `H100 SXM5 80GB`, `2x RTX A6000 48GB`. The size of one is read in its name alone. */
const gpuOf = (name: string | null | undefined, gpu: wire.InstanceType["gpu"]): Gpu | null => {
  const count = gpu?.number_of_gpus
  const bare = (name || gpu?.description || "").replace(/^\d+x\s*/i, "")
  return count && bare ? { ...canonicalGpu(bare), count } : null
}

const mibOf = (size: { readonly size_in_gigabytes?: number | null | undefined } | null | undefined): number | null =>
  size?.size_in_gigabytes == null ? null : mibOfGB(size.size_in_gigabytes)

/**
 * Ten minutes are deducted ahead, and what is not used of them comes back: by the second, as far as Verda's pages say. Disks
 * come on top by the GB and month, also while the machine is shut down, as does the machine itself: the status says so.
 *
 * Source: Verda docs, pricing-and-billing, set-up-a-gpu-instance; traffic has no price in any document.
 */
const termsOf = (perHour: Money, perUnitMonth: Money): BillingTerms => ({
  compute: { perHour, stepSeconds: 1, stepsFrom: "start", minimumSeconds: 0, whileStopped: true },
  storage: { perUnitMonth, unit: "whole GB", minimumUnits: defaultGB, hoursPerMonth, whileStopped: true },
  traffic: "unknown",
  upfront: { seconds: 600, refundableSeconds: 600 },
  accountFloor: null
})

/** What all offers of one reading share. */
export interface Shelf {
  readonly isSpot: boolean
  /** The OS volume in the price, in GB, and what a GB of it costs a month. */
  readonly disk: number
  readonly perUnitMonth: Money | null
  readonly observedAt: DateTime.Utc
}

/** Each machine has an address of its own with no firewall before it. Source: Verda docs, securing-your-instance. */
const allPorts = 65_535

/** A type in one place. */
export const offerOf = (row: wire.InstanceType, location: Location, shelf: Shelf): VerdaOffer => {
  const { isSpot, disk, perUnitMonth, observedAt } = shelf
  const compute = priceOf(isSpot ? row.spot_price : row.price_per_hour, row.currency)
  const isPriced = compute !== null && perUnitMonth !== null
  return {
    id: offerIdOf({ type: row.instance_type, place: location.region ?? "", isSpot }),
    provider: "verda",
    kind: "vm",
    gpu: gpuOf(row.name, row.gpu),
    vcpus: row.cpu?.number_of_cores ?? null,
    memoryMiB: mibOf(row.memory),
    diskMiB: mibOfGB(disk),
    // No document names a largest disk: what a search asks for is taken for what can be had.
    storageMiB: disk > defaultGB ? mibOfGB(disk) : null,
    location,
    pricePerHour: isPriced ? addMoney(compute, scaleMoney(perUnitMonth, disk, hoursPerMonth)) : null,
    minimumBid: null,
    terms: isPriced ? termsOf(compute, perUnitMonth) : null,
    availability: "available",
    interruptible: isSpot,
    ...(row.supported_os && { systems: row.supported_os }),
    reliability: null,
    openPorts: allPorts,
    observedAt,
    native: row
  }
}

/** What of a machine is shown as it came: not its Jupyter token. */
export interface InstanceNative extends Readonly<Record<string, unknown>> {
  readonly status: string | null
  readonly instance_type: string | null
  readonly image: string | null
  readonly os_name: string | null
  readonly description: string | null
  readonly contract: string | null
  readonly tags: ReadonlyArray<{ readonly key: string | null; readonly value: string | null }>
  readonly os_volume_id: string | null
  readonly volume_ids: ReadonlyArray<string>
}

/** The marker in the host name, or in the tag, which a person cannot have cut. */
const markerOf = ({ tags }: wire.Instance, inName: string | null): string | null =>
  inName ?? tags?.find(({ key, value }) => key === markerTag && /^ag[0-9a-z]{10}$/.test(value ?? ""))?.value ?? null

/** What a machine and its disks cost per hour; null where any part is not known. */
const costOf = ({ price_per_hour, currency, disks }: Machine): Money | null => {
  const compute = priceOf(price_per_hour, currency)
  if (compute === null || disks === undefined) return null
  return disks.reduce<Money | null>((sum, disk) => {
    const cost = priceOf(disk.base_hourly_cost, disk.currency)
    return sum && cost && addMoney(sum, cost)
  }, compute)
}

/** A machine in the common model: `root` logs in at port 22 of its own address. Source: Verda docs, connecting. */
export const instanceOf = (row: Machine): InstanceFacts<InstanceNative> => {
  const { name, marker } = splitMarker(row.hostname ?? "")
  const ip = row.ip?.trim()
  const size = row.disks?.reduce<number | null>(
    (sum, { size: gb }) => (sum === null || gb == null ? null : sum + gb),
    0
  )
  return {
    id: row.id,
    name: name || null,
    marker: markerOf(row, marker),
    gpu: gpuOf(null, row.gpu),
    vcpus: row.cpu?.number_of_cores ?? null,
    memoryMiB: mibOf(row.memory),
    storageMiB: size ? mibOfGB(size) : null,
    location: { country: null, region: row.location || null, native: row.location || null },
    pricePerHour: costOf(row),
    interruptible: row.is_spot === true,
    endpoints: ip ? { ...noEndpoints, ssh: [sshEndpoint(ip, 22, "root", "direct")] } : noEndpoints,
    createdAt: timeOf(row.created_at),
    endsAt: null,
    native: {
      ...{ status: row.status ?? null, instance_type: row.instance_type ?? null, image: shownImage(row.image) ?? null },
      ...{ os_name: row.os_name ?? null, description: row.description ?? null, contract: row.contract ?? null },
      tags: (row.tags ?? []).map(({ key, value }) => ({ key: key ?? null, value: value ?? null })),
      ...{ os_volume_id: row.os_volume_id ?? null, volume_ids: row.volume_ids ?? [] }
    }
  }
}
