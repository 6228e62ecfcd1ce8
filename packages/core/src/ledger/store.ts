import type * as Effect from "effect/Effect"
import type { Conflict, ProviderFault } from "../errors.ts"
import type { Kind } from "../model/kind.ts"
import type { InstanceRef } from "../model/ref.ts"
import type { Commitment, Reservation } from "./budget.ts"
import type { Failure } from "./failures.ts"
import type { LaunchQuery, LaunchRecord, MachineRecord } from "./ledger.ts"
import type { RunQuery, RunRecord } from "./run.ts"

/** Launches, as a store keeps them. */
export interface LaunchTable {
  byMarker(marker: string): LaunchRecord | null
  byKey(key: string): LaunchRecord | null
  add(launch: LaunchRecord): void
  /** Writes what may change of a launch: its key, state, machine, note, lease, owner and fence. */
  save(launch: LaunchRecord): void
  /** Those that a query wants, the oldest first. */
  find(query: LaunchQuery): ReadonlyArray<LaunchRecord>
}

/** Machines, as a store keeps them. */
export interface MachineTable {
  byRef(ref: InstanceRef): MachineRecord | null
  save(machine: MachineRecord): void
  /** Those of a provider and kind, by their ids. */
  of(provider: string, kind: Kind): ReadonlyMap<string, MachineRecord>
}

/** What budgets hold for launches, as a store keeps it. */
export interface BudgetTable {
  commitments(budget: string): ReadonlyArray<Commitment>
  add(marker: string, reservation: Reservation): void
  /** Changes what a budget holds for a launch; does nothing where it holds nothing. */
  save(marker: string, reservation: Reservation): void
}

/** Hosts that failed, as a store keeps them. */
export interface FailureTable {
  all(): ReadonlyArray<Failure>
  replace(before: ReadonlyArray<Failure>, after: ReadonlyArray<Failure>): void
}

/** Runs, as a store keeps them. */
export interface RunTable {
  byId(id: string): RunRecord | null
  byKey(key: string): RunRecord | null
  add(run: RunRecord): void
  save(run: RunRecord): void
  find(query: RunQuery): ReadonlyArray<RunRecord>
}

/**
 * What a ledger is kept in: tables that know no rule, and how they are read and written.
 *
 * - A body of `write` is one transaction: what it throws undoes all of it.
 * - What a body throws is the error: `ProviderFault`, and with `writeOrRefuse` also `Conflict`.
 */
export interface Store {
  readonly launches: LaunchTable
  readonly machines: MachineTable
  readonly budgets: BudgetTable
  readonly failures: FailureTable
  readonly runs: RunTable
  read<A>(body: () => A): Effect.Effect<A, ProviderFault>
  write<A>(body: () => A): Effect.Effect<A, ProviderFault>
  writeOrRefuse<A>(body: () => A): Effect.Effect<A, ProviderFault | Conflict>
}
