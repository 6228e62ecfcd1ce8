import type * as DateTime from "effect/DateTime"
import type { BillingTerms } from "./billing.ts"
import type { Gpu } from "./gpu.ts"
import type { Kind } from "./kind.ts"
import type { Location } from "./location.ts"
import type { Money } from "./money.ts"

/**
 * A machine that can be rented now, in common terms.
 *
 * - `pricePerHour` is for the whole machine with a disk of `diskMiB`; null when the cloud named none (zero counts as
 *   none), and then a launch is refused unless the caller allows it.
 * - Sizes are MiB. What a cloud does not say is null, never zero.
 * - `native` is the cloud's own row, for its own features.
 */
export interface Offer<P extends string = string, K extends Kind = Kind> {
  readonly id: string
  readonly provider: P
  readonly kind: K
  readonly gpu: Gpu | null
  readonly vcpus: number | null
  readonly memoryMiB: number | null
  /**
   * The disk in the price, which a launch gets unless it asks for another: what `minDiskMiB` asked for, or what the
   * cloud gives by itself. Null when the cloud does not say.
   */
  readonly diskMiB: number | null
  /** The largest disk that can be had; where nobody can choose, the same as `diskMiB`. */
  readonly storageMiB: number | null
  readonly location: Location
  readonly pricePerHour: Money | null
  /** The lowest bid that can win now; null on offers that are not bid for. */
  readonly minimumBid: Money | null
  /** Null when the price is unknown. */
  readonly terms: BillingTerms | null
  readonly availability: "available" | "unavailable" | "unknown"
  /** Whether the cloud may take the machine away before the end. */
  readonly interruptible: boolean
  /** What `os` can be, where the offer itself says so; see also `images`. */
  readonly systems?: ReadonlyArray<string>
  /** The physical machine, where the cloud names it: offers of one host share its troubles. */
  readonly host?: string | null
  /** Who rents the machine out, where the cloud names them. */
  readonly supplier?: string | null
  /** 0 to 1; null when the cloud publishes none. */
  readonly reliability: number | null
  /** The newest version of CUDA that the driver of every machine of this offer takes: `12.8`. */
  readonly maxCuda?: string | null
  /** The compute capability of its GPUs as the cloud says it: `8.9`. Where it does not, the table of GPUs may know. */
  readonly computeCapability?: string | null
  /** Megabits per second from the internet to the machine. */
  readonly downloadMbps?: number | null
  /** Megabits per second from the machine to the internet. */
  readonly uploadMbps?: number | null
  /** How many ports a launch can open besides that of ssh. */
  readonly openPorts?: number | null
  /** Whether it stands in a data centre; false for machines of private people. */
  readonly datacenter?: boolean | null
  /** The name of the account that it is offered to, and rented on; absent where that has no name. */
  readonly account?: string
  readonly observedAt: DateTime.Utc
  readonly native: unknown
}

/**
 * Which offers are wanted. Every filter is applied locally, and sent to the cloud where it can filter too.
 *
 * - What a cloud does not say of an offer passes no filter that asks for it: it is counted in `excluded`, by what is not known.
 */
export interface OfferFilter {
  /** Only machines of these kinds: a container takes an `image`, a VM an `os`. */
  readonly kind?: Kind | ReadonlyArray<Kind>
  /** GPU names in any spelling; an unknown one is an `InvalidRequest` that names the nearest known ones. */
  readonly gpu?: string | ReadonlyArray<string>
  /** Exactly so many GPUs. */
  readonly gpuCount?: number
  /** At least so many GPUs. */
  readonly minGpuCount?: number
  /** At least so much memory per GPU. */
  readonly minVramMiB?: number
  /** At least so much memory of all GPUs together. */
  readonly minTotalVramMiB?: number
  /** A driver that takes at least this version of CUDA: `12.4`. */
  readonly minCuda?: string
  /** GPUs of at least this compute capability: `8.9`. Other makers' GPUs have none. */
  readonly minComputeCapability?: string
  readonly minVcpus?: number
  readonly minMemoryMiB?: number
  /** At least so much disk; also the disk that prices include. */
  readonly minDiskMiB?: number
  /** At least so many megabits per second from the internet. */
  readonly minDownloadMbps?: number
  /** At least so many megabits per second to the internet. */
  readonly minUploadMbps?: number
  /** A launch can open at least so many ports, besides that of ssh. */
  readonly minPorts?: number
  /** true: only machines in data centres. */
  readonly datacenter?: boolean
  /** Two-letter country codes, and groups of countries: `EU`, `EEA`, and the continents, such as `North America`. */
  readonly countries?: ReadonlyArray<string>
  /** The clouds' own names of regions and data centres, in any case: `FIN-01`, `us-central-3`. */
  readonly regions?: ReadonlyArray<string>
  /** Not in these: countries, groups of them, and regions, as in `countries` and `regions`. */
  readonly excludePlaces?: ReadonlyArray<string>
  /** Not on these physical machines: the cloud, and an offer's `host`, as in `vast/12345`. */
  readonly excludeHosts?: ReadonlyArray<string>
  /** Not of these suppliers: the cloud, and an offer's `supplier`, as in `vast/678`. */
  readonly excludeSuppliers?: ReadonlyArray<string>
  /** true: only interruptible offers, false (the default): only those that are not. */
  readonly interruptible?: boolean
  /** 0 to 1; offers without a published reliability are left out. */
  readonly minReliability?: number
  /** For this limit one USDC counts as one USD. */
  readonly maxPerHour?: Money
  /** At most so many offers, cheapest first. */
  readonly limit?: number
}
