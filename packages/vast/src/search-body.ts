import { decimalOf, gpuModels, placesNamed, type ResolvedFilter, vramTolerance } from "@anygpu/core"
import type * as z from "zod"
import { type Place, pageSize } from "./pages.ts"
import { gbOfMiB } from "./to-domain.ts"
import type { SearchBody } from "./wire.ts"

/** What a search asks for beyond the caller's filter. */
export interface SearchScope {
  readonly vms: boolean
  readonly unverified: boolean
  readonly place: Place
}

/** Names that Vast may have for these models: with the memory behind them too, and as written where nobody knows them. */
const spellings = (models: ReadonlyArray<string>): ReadonlyArray<string> =>
  models.flatMap((wanted) => {
    const row = gpuModels.find(({ model }) => model === wanted)
    const names = row ? [row.model, ...row.aliases].map((name) => name.replaceAll("_", " ")) : [wanted]
    return names.flatMap((name) => [name, ...(row?.vramGiB ?? []).map((gib) => `${name} ${gib}GB`)])
  })

/** The names as they were asked for: Vast may list one that the table does not know. */
const asWritten = ({ gpu = [] }: ResolvedFilter): ReadonlyArray<string> => [gpu].flat().map((name) => name.trim())

/** The range of one column, or nothing where nothing is asked of it. */
const column = (name: string, operators: Readonly<Record<string, unknown>>) => {
  const asked = Object.fromEntries(Object.entries(operators).filter(([, value]) => value !== undefined))
  return Object.keys(asked).length === 0 ? {} : { [name]: asked }
}

const countOf = ({ gpuCount, minGpuCount }: ResolvedFilter) => column("num_gpus", { eq: gpuCount, gte: minGpuCount })

/** Vast compares countries alone; of other places it knows nothing. */
const placesOf = ({ countries, excludePlaces = [] }: ResolvedFilter) => {
  const excluded = placesNamed(excludePlaces).countries
  return column("geolocation", { in: countries, notin: excluded.length > 0 ? excluded : undefined })
}

/** The compute capability as Vast counts it: 890 for 8.9. */
const hundredfold = (version: string): number => Math.round(Number(version) * 100)

const floorsOf = (filter: ResolvedFilter) => {
  const { minTotalVramMiB, minCuda, minComputeCapability, minDownloadMbps, minUploadMbps, minPorts } = filter
  const total = minTotalVramMiB === undefined ? undefined : Math.floor(minTotalVramMiB * vramTolerance)
  return {
    ...column("gpu_total_ram", { gte: total }),
    ...column("cuda_max_good", { gte: minCuda === undefined ? undefined : Number(minCuda) }),
    ...column("compute_cap", { gte: minComputeCapability && hundredfold(minComputeCapability) }),
    ...column("inet_down", { gte: minDownloadMbps }),
    ...column("inet_up", { gte: minUploadMbps }),
    ...column("direct_port_count", { gte: minPorts })
  }
}

/** The numbers behind `vast/`: other names are none of Vast's. */
const numbersOf = (names: ReadonlyArray<string> = []): ReadonlyArray<number> | undefined => {
  const numbers = names.flatMap((name) => /^vast\/(\d{1,15})$/.exec(name)?.[1] ?? []).map(Number)
  return numbers.length > 0 ? numbers : undefined
}

const machinesOf = ({ excludeHosts, excludeSuppliers }: ResolvedFilter, place: Place) => ({
  ...column("machine_id", {
    gte: place.by === "machine" ? place.fromMachine : undefined,
    notin: numbersOf(excludeHosts)
  }),
  ...column("host_id", { notin: numbersOf(excludeSuppliers) })
})

/** A filter as a search: every default is sent by name, since what Vast applies by itself is not documented. */
export const searchOf = (filter: ResolvedFilter, scope: SearchScope): z.input<typeof SearchBody> => {
  const { gpus, minVramMiB, minVcpus, minDiskMiB, minReliability, maxPerHour } = filter
  const { place } = scope
  const price = {
    ...(place.by === "machine" && { eq: place.at }),
    ...(place.by === "price" && place.from !== undefined && { gte: place.from }),
    ...(place.by === "price" && place.above !== undefined && { gt: place.above }),
    ...(maxPerHour && { lte: Number(decimalOf(maxPerHour)) })
  }
  return {
    type: filter.interruptible ? "bid" : "on-demand",
    limit: pageSize,
    order: [[place.by === "price" ? "dph_total" : "machine_id", "asc"]],
    allocated_storage: gbOfMiB(minDiskMiB),
    rentable: { eq: true },
    rented: { eq: false },
    external: { eq: false },
    ...(!scope.unverified && { verified: { eq: true } }),
    ...(scope.vms && { vms_enabled: { eq: true } }),
    ...(gpus && {
      gpu_name: { in: [...new Set([...gpus.flatMap(({ models }) => spellings(models)), ...asWritten(filter)])] }
    }),
    ...countOf(filter),
    ...(minVramMiB !== undefined && { gpu_ram: { gte: Math.floor(minVramMiB * vramTolerance) } }),
    ...(minVcpus !== undefined && { cpu_cores_effective: { gte: minVcpus } }),
    ...(minDiskMiB !== undefined && { disk_space: { gte: gbOfMiB(minDiskMiB) } }),
    ...placesOf(filter),
    ...floorsOf(filter),
    ...(filter.datacenter && { datacenter: { eq: true } }),
    ...(minReliability !== undefined && { reliability: { gte: minReliability } }),
    ...machinesOf(filter, place),
    ...(Object.keys(price).length > 0 && { dph_total: price })
  }
}
