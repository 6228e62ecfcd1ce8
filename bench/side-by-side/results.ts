import type { Sum } from "../reliability/report.ts"
import type { Offers } from "./offers.ts"
import type { Start } from "./starts.ts"
import type { Suites } from "./suites.ts"

/** Where and with what it was measured. */
export interface Machine {
  readonly date: string
  readonly node: string
  readonly system: string
  readonly processor: string
  readonly cores: number
  /** Bytes. */
  readonly memory: number
  /** How many processes wanted a core, on average of a minute, before and after. */
  readonly load: readonly [before: number, after: number]
  readonly commit: string
  /** By package. */
  readonly versions: Readonly<Record<string, string>>
}

/** Everything that one run measured. */
export interface Results {
  readonly machine: Machine
  readonly rounds: number
  readonly starts: ReadonlyArray<Start>
  readonly offers: Offers
  readonly suites: Suites
  readonly leaks: ReadonlyArray<Sum>
}
