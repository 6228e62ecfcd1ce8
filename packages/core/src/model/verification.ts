/** What of a machine is looked at. */
export type CheckSubject =
  | "gpu-count"
  | "gpu-model"
  | "gpu-memory"
  | "gpu-division"
  | "gpu-health"
  | "gpu-speed"
  | "gpu-power"
  | "gpu-link"
  | "driver"
  | "cores"
  | "memory"
  | "disk"
  | "disk-speed"
  | "download-speed"

/**
 * How grave a finding is.
 *
 * - `wrong`: the machine is not what was offered.
 * - `faulty`: it is, and something of it is broken.
 * - `slow`: it works, and slower than it should.
 * - `note`: good to know, and no reason to give it back.
 */
export type Severity = "wrong" | "faulty" | "slow" | "note"

/** One thing of a machine that was compared with its offer. */
export interface MachineCheck {
  readonly subject: CheckSubject
  /** `ok`, how grave the finding is, or `unknown`: what cannot be read, or what the offer does not say, is never `ok`. */
  readonly verdict: "ok" | Severity | "unknown"
  /** One sentence. */
  readonly message: string
  /** What the offer says, in words; null where it says nothing. */
  readonly offered: string | null
  /** What the machine shows, in words; null where it shows nothing. */
  readonly found: string | null
}

/** A check that found something. */
export interface Finding extends MachineCheck {
  readonly verdict: Severity
}

/** A check that could not be made. */
export interface UnknownCheck extends MachineCheck {
  readonly verdict: "unknown"
}

/** How a machine compares with what was offered. */
export interface Verification {
  /**
   * - `not-as-offered`: something is wrong or faulty.
   * - `unclear`: nothing is, and which GPUs it has, or how many, could not be read.
   * - `as-offered`: it has the GPUs that were offered. There may be findings that are `slow` or a `note`.
   */
  readonly outcome: "as-offered" | "not-as-offered" | "unclear"
  /** Everything that was looked at, in the order of a table. */
  readonly checks: ReadonlyArray<MachineCheck>
  /** What of it is not fine, the gravest first. */
  readonly findings: ReadonlyArray<Finding>
  /** What could not be read. */
  readonly unknown: ReadonlyArray<UnknownCheck>
}

/** What is measured besides, and what is looked at. */
export interface VerifyOptions {
  /**
   * Writes so many MiB to the disk to measure how fast it is: 1 to 16384. Nothing stays there, and nothing is written where
   * it is half of what is free or more, or left out.
   */
  readonly write?: number | undefined
  /** Downloads what is there, for 30 seconds at most, and throws it away. Nothing where it is left out. */
  readonly url?: string | undefined
  /** Looks only at these; at everything where it is left out. */
  readonly only?: ReadonlyArray<CheckSubject> | undefined
}
