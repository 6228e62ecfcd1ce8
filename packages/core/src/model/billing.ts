import type { Money } from "./money.ts"

/**
 * How a cloud charges for an offer, as data: what {@link estimate} computes from.
 *
 * - All amounts are in the offer's currency; times in seconds, sizes in MiB and GiB as named.
 */
export interface BillingTerms {
  readonly compute: {
    /** Per hour for the whole machine, without storage. */
    readonly perHour: Money
    /** The smallest piece of time that is charged: 1 for per-second, 3600 for hours, 86400 for days. */
    readonly stepSeconds: number
    /** Whether steps are counted from the start of the machine or by the clock (15:50 to 16:10 is two clock hours). */
    readonly stepsFrom: "start" | "clock"
    /** Where clock steps begin, in seconds after midnight UTC; 0 by default, 64500 for days that change at 17:55. */
    readonly clockOffsetSeconds?: number
    /** The exact price of one step, where the cloud prices steps and `perHour` had to be rounded. */
    readonly perStep?: Money
    /** Charged at least, however short the job. */
    readonly minimumSeconds: number
    /** Charged in full while the machine is stopped, too: only its end saves money. Absent where a stop ends the charge. */
    readonly whileStopped?: true
  }
  /**
   * Charged on top for the disk, and at the same rate for each new disk of a launch's `volumes`; null when the disk is part of
   * the compute rate, and what a new one costs is not documented.
   */
  readonly storage: {
    readonly perUnitMonth: Money
    /** What the rate is for: GiB and parts of it, or whole GB (10^9 bytes), a part of which is charged in full. */
    readonly unit: "GiB" | "whole GB"
    /** The smallest disk that is rented, in these units; a smaller one is charged as this one. */
    readonly minimumUnits?: number
    /** The hours of the month that the rate is divided by. */
    readonly hoursPerMonth: number
    readonly whileStopped: boolean | "unknown"
  } | null
  /** The largest disk in the compute rate, where `storage` is null and the cloud documents no price for a larger one. */
  readonly includedDiskMiB?: number
  /** Charged on top per GiB; null when traffic is free, "unknown" when the cloud documents no price. */
  readonly traffic: { readonly outPerGiB: Money; readonly inPerGiB: Money } | "unknown" | null
  /** Deducted from the account at the launch, for so many seconds, of which some come back at the end. */
  readonly upfront: { readonly seconds: number; readonly refundableSeconds: number } | null
  /** The account must hold at least this much before a launch. */
  readonly accountFloor: Money | null
}
