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

/** One disk of the account that outlives machines, as it truly is. */
export interface DiskTruth {
  readonly id: string
  /** Where it stands, as the region of offers. */
  readonly region: string
  /** What an hour of it is charged, in the cloud's currency; null where no document has its price. */
  readonly perHour: number | null
  /** The ids of the machines that have it. */
  readonly holders: readonly string[]
}

/** The disks of an account, and a way to put one there. */
export interface DiskControls {
  /** Puts a disk of 100 GB on the account that no machine has; gives its id. */
  addDisk(region: string): string
  /** The disks that exist. */
  disks(): readonly DiskTruth[]
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
