import { type OfferFilter, unknownGpuHint } from "anygpu"

/**
 * What is said when nothing fits: a misspelt GPU is the likeliest reason. Where not all clouds answered that is said
 * first, since nobody knows what they have.
 */
export const noOfferText = (gpu: OfferFilter["gpu"], complete = true): string => {
  const hint = unknownGpuHint(gpu)
  const where = complete ? "" : " on the clouds that answered, and not all did"
  return hint === null ? `No offer fits${where}.` : `No offer fits${where}: ${hint}`
}
