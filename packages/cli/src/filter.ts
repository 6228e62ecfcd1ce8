import { present } from "@anygpu/operations"
import { type Kind, kinds, type OfferFilter } from "anygpu"
import type { Options } from "./catalogue/entry.ts"
import { gpusIn } from "./command/gpus.ts"
import { amountOf, countOf, percentOf, sizeOf } from "./inputs.ts"
import { textsOf } from "./words.ts"

/** The filter that the options of `offers`, `compare` and `launch` ask for, with the GPUs that were given as arguments. */
export const filterOf = (options: Options, words: ReadonlyArray<string> = []): OfferFilter => {
  const gpus = [...gpusIn(words), ...textsOf(options, "gpu")]
  const wanted = kinds.filter((kind: Kind) => textsOf(options, "kind").includes(kind))
  const countries = textsOf(options, "country")
  const regions = textsOf(options, "region")
  const given = {
    gpu: gpus.length > 0 ? gpus : undefined,
    kind: wanted.length > 0 ? wanted : undefined,
    gpuCount: countOf(options, "count"),
    minVramMiB: sizeOf(options, "minVram"),
    minVcpus: countOf(options, "minVcpus"),
    minMemoryMiB: sizeOf(options, "minMemory"),
    minDiskMiB: sizeOf(options, "disk"),
    countries: countries.length > 0 ? countries : undefined,
    regions: regions.length > 0 ? regions : undefined,
    minReliability: percentOf(options, "minReliability"),
    maxPricePerHour: amountOf(options, "maxPerHour")
  }
  return present(given)
}
