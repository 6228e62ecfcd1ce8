import { type BillingTerms, canonicalGpu, type Kind, type Money, money, type Offer } from "@anygpu/core"
import type * as DateTime from "effect/DateTime"

/** What an offer may say of its host. */
export type HostFact =
  | "host"
  | "supplier"
  | "maxCuda"
  | "computeCapability"
  | "downloadMbps"
  | "uploadMbps"
  | "openPorts"
  | "datacenter"

/** An offer as a test writes it; what is left out is as on a small H100 in Finland. */
export interface MemoryOffer {
  readonly id: string
  /** Per hour: `money("2.50")`, or the dollars in a text or a number. */
  readonly perHour: Money | string | number
  /** In any spelling that filters know. */
  readonly gpu?: string
  readonly gpuCount?: number
  readonly vramMiB?: number
  readonly vcpus?: number
  readonly memoryMiB?: number
  /** The disk in the price. */
  readonly diskMiB?: number
  /** Two letters. */
  readonly country?: string
  /** What is known of its host besides: driver, line, ports, supplier; nothing when absent. */
  readonly facts?: Pick<Offer, HostFact>
  readonly interruptible?: boolean
  /** How it is charged besides; by the second and nothing else when absent. */
  readonly terms?: Partial<Omit<BillingTerms, "compute">> & { readonly compute?: Partial<BillingTerms["compute"]> }
  /** Milliseconds from the create until the machine is up; one minute when absent. */
  readonly bootMillis?: number
}

/** What is rented out when a test does not say. */
export const usualOffers: ReadonlyArray<MemoryOffer> = [
  { id: "small", gpu: "RTX 4090", vramMiB: 24_576, perHour: "0.40" },
  { id: "large", gpu: "H100", vramMiB: 81_920, perHour: "2.50" },
  { id: "eight", gpu: "H100", vramMiB: 81_920, gpuCount: 8, vcpus: 192, memoryMiB: 2_097_152, perHour: "20.00" }
]

const priceOf = ({ perHour }: MemoryOffer): Money => (typeof perHour === "object" ? perHour : money(perHour))

/** An offer in common terms. */
export const toOffer = <Name extends string, K extends Kind>(
  given: MemoryOffer,
  { provider, kind, observedAt }: { readonly provider: Name; readonly kind: K; readonly observedAt: DateTime.Utc }
): Offer<Name, K> => {
  const price = priceOf(given)
  const { id, gpu = "H100", gpuCount = 1, vramMiB = 81_920, diskMiB = 102_400, country = "FI", terms = {} } = given
  const compute = { perHour: price, stepSeconds: 1, stepsFrom: "start", minimumSeconds: 0 } as const
  return {
    ...{ id, provider, kind, pricePerHour: price, observedAt, native: given },
    gpu: { ...canonicalGpu(gpu, { vramMiB }), count: gpuCount },
    ...{ vcpus: given.vcpus ?? 16, memoryMiB: given.memoryMiB ?? 131_072, diskMiB, storageMiB: diskMiB },
    location: { country, region: null, native: country },
    minimumBid: given.interruptible ? price : null,
    terms: {
      ...{ storage: null, traffic: null, upfront: null, accountFloor: null },
      ...terms,
      compute: { ...compute, ...terms.compute }
    },
    ...{ availability: "available", interruptible: given.interruptible ?? false, reliability: null, ...given.facts }
  }
}
