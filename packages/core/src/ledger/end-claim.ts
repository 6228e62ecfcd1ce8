import type * as Effect from "effect/Effect"
import type { ProviderFault } from "../errors.ts"
import type { LaunchRecord } from "./ledger.ts"
import { ledgerFault } from "./rules.ts"

/** Who is at ending the machine of a launch, as the ledger keeps it. */
export interface EndClaim {
  readonly marker: string
  /** The process that has it, or had it last. */
  readonly by: string
  /** How often it was taken. Who acts on an older number has lost it. */
  readonly fence: number
  /** Epoch milliseconds by the ledger's own clock: from then on another process may take it. */
  readonly until: number
  /** For how many milliseconds it was given: one that would last longer than that is of a clock that was set back since. */
  readonly lasts: number
  /** Whether the machine ends whatever its lease says: its holder wants that, or its end was decided before. */
  readonly anyTime: boolean
}

/** What a claim is asked for with. */
export interface EndClaimOptions {
  /** A name of the process that asks. */
  readonly by: string
  /** Milliseconds for which no other process may take it; `confirmEnd` makes it longer. */
  readonly lasts: number
  /** true: the machine ends whatever its lease says. Otherwise only once that has run out by the ledger's own clock. */
  readonly anyTime?: boolean
}

/** A claim, as the process names it that has it. */
export interface EndFence {
  readonly marker: string
  readonly fence: number
}

/** What a ledger does so that one process ends a machine, another one takes over when that is frozen, and none is early. */
export interface EndClaims {
  /** What the ledger's own clock shows, in epoch milliseconds: the same for all computers that share the ledger. */
  now(): Effect.Effect<number, ProviderFault>
  /**
   * Takes the end of a launch's machine, and answers the fence under which it is to be ended.
   *
   * - Null when another process has it, whose time is not over by the ledger's own clock.
   * - Null when the lease has not run out by that clock, unless `anyTime` is set.
   */
  claimEnd(marker: string, options: EndClaimOptions): Effect.Effect<number | null, ProviderFault>
  /**
   * Whether the end is still to be made under a fence; then it stays so for `lasts` milliseconds from now.
   *
   * - To be asked just before the act. A process that was frozen meanwhile, and was replaced, hears false.
   * - False as well when the lease was renewed, or taken away, since.
   */
  confirmEnd(claim: EndFence, lasts: number): Effect.Effect<boolean, ProviderFault>
  /**
   * Gives the end back: another process may take it at once. What is verified gone is no lease from then on.
   *
   * - False, and nothing is written, when another process has taken it since.
   */
  settleEnd(claim: EndFence): Effect.Effect<boolean, ProviderFault>
}

/** The failure of a write under a fence that another process has raised since. */
export const takenOver = ({ marker }: EndFence): ProviderFault =>
  ledgerFault(`the end of launch ${marker} was taken over by another process`, "permanent")

const isDue = ({ leaseUntil }: LaunchRecord, now: number): boolean => leaseUntil !== null && leaseUntil <= now

/** Whether a claim holds at a moment: one that would last longer than it was given for is of a clock that was set back since. */
export const isHeld = ({ until, lasts }: Pick<EndClaim, "until" | "lasts">, now: number): boolean =>
  until > now && until - now <= lasts

/** The claim that a process gets at a moment; null when it gets none. `before` is the last one of the launch. */
export const claimedEnd = (
  launch: LaunchRecord,
  before: EndClaim | null,
  { by, lasts, anyTime = false }: EndClaimOptions,
  now: number
): EndClaim | null => {
  if (before !== null && isHeld(before, now)) return null
  if (!anyTime && !isDue(launch, now)) return null
  return { marker: launch.marker, by, fence: (before?.fence ?? 0) + 1, until: now + lasts, lasts, anyTime }
}

/** A claim that goes on from a moment; null when it is another process's, or the machine is not to be ended any more. */
export const confirmedEnd = (
  launch: LaunchRecord,
  claim: EndClaim | null,
  { fence }: EndFence,
  lasts: number,
  now: number
): EndClaim | null =>
  claim === null || claim.fence !== fence || !(claim.anyTime || isDue(launch, now))
    ? null
    : { ...claim, until: now + lasts, lasts }
