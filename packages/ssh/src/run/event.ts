import type { GpuError, Money, Verification } from "@anygpu/core"
import type { Step } from "anygpu/effect"
import type { Transferred } from "../copy/entry.ts"
import type { RunOutcome } from "./outcome.ts"

/**
 * What happens in a run. `attempt` counts its machines from 1.
 *
 * - `opened`: it stands in the ledger; `isEarlier` when it stood there before. `launching`: a step of renting a machine.
 * - `machine`: there is one. `leaseUntil` is when a sweep ends it, should this computer never come back.
 * - `output`: what the command wrote, from byte `from` of that stream of that attempt.
 * - `ended`: the command has ended. `oomKills` is how many processes the kernel ended for want of memory meanwhile; null
 *   where the machine does not say.
 * - `lost`: its machine is taken for lost. `problem`: something that does not end the run went wrong.
 * - `over`: nothing is left to do, or the run is left to itself: the last event.
 */
export type RunEvent =
  | { readonly type: "opened"; readonly id: string; readonly key: string; readonly isEarlier: boolean }
  | { readonly type: "launching"; readonly attempt: number; readonly step: Step }
  | {
      readonly type: "machine"
      readonly attempt: number
      readonly ref: string
      readonly pricePerHour: Money | null
      /** Epoch milliseconds; null for a machine that is not the run's own. */
      readonly leaseUntil: number | null
    }
  | { readonly type: "connected"; readonly attempt: number }
  | { readonly type: "verified"; readonly attempt: number; readonly verification: Verification }
  | { readonly type: "uploaded"; readonly attempt: number; readonly transferred: Transferred }
  | { readonly type: "restored"; readonly attempt: number; readonly snapshot: string }
  | { readonly type: "started"; readonly attempt: number; readonly job: string }
  | {
      readonly type: "output"
      readonly attempt: number
      readonly stream: "out" | "err"
      readonly from: number
      readonly bytes: Uint8Array
    }
  | { readonly type: "checkpoint"; readonly attempt: number; readonly snapshot: string }
  | { readonly type: "stopping"; readonly attempt: number; readonly because: "stopped" | "out-of-time" }
  | {
      readonly type: "ended"
      readonly attempt: number
      readonly code: number | null
      readonly oomKills: number | null
    }
  | { readonly type: "lost"; readonly attempt: number; readonly note: string }
  | { readonly type: "downloaded"; readonly attempt: number; readonly transferred: Transferred; readonly to: string }
  | { readonly type: "given-back"; readonly attempt: number; readonly ref: string }
  | { readonly type: "kept"; readonly attempt: number; readonly ref: string }
  | { readonly type: "problem"; readonly attempt: number; readonly error: GpuError }
  | { readonly type: "over"; readonly outcome: RunOutcome }
