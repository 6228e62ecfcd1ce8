/** What is looked at. */
export type Subject =
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

/** One thing that was looked at. */
export interface Check {
  readonly subject: Subject
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
export interface Finding extends Check {
  readonly verdict: Severity
}

/** A check of which nothing is known. */
export interface UnknownCheck extends Check {
  readonly verdict: "unknown"
}

/** What makes one check after the other of a subject. */
export const checkOf =
  (subject: Subject, offered: string | null, found: string | null) =>
  (verdict: Check["verdict"], message: string): Check => ({ subject, verdict, message, offered, found })

/** Memory in words: MiB below one GiB, else GiB with one digit. */
export const sizeText = (mib: number): string =>
  mib < 1024 ? `${mib} MiB` : `${(mib / 1024).toFixed(1).replace(/\.0$/, "")} GiB`

/** `1 GPU`, `2 GPUs`. */
export const countText = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`
