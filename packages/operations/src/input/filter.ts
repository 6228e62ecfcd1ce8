import type { OfferFilter } from "anygpu"
import type { InputOf } from "./field.ts"
import type { filterFields } from "./fields.ts"
import { present } from "./present.ts"

/** What the offers are that an input asks for. */
export const filterOf = (input: InputOf<typeof filterFields>): OfferFilter =>
  present({
    gpu: input.gpu,
    kind: input.kind,
    gpuCount: input.count,
    minGpuCount: input.minCount,
    minVramMiB: input.minVram,
    minTotalVramMiB: input.minTotalVram,
    minCuda: input.minCuda,
    minComputeCapability: input.minComputeCapability,
    minVcpus: input.minVcpus,
    minMemoryMiB: input.minMemory,
    minDiskMiB: input.disk,
    minDownloadMbps: input.minDownload,
    minUploadMbps: input.minUpload,
    minPorts: input.minPorts,
    datacenter: input.datacenter,
    countries: input.country,
    regions: input.region,
    excludePlaces: input.excludePlace,
    excludeHosts: input.excludeHost,
    excludeSuppliers: input.excludeSupplier,
    minReliability: input.minReliability,
    maxPerHour: input.maxPerHour
  })
