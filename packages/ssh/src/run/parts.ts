import type { GpuError, InstanceRef, Ledger, RunAttempt } from "@anygpu/core"
import type { Gpu } from "anygpu/effect"
import type * as Deferred from "effect/Deferred"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { SshError } from "../failures.ts"
import type { Session } from "../session.ts"
import type { Book } from "./book.ts"
import type { RunEvent } from "./event.ts"
import type { RunOutcome } from "./outcome.ts"
import type { RunPlan, RunRequest } from "./request.ts"
import type { Snapshots } from "./snapshots.ts"

/** What a run does on a machine. */
export type RunSession = Pick<Session, "exec" | "upload" | "download" | "list" | "start" | "job" | "close">

/** What runs are made with. */
export interface RunParts {
  readonly gpu: Pick<Gpu, "launch" | "get" | "terminate" | "recover">
  readonly ledger: Ledger
  /** Logs in to a machine, until the scope ends. */
  readonly connect: (
    ref: InstanceRef,
    options: { readonly within: Duration.Input; readonly patience: Duration.Input }
  ) => Effect.Effect<RunSession, SshError, Scope.Scope>
  readonly snapshots: Snapshots
  /** The time by which machines are paid, in epoch milliseconds: the client's, which a simulated cloud may make a faster one. */
  readonly now: Effect.Effect<number>
}

/** A run that is being brought to its end by this process. */
export interface Running extends Pick<RunOutcome, "results"> {
  readonly parts: RunParts
  readonly book: Book
  readonly plan: RunPlan
  /** What only the one who begins a run has: how to rent, and the values of variables. Null for one that came back to it. */
  readonly request: RunRequest | null
  readonly tell: (event: RunEvent) => void
  /** Completed when this process is asked to stop the command. */
  readonly stop: Deferred.Deferred<void>
  readonly isDetached: boolean
  readonly problems: Array<GpuError>
  results: RunOutcome["results"]
  /** The login to the machine of an attempt: made when it is needed, and kept until the machine is given back. */
  readonly session: (attempt: RunAttempt) => Effect.Effect<RunSession, SshError>
  /** When the cloud could not be asked for the last time, in epoch milliseconds: then silence may be this computer's own. */
  cloudFailedAt: number
}

/** How long a machine may be silent before it is taken for lost, while its cloud can be asked; milliseconds. */
export const silence = 300_000

/** How long one step looks for a machine that does not answer before the cloud is asked; milliseconds. */
export const patience = 15_000

/** The milliseconds that a run has used, with all its machines. */
export const usedMillis = (attempts: ReadonlyArray<RunAttempt>, now: number): number =>
  attempts.reduce((sum, { at, endedAt }) => sum + Math.max(0, (endedAt ?? now) - at), 0)

/** The milliseconds that a run may still use; null without a limit. */
export const millisLeft = ({ plan, book, parts }: Running): Effect.Effect<number | null> =>
  Effect.map(parts.now, (now) =>
    plan.durationMillis === null ? null : plan.durationMillis - usedMillis(book.run().attempts, now)
  )

/** What is kept back of a run's time to bring its results home: a tenth of it, two minutes at most; milliseconds. */
export const reserveOf = ({ durationMillis }: RunPlan): number =>
  durationMillis === null ? 0 : Math.min(120_000, Math.ceil(durationMillis / 10))

/** Whether the machine of an attempt stays there when the run is over. */
export const isLeft = ({ keep, on }: RunPlan, { end, startedAt }: RunAttempt): boolean =>
  on !== null || (keep && startedAt !== null && end !== "lost")

/** Notes what went wrong without ending the run. */
export const noteProblem = (running: Running, attempt: RunAttempt, error: GpuError): void => {
  running.problems.push(error)
  running.tell({ type: "problem", attempt: attempt.number, error })
}
