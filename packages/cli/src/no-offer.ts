import { type OfferFilter, unknownGpuHint } from "anygpu"

/** What is said when nothing fits: a misspelt GPU is the likeliest reason. */
export const noOfferText = (gpu: OfferFilter["gpu"]): string => {
  const hint = unknownGpuHint(gpu)
  return hint === null ? "No offer fits." : `No offer fits: ${hint}`
}
