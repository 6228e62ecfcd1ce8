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
    minVramMiB: input.minVram,
    minVcpus: input.minVcpus,
    minMemoryMiB: input.minMemory,
    minDiskMiB: input.disk,
    countries: input.country,
    regions: input.region,
    minReliability: input.minReliability,
    maxPerHour: input.maxPerHour
  })
