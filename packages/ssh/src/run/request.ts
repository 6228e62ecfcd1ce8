import type { InstanceRef, Money } from "@anygpu/core"
import type { LaunchRequest } from "anygpu/effect"
import type * as Duration from "effect/Duration"
import type { Command } from "../session.ts"
import type { RunEvent } from "./event.ts"

/** What is put on the machine before the command. */
export interface RunUpload {
  /** A file or folder of this computer. */
  readonly from: string
  /** The folder on the machine; the one that the command begins in where it is left out. */
  readonly to?: string | undefined
  /** Whether `.gitignore` and `.anygpuignore` are heeded; so it is where nothing is said. */
  readonly ignore?: boolean | undefined
}

/** What is brought home after the command, however it ended. */
export interface RunDownload {
  /** Patterns below the folder that the command begins in: `out/**`. */
  readonly globs: string | ReadonlyArray<string>
  /** The folder of this computer; the current one where it is left out. */
  readonly to?: string | undefined
}

/** What a command writes to go on from on the next machine. */
export interface RunCheckpoint {
  /** A folder below the one that the command begins in, or an absolute one. */
  readonly folder: string
  /** How often it is brought home; every 2 minutes where nothing is said. */
  readonly every?: Duration.Input | undefined
  /** The folder of this computer that keeps the last two snapshots; `.anygpu/KEY` in the current one where it is left out. */
  readonly store?: string | undefined
}

/**
 * A command, and the machine that it is to run on.
 *
 * - `command`: a text is for `sh` on the machine, a list is a program and its arguments as they are. It is kept in the
 *   ledger: a secret belongs into `env`, whose values are kept nowhere.
 * - `key` names the run, for good: a second call with it comes back to the run of the first one, wherever that is, and begins
 *   nothing new. Made at random where it is left out.
 * - `job.duration` and `limits.maxTotal` hold for all attempts together. When the time is nearly over the command is asked to
 *   stop, and what it wrote is brought home.
 * - `waitForCapacity` is for each machine that is rented, the later ones too; the time of the job does not stand still.
 * - `retry`: how many more machines may be rented after one that was lost while the command ran; none where it is left out.
 *   With `retryOnExit` a code that is not 0 leads to the next one too.
 */
export interface RunRequest
  extends Pick<
    LaunchRequest,
    "workload" | "candidates" | "limits" | "adapt" | "onCloudTrouble" | "waitForCapacity" | "tags" | "owner"
  > {
  readonly command: Command
  /** The offers of a quote that somebody said yes to: the first machine is one of these. Later ones are of `candidates`. */
  readonly quoted?: LaunchRequest["candidates"] | undefined
  readonly key?: string | undefined
  /** What people will see the machine as; `run-KEY` where it is left out. */
  readonly name?: string | undefined
  /** What the machine is wanted for: needed, unless the run is `on` a machine that is there. */
  readonly job?: LaunchRequest["job"]
  /** The folder on the machine that the command begins in; `~/work` where it is left out. */
  readonly cwd?: string | undefined
  readonly env?: Readonly<Record<string, string>> | undefined
  readonly upload?: string | RunUpload | undefined
  readonly download?: string | ReadonlyArray<string> | RunDownload | undefined
  readonly checkpoint?: string | RunCheckpoint | undefined
  readonly retry?: number | undefined
  readonly retryOnExit?: boolean | undefined
  /** Leaves the machine to its lease: it is ended by `sweep` when `job.duration` is over. */
  readonly keep?: boolean | undefined
  /** A machine that is there: it is neither rented nor ended. */
  readonly on?: InstanceRef | string | undefined
  /** Whether the GPUs are compared with the offer before the command; so it is where nothing is said. */
  readonly verify?: boolean | undefined
  /** How long the command may take to end by itself when it is asked to; 10 seconds. */
  readonly grace?: Duration.Input | undefined
  /** Answers as soon as the command runs. `attach` brings it to its end. */
  readonly detach?: boolean | undefined
  /** Hears of every step, and of what the command writes. What it throws stops the run. */
  readonly onEvent?: ((event: RunEvent) => void) | undefined
}

/** How a run is come back to. */
export interface AttachOptions {
  /** Where its outputs are reported from: `start`, or from the last byte that was reported. */
  readonly from?: "start" | "last" | undefined
  readonly onEvent?: ((event: RunEvent) => void) | undefined
}

/** What a run needs to be come back to, as the ledger keeps it. */
export interface RunPlan {
  readonly command: string | ReadonlyArray<string>
  readonly name: string
  readonly cwd: string
  readonly isKeyOwn: boolean
  readonly upload: { readonly from: string; readonly to: string; readonly ignore: boolean } | null
  readonly download: { readonly globs: ReadonlyArray<string>; readonly to: string } | null
  readonly checkpoint: { readonly folder: string; readonly everyMillis: number; readonly store: string } | null
  /** The names of the variables, without their values. */
  readonly env: ReadonlyArray<string>
  readonly keep: boolean
  readonly on: string | null
  readonly durationMillis: number | null
  readonly maxTotal: Money | null
  readonly maxAttempts: number
  readonly retry: number
  readonly retryOnExit: boolean
  readonly verify: boolean
  readonly graceMillis: number
}
