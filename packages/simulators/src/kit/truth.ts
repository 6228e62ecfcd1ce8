/**
 * What one machine was charged, by reason.
 *
 * - `compute`: while it ran, or for the steps that its rent began. `storage`: for its disk.
 * - `reserve`: held for it and not charged; it comes back.
 */
export interface MeterLine {
  readonly item: "compute" | "storage" | "reserve"
  /** Millionths of the cloud's currency: exact, and rounded up once where a part of one is left. */
  readonly micros: number
  /** For how many milliseconds it counted. */
  readonly ms: number
}

/**
 * One machine as it truly is, ended ones included, whatever the API shows of it.
 *
 * - No cloud here charges for traffic in its simulation, since nothing moves over the network.
 */
export interface MachineTruth {
  readonly id: string
  /** As its creator named it: a name, a label or a hostname. */
  readonly name: string
  /** The offer, type or plan that it was made of, `<id>@<place>` where it could be placed in several. */
  readonly of: string
  readonly kind: "container" | "vm" | "baremetal" | "cpu-vm"
  /** It runs, and what runs in it has started. */
  readonly isUp: boolean
  /** It exists: it can still be charged. */
  readonly isAlive: boolean
  /** Its end was accepted, and takes its time. */
  readonly isEnding: boolean
  /** When it was made, in epoch milliseconds. */
  readonly madeAt: number
  /** When the cloud itself ends it, in epoch milliseconds, where an end is set there; null or left out where it is not. */
  readonly endsAt?: number | null
  /** What it came to so far: `spent` of a meter is the sum of all but the reserve. */
  readonly lines: readonly MeterLine[]
}
