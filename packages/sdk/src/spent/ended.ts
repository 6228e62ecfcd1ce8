import type { GpuError, InstanceRef, Ledger, Termination } from "@anygpu/core"
import * as Effect from "effect/Effect"
import { type SpentSum, spentBefore } from "./spent.ts"

/** A machine that was ended, and what it has cost in all. */
export interface Ended extends Termination {
  /** By what was seen of it, an estimate; null where the ledger knows of no cost, or cannot be read. */
  readonly cost: SpentSum | null
}

/** What one machine has cost so far, by the ledger; null where that knows nothing. A ledger that fails costs only this. */
const costOfMachine = (ledger: Ledger, ref: InstanceRef): Effect.Effect<SpentSum | null> =>
  spentBefore(ledger)({ machines: [ref] }).pipe(
    Effect.map(({ rows: [row], total }) => (row === undefined ? null : total)),
    Effect.orElseSucceed(() => null)
  )

/** An end, with what its machine has cost. */
export const withCost = (ledger: Ledger, end: Effect.Effect<Termination, GpuError>): Effect.Effect<Ended, GpuError> =>
  Effect.flatMap(end, (ended) => Effect.map(costOfMachine(ledger, ended.ref), (cost) => ({ ...ended, cost })))
