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
  /** 0 to 1; null when the cloud publishes none. */
  readonly reliability: number | null
  readonly observedAt: DateTime.Utc
  readonly native: unknown
}

/** Which offers are wanted. Every filter is applied locally, and sent to the cloud where it can filter too. */
export interface OfferFilter {
  /** Only machines of these kinds: a container takes an `image`, a VM an `os`. */
  readonly kind?: Kind | ReadonlyArray<Kind>
  /** GPU names in any spelling; an unknown one is an `InvalidRequest` that names the nearest known ones. */
  readonly gpu?: string | ReadonlyArray<string>
  /** Exactly so many GPUs. */
  readonly gpuCount?: number
  /** At least so much memory per GPU. */
  readonly minVramMiB?: number
  readonly minVcpus?: number
  readonly minMemoryMiB?: number
  /** At least so much disk; also the disk that prices include. */
  readonly minDiskMiB?: number
  /** Two-letter country codes. */
  readonly countries?: ReadonlyArray<string>
  /** The clouds' own names of regions and data centres, in any case: `FIN-01`, `us-central-3`. */
  readonly regions?: ReadonlyArray<string>
  /** true: only interruptible offers, false (the default): only those that are not. */
  readonly interruptible?: boolean
  /** 0 to 1; offers without a published reliability are left out. */
  readonly minReliability?: number
  /** For this limit one USDC counts as one USD. */
  readonly maxPerHour?: Money
  /** At most so many offers, cheapest first. */
  readonly limit?: number
}
