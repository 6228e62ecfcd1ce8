import { randomBytes } from "node:crypto"
import { InvalidRequest, isGpuError, RemoteFailed } from "@anygpu/core"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import { asSshError, type SshError } from "../failures.ts"
import type { Link } from "../link.ts"
import { commandText, quote } from "../shell/quote.ts"
import { enter, exports, type Surroundings } from "../shell/script.ts"
import { follow, type OutputOptions } from "./follow.ts"
import { type JobStatus, statusesIn, statusOf } from "./job-status.ts"
import { persistently, runVerb, verbScript } from "./verb.ts"

/** What a job is started with. */
export interface StartOptions extends Surroundings {
  /** Names the job on the machine, for good: a second start under the same one begins nothing. At random where it is left out. */
  readonly id?: string | undefined
  /** `split` keeps output and errors apart; `both` keeps all of it in `out`, in the order in which it was written. */
  readonly streams?: "split" | "both" | undefined
}

/** How a job is ended. */
export interface StopOptions {
  /** How long it may take to end by itself after TERM, before KILL; 10 seconds. */
  readonly grace?: Duration.Input | undefined
}

/**
 * A command that runs on the machine whether or not anybody is connected.
 *
 * - Every call looks for the machine again after a lost connection, as long as the session's patience.
 */
export interface Job {
  readonly id: string
  /** What it writes, from a byte on, until it has ended; a lost connection loses nothing and repeats nothing. */
  readonly output: (options?: OutputOptions) => Stream.Stream<Uint8Array, SshError>
  /** How it stands now. */
  readonly status: Effect.Effect<JobStatus, SshError>
  /** Waits for its end: `exited`, `lost` or `stillborn`. */
  readonly wait: Effect.Effect<JobStatus, SshError>
  /** Ends it and everything that it started: TERM, then KILL. One that has ended is left as it is. */
  readonly stop: (options?: StopOptions) => Effect.Effect<JobStatus, SshError>
  /** Removes what the machine keeps of it. One that runs is left as it is. */
  readonly remove: Effect.Effect<JobStatus, SshError>
}

const checkedId = (id: string): string => {
  if (/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/.test(id)) return id
  throw InvalidRequest.of(
    "id",
    "is 1 to 100 letters, digits, dashes and underscores, and begins with a letter or digit"
  )
}

/** Runs a verb, again after a loss, and reads its answer. */
const ask = (
  link: Link,
  words: ReadonlyArray<string>,
  before?: ReadonlyArray<string>
): Effect.Effect<JobStatus, SshError> =>
  Effect.gen(function* () {
    const { errors, code } = yield* persistently(link, runVerb(link, verbScript(words, before)))
    const status = statusOf(errors, code)
    return isGpuError(status) ? yield* status : status
  })

/** A job by its id, whether the machine knows it or not. Throws `InvalidRequest` for what is no id. */
export const jobOf = (link: Link, given: string): Job => {
  const id = checkedId(given)
  return {
    id,
    output: (options) => follow(link, id, options),
    status: ask(link, ["status", id]),
    wait: ask(link, ["wait", id]),
    stop: ({ grace = "10 seconds" } = {}) => ask(link, ["stop", id, String(Math.ceil(Duration.toSeconds(grace)))]),
    remove: ask(link, ["remove", id])
  }
}

/** What is run before a start: where, with what, and the two functions that the supervisor calls. */
const preparation = (command: string | ReadonlyArray<string>, { cwd, env, streams = "split" }: StartOptions) => [
  ...enter(cwd),
  ...exports(env),
  `export ANYGPU_STREAMS=${streams}`,
  `anygpu_cmd() { printf '%s\\n' ${quote(commandText(command))}; }`
]

/**
 * Starts a command that goes on without a connection, and answers when it runs.
 *
 * - Under an id that is there it begins nothing: it answers that job. So a start whose answer was lost is repeated, and
 *   runs once.
 * - Fails with `RemoteFailed` where the machine cannot begin it, and with nothing begun.
 */
export const startJob = (
  link: Link,
  command: string | ReadonlyArray<string>,
  options: StartOptions = {}
): Effect.Effect<Job, SshError> =>
  Effect.gen(function* () {
    const [job, before] = yield* Effect.try({
      try: () =>
        [jobOf(link, options.id ?? `job-${randomBytes(6).toString("hex")}`), preparation(command, options)] as const,
      catch: (error) => asSshError(link.address(), error)
    })
    const status = yield* ask(link, ["start", job.id], before)
    if (status.state === "stillborn" || status.state === "none") {
      const message = `Job ${job.id} never began, since its start was cut off, and never will: start it under another id`
      return yield* new RemoteFailed({ message, retry: "permanent", code: null, signal: null, stderr: "" })
    }
    return job
  })

/** Every job that the machine knows. */
export const listJobs = (link: Link): Effect.Effect<ReadonlyArray<JobStatus>, SshError> =>
  Effect.map(persistently(link, runVerb(link, verbScript(["list", "-"]))), ({ errors }) => statusesIn(errors))
