import * as Effect from "effect/Effect"
import type { ProviderFault } from "../errors.ts"
import type { Money } from "../model/money.ts"
import { inJson, ledgerFault } from "./rules.ts"

/**
 * How far one attempt of a run is.
 *
 * - `launching`: its machine is being rented, under the key of the attempt.
 * - `preparing`: its machine is there, and what the command needs is put on it.
 * - `running`: the command was started, under the attempt's job.
 * - `collecting`: the command has ended, and what it wrote is brought home.
 * - `ending`: its machine is being given back.
 * - `over`: it is settled, and `end` says how.
 */
export type RunAttemptState = "launching" | "preparing" | "running" | "collecting" | "ending" | "over"

/**
 * How an attempt ended.
 *
 * - `exited`: the command ended by itself, and `code` says how. `stopped`: somebody asked for its end.
 * - `out-of-time`: the time or the money of the run was used up.
 * - `lost`: its machine was taken, or was not heard of for too long. `failed`: it could not be begun.
 */
export type RunEnd = "exited" | "stopped" | "out-of-time" | "lost" | "failed"

/** One machine that a run was on. */
export interface RunAttempt {
  /** From 1. */
  readonly number: number
  readonly state: RunAttemptState
  /** Epoch milliseconds when it began. */
  readonly at: number
  /** The text of the machine's ref; null while it is not known. */
  readonly ref: string | null
  /** The name of the command on the machine: there it is started once under it. */
  readonly job: string
  /** Null where it is not known, or the machine is not the run's own. */
  readonly pricePerHour: Money | null
  /** Epoch milliseconds when the command was started; null while it was not. */
  readonly startedAt: number | null
  /** How many bytes of each output were handed over. */
  readonly out: number
  readonly err: number
  /** The exit code, as `sh` has it; null while it runs. */
  readonly code: number | null
  /** How many processes the kernel ended for want of memory while the command ran; null where the machine did not say. */
  readonly oomKills: number | null
  /** Null until the command has ended, or is given up. */
  readonly end: RunEnd | null
  /** Epoch milliseconds when its machine was given back, verified; null before. */
  readonly endedAt: number | null
  /** What its machine has cost, with the tries before it; empty until it is over. */
  readonly spent: ReadonlyArray<Money>
  /** Why it ended so, in words. */
  readonly note: string | null
}

/** One run as the ledger keeps it: a command that is brought to its end, on whatever machines. Holds no values of variables. */
export interface RunRecord {
  /** Unique. */
  readonly id: string
  /** The caller's own name for it; unique, for good. */
  readonly key: string
  /** Who began it, and on which computer. */
  readonly by: string
  /** The command, for people. */
  readonly command: string
  /** Epoch milliseconds. */
  readonly at: number
  /** What it takes to come back to it, without secrets. */
  readonly plan: Readonly<Record<string, unknown>>
  /** `over` once nothing is left to do. */
  readonly state: "open" | "over"
  /** Somebody asked for its end. */
  readonly isStopAsked: boolean
  /** The first one first; only the last one may be unsettled. */
  readonly attempts: ReadonlyArray<RunAttempt>
  /** How often it was changed: who changes it names the number that they saw. */
  readonly version: number
}

/** Which runs to read; all of them when empty. */
export interface RunQuery {
  readonly id?: string
  readonly key?: string
  readonly state?: RunRecord["state"]
}

/** The failure of an id that is written a second time. */
export const runTaken = (id: string): ProviderFault =>
  ledgerFault(`the ledger already holds a run ${id}: ids are made once per run`, "permanent")

/** The failure of a change of a run that was never written. */
export const runUnknown = (id: string): ProviderFault =>
  ledgerFault(`the ledger holds no run ${id}: it was written to another ledger, or never`, "permanent")

/** A run as every store keeps it: what JSON leaves of it. `ProviderFault` when it holds what JSON cannot. */
export const keptRun = (run: RunRecord): Effect.Effect<RunRecord, ProviderFault> =>
  Effect.map(inJson({ plan: run.plan, attempts: run.attempts }, `run ${run.id}`), (kept) => ({ ...run, ...kept }))

/** A run with what changes in it taken from a later one; null when that one was made of an older version. */
export const changedRun = (held: RunRecord, next: RunRecord): Effect.Effect<RunRecord | null, ProviderFault> =>
  held.version !== next.version
    ? Effect.succeed(null)
    : Effect.map(keptRun(next), ({ state, isStopAsked, attempts }) => ({
        ...{ ...held, state, isStopAsked, attempts },
        version: held.version + 1
      }))

/** Whether a run is one of those asked for. */
export const matchesRun = (run: RunRecord, { id, key, state }: RunQuery): boolean =>
  (id === undefined || id === run.id) &&
  (key === undefined || key === run.key) &&
  (state === undefined || state === run.state)
