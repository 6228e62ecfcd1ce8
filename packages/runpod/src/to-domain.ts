import {
  addMoney,
  type BillingTerms,
  canonicalGpu,
  type Endpoints,
  type Gpu,
  type InstanceFacts,
  isVersionAtLeast,
  type Money,
  type Offer,
  scaleMoney,
  splitMarker,
  sshEndpoint
} from "@anygpu/core"
import { mibOfGB, shownImage, timeOf } from "@anygpu/core/adapter"
import type * as DateTime from "effect/DateTime"
import { defaultGB } from "./from-domain.ts"
import { offerIdOf } from "./offer-id.ts"
import { placeOf } from "./places.ts"
import { diskPerHour, diskPerMonth, hoursPerMonth, priceOf } from "./values.ts"
import type * as wire from "./wire.ts"

type RunpodOffer = Offer<"runpod", "container">

/** GB of memory of GPUs and machines are those of 1024 MiB. */
const mibOfMemory = (gb: number | null | undefined): number | null => (gb == null ? null : Math.floor(gb * 1024))

/**
 * Per second, with the disk by the GB and month; traffic is free. An hour's price must be on the account, and is not taken.
 *
 * Source: Runpod docs, pods/pricing.
 */
const termsOf = (perHour: Money): BillingTerms => ({
  compute: { perHour, stepSeconds: 1, stepsFrom: "start", minimumSeconds: 0 },
  storage: { perUnitMonth: diskPerMonth, unit: "whole GB", minimumUnits: 1, hoursPerMonth, whileStopped: false },
  traffic: null,
  upfront: { seconds: 3600, refundableSeconds: 3600 },
  accountFloor: null
})

const stockOf = (word: string | null | undefined): RunpodOffer["availability"] => {
  if (word === "NONE") return "unavailable"
  return word === "LOW" || word === "MEDIUM" || word === "HIGH" ? "available" : "unknown"
}

type Places = ReadonlyArray<NonNullable<wire.GpuType["dataCenters"]>[number]>

/** The data centres that have a type. Runpod leaves the list out where none has; then the type is one offer without place. */
const placesIn = (row: wire.GpuType | wire.CpuType): Places =>
  row.dataCenters?.length ? row.dataCenters : [{ id: "", availability: row.availability ?? null }]

interface Shelf {
  readonly cloud: "SECURE" | "COMMUNITY"
  readonly count: number
  /** The container disk that is in the price, in GB. */
  readonly disk: number
  readonly observedAt: DateTime.Utc
}

/**
 * An offer in a data centre.
 *
 * - Secure Cloud is in data centres, Community Cloud with private people. Source: Runpod docs, pods/choose-a-pod.
 */
const offerAt = (
  { id: place, name, availability }: Places[number],
  compute: Money | null,
  shown: Pick<RunpodOffer, "gpu" | "vcpus" | "memoryMiB" | "maxCuda" | "observedAt" | "native"> &
    Pick<Parameters<typeof offerIdOf>[0], "type" | "count" | "market"> & { readonly disk: number }
): RunpodOffer => {
  const { type, count, market, disk, ...facts } = shown
  return {
    ...facts,
    id: offerIdOf({ type, count, market, place: place || undefined }),
    provider: "runpod",
    kind: "container",
    diskMiB: mibOfGB(disk),
    // No document names a largest disk: what a search asks for is taken for what can be had.
    storageMiB: disk > defaultGB ? mibOfGB(disk) : null,
    location: placeOf(place || null, name),
    pricePerHour: compute && addMoney(compute, diskPerHour(disk)),
    minimumBid: null,
    terms: compute && termsOf(compute),
    availability: stockOf(availability),
    interruptible: false,
    reliability: null,
    datacenter: market !== "community"
  }
}

/** The version of CUDA that every host of a type takes: which of them a pod gets is Runpod's choice. */
const leastCuda = ({ cudaVersions }: wire.GpuType): string | null =>
  (cudaVersions ?? [])
    .flatMap(({ version, available }) => (version && available ? [version] : []))
    .reduce<string | null>((least, one) => (least === null || isVersionAtLeast(least, one) ? one : least), null)

/** Whether a cloud offers so many GPUs of a type in one machine. Where it does not, the price is 0, which is unknown here. */
const isSold = (row: wire.GpuType, market: "secure" | "community", count: number): boolean =>
  row[market] !== false && (row.maxCount?.[market] ?? count) >= count

/** A type of GPU as one offer for each data centre that has it. vCPUs and memory are shown of pods alone. */
export const gpuOffers = (row: wire.GpuType, { cloud, count, ...shelf }: Shelf): ReadonlyArray<RunpodOffer> => {
  const market = cloud === "SECURE" ? "secure" : "community"
  if (!isSold(row, market, count)) return []
  const each = priceOf(row.price?.[market])
  const gpu = { ...canonicalGpu(row.id, { vramMiB: mibOfMemory(row.memory) }), count }
  const sizes = { gpu, vcpus: null, memoryMiB: null, maxCuda: leastCuda(row) }
  const facts = { ...sizes, native: row, type: row.id, count, market, ...shelf } as const
  return placesIn(row).map((place) => offerAt(place, each && scaleMoney(each, count, 1), facts))
}

/** The powers of two in a flavour's range. Source: Runpod API reference v2, CreateCpuConfig. */
const sizesOf = ({ vcpu }: wire.CpuType): ReadonlyArray<number> =>
  [2, 4, 8, 16, 32, 64, 128].filter((size) => size >= (vcpu?.min ?? Infinity) && size <= (vcpu?.max ?? 0))

/** A flavour as one offer for each of its sizes and data centres. That its price is per hour is read from that of GPUs. */
export const cpuOffers = (row: wire.CpuType, shelf: Pick<Shelf, "disk" | "observedAt">): ReadonlyArray<RunpodOffer> => {
  const each = priceOf(row.price?.securePerVcpu)
  return sizesOf(row).flatMap((vcpus) => {
    const memoryMiB = row.ramGbPerVcpu == null ? null : mibOfMemory(row.ramGbPerVcpu * vcpus)
    const facts = {
      gpu: null,
      vcpus,
      memoryMiB,
      native: row,
      type: row.id,
      count: vcpus,
      market: "cpu",
      ...shelf
    } as const
    return placesIn(row).map((place) => offerAt(place, each && scaleMoney(each, vcpus, 1), facts))
  })
}

const gpuOf = ({ gpu }: wire.Pod): Gpu | null =>
  gpu?.id && gpu.count ? { ...canonicalGpu(gpu.id, { vramMiB: null }), count: gpu.count } : null

/** What a pod costs per hour now: Runpod shows compute alone, and nothing of a stopped one, whose volume costs twice. */
const costOf = ({ status, cost, disk, mounts }: wire.Pod): Money | null => {
  const volume = mounts?.persistent?.size ?? 0
  if (status === "EXITED") return volume > 0 ? diskPerHour(volume, true) : null
  const compute = priceOf(cost)
  return compute && addMoney(compute, diskPerHour((disk ?? 0) + volume))
}

/**
 * How a pod is reached, as far as it is up: a direct address for ssh, mapped TCP ports, and the proxy's address of each HTTP
 * port that the pod itself shows.
 *
 * - The ssh proxy is left out: it has no files and no commands, and ends a command that failed with 0.
 */
const endpointsOf = ({ id, status, ssh, ports, runtime }: wire.Pod): Endpoints => {
  if (ports?.length === 0) return { ssh: [], ports: [], urls: [], expected: false }
  if (status !== "RUNNING") return { ssh: [], ports: [], urls: [] }
  const shown = runtime?.ports ?? []
  const { host, port, username } = ssh?.direct ?? {}
  return {
    ssh: host && port ? [sshEndpoint(host, port, username || "root", "direct")] : [],
    ports: shown.flatMap(({ private: inside, public: outside, type, ip }) =>
      type === "tcp" && inside && outside && ip
        ? [{ port: inside, host: ip, externalPort: outside, protocol: "tcp" as const }]
        : []
    ),
    urls: shown.flatMap(({ private: inside, type }) =>
      type === "http" && inside ? [`https://${id}-${inside}.proxy.runpod.net`] : []
    )
  }
}

/** What of a pod is shown as it came: not its variables, nor the proxy's user. */
export interface PodNative extends Readonly<Record<string, unknown>> {
  readonly status: string | null
  readonly actions: ReadonlyArray<string>
  readonly image: string | null
  readonly cloud: string | null
  readonly locked: boolean | null
  readonly startedAt: string | null
}

/** A pod in the common model. */
export const instanceOf = (row: wire.Pod): InstanceFacts<PodNative> => {
  const { name, marker } = splitMarker(row.name ?? "")
  const { gpu, cpu, disk, mounts } = row
  const size = disk == null ? null : disk + (mounts?.persistent?.size ?? 0)
  return {
    id: row.id,
    name: name || null,
    marker,
    gpu: gpuOf(row),
    vcpus: gpu?.vcpuCount ?? cpu?.vcpuCount ?? null,
    memoryMiB: mibOfMemory(gpu?.memory ?? cpu?.memory),
    storageMiB: size === null ? null : mibOfGB(size),
    location: placeOf(row.dataCenterId),
    pricePerHour: costOf(row),
    interruptible: false,
    endpoints: endpointsOf(row),
    createdAt: timeOf(row.createdAt),
    endsAt: null,
    native: {
      ...{ status: row.status ?? null, actions: row.actions ?? [], image: shownImage(row.image) ?? null },
      ...{ cloud: row.cloud ?? null, locked: row.locked ?? null, startedAt: row.startedAt ?? null }
    }
  }
}
