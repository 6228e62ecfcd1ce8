import type { OfferJson } from "@anygpu/operations/protocol"

/** `2x H100`; `none` for machines without. */
export const gpuText = (gpu: OfferJson["gpu"]): string => (gpu === null ? "none" : `${gpu.count}x ${gpu.model}`)

/** The country, the region, or what the cloud wrote. */
export const placeText = ({ country, region, native }: OfferJson["location"]): string =>
  country ?? region ?? native ?? "?"
