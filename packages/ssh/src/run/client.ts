import { type GpuError, InvalidRequest, type RunRecord } from "@anygpu/core"
import type { ExtendedClient } from "anygpu/effect"
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { ConnectOptions } from "../options.ts"
import { realClock } from "../proof.ts"
import { connect } from "../session.ts"
import { wayTo } from "../way.ts"
import type { RunEvent } from "./event.ts"
import type { RunOutcome } from "./outcome.ts"
import type { RunParts } from "./parts.ts"
import type { AttachOptions, RunRequest } from "./request.ts"
import { attach, eventsOf, type Leaving, run, stopRun } from "./run.ts"
import { fileSnapshots } from "./snapshots.ts"

/** What `ssh()` adds to a client of Effects to run commands on machines that are rented for them. */
export interface RunEffects {
  /**
   * Rents the best machine that fits, puts the work there, runs the command so that a lost connection loses nothing, brings
   * the results home and gives the machine back, verified.
   *
   * - A second call with the same `key` comes back to the run, in whatever process, and runs nothing twice. What the command
   *   wrote goes on from its last byte that was reported.
   * - A code that is not 0 is an answer and no error.
   * - Interrupted, the command is asked to stop, what is there is brought home, and the machine is given back first.
   * - Fails with `InvalidRequest`, as `launch` does, and with what keeps a machine from being given back: its run stays open,
   *   and its lease ends it.
   */
  run(request: RunRequest): Effect.Effect<RunOutcome, GpuError>
  /** The events of {@link RunEffects.run}; the last one says what came of it. */
  runEvents(request: Omit<RunRequest, "onEvent">): Stream.Stream<RunEvent, GpuError>
  /**
   * Comes back to a run by its key or id, and brings it to its end. Interrupted, as {@link RunEffects.run}.
   *
   * - A machine that is needed for it is not rented: `Conflict`, call `run` with its key for that.
   */
  attach(run: string, options?: AttachOptions): Effect.Effect<RunOutcome, GpuError>
  /** Asks the command of a run to end (TERM, then KILL), brings home what is there, and gives its machine back. */
  stopRun(run: string, options?: AttachOptions): Effect.Effect<RunOutcome, GpuError>
  /** Every run of the ledger, the oldest first. */
  runs(query?: { readonly state?: "open" | "over" }): Effect.Effect<ReadonlyArray<RunRecord>, GpuError>
}

/** How a run is ended early by a caller of Promises. */
export interface RunCallOptions {
  /**
   * Asks the command to stop when it is aborted; what is there is brought home and the machine is given back, and then the
   * call rejects with the signal's reason.
   */
  readonly signal?: AbortSignal | undefined
  /** Leaves the run as it is when it is aborted, at once: the machine costs money until its lease ends. Rejects with `Conflict`. */
  readonly leave?: AbortSignal | undefined
}

/** What `ssh()` adds to a client of Promises to run commands on machines that are rented for them. */
export interface RunPromises {
  /**
   * Rents the best machine that fits, puts the work there, runs the command so that a lost connection loses nothing, brings
   * the results home and gives the machine back, verified.
   *
   * - A second call with the same `key` comes back to the run, in whatever process, and runs nothing twice. What the command
   *   wrote goes on from its last byte that was reported.
   * - A code that is not 0 is an answer and no error.
   * - Rejects with `InvalidRequest`, as `launch` does, and with what keeps a machine from being given back: its run stays
   *   open, and its lease ends it.
   *
   * @example
   * ```ts
   * import { ssh } from "@anygpu/ssh"
   * import { vast } from "@anygpu/vast"
   * import { createGpu, money } from "anygpu"
   *
   * const gpu = createGpu({ clouds: [vast({ apiKey: "..." })], ssh: ssh() })
   * const { code, spent } = await gpu.run({
   *   command: "python train.py",
   *   job: { duration: "3 hours" },
   *   candidates: { gpu: "RTX 4090", kind: "container" },
   *   workload: { image: "pytorch/pytorch", sshKeys: ["ssh-ed25519 AAAA... me@laptop"] },
   *   limits: { maxTotal: money("6") },
   *   upload: ".",
   *   download: "out/**"
   * })
   * console.log(code, spent)
   * ```
   */
  run(request: RunRequest & RunCallOptions): Promise<RunOutcome>
  /**
   * Comes back to a run by its key or id, and brings it to its end.
   *
   * - A machine that is needed for it is not rented: `Conflict`, call `run` with its key for that.
   */
  attach(run: string, options?: AttachOptions & RunCallOptions): Promise<RunOutcome>
  /** Asks the command of a run to end (TERM, then KILL), brings home what is there, and gives its machine back. */
  stopRun(run: string, options?: AttachOptions & RunCallOptions): Promise<RunOutcome>
  /** Every run of the ledger, the oldest first. */
  runs(query?: { readonly state?: "open" | "over"; readonly signal?: AbortSignal }): Promise<ReadonlyArray<RunRecord>>
}

/** What a client's runs are made with: clouds on the client's clock, all else in real time, as machines are. */
const partsOf = (client: ExtendedClient, defaults: ConnectOptions, clock: Clock.Clock): RunParts => {
  const { gpu, ledger } = client
  const timed = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.provideService(effect, Clock.Clock, clock)
  return {
    ledger,
    snapshots: fileSnapshots,
    now: timed(Clock.currentTimeMillis),
    gpu: {
      launch: (request) => timed(gpu.launch(request)),
      get: (target) => timed(gpu.get(target)),
      recover: (options) => timed(gpu.recover(options)),
      terminate: (target, options) => timed(gpu.terminate(target, options))
    },
    connect: (ref, options) =>
      Effect.flatMap(timed(wayTo(client, ref, { ...defaults, ...options })), (way) => connect(way.machine, way.options))
  }
}

const checkedName = (name: unknown): Effect.Effect<string, InvalidRequest> =>
  typeof name === "string" && name !== ""
    ? Effect.succeed(name)
    : Effect.fail(InvalidRequest.of("run", "must be the key or the id of a run"))

/** A run that nobody could log in for is not begun: its machine would be paid for nothing. */
const keyed = (request: RunRequest, { key }: ConnectOptions): Effect.Effect<RunRequest, InvalidRequest> => {
  const hasKeys = (request.workload?.sshKeys ?? []).length > 0
  if (hasKeys || key !== undefined || request.on !== undefined) return Effect.succeed(request)
  const problem = "is missing: name a public ssh key whose private half is on this computer, since a run logs in"
  return Effect.fail(InvalidRequest.of("workload.sshKeys", problem))
}

/** Runs, with a way to leave them. */
const runsOf = (client: ExtendedClient, defaults: ConnectOptions) => {
  const inTime = <A>(work: (parts: RunParts) => Effect.Effect<A, GpuError>): Effect.Effect<A, GpuError> =>
    Effect.flatMap(Clock.Clock, (clock) =>
      Effect.provideService(work(partsOf(client, defaults, clock)), Clock.Clock, realClock)
    )
  return {
    run: (request: RunRequest, leaving?: Leaving) =>
      Effect.flatMap(keyed(request, defaults), (checked) => inTime((parts) => run(parts, checked, leaving))),
    attach: (name: string, options?: AttachOptions & Leaving) =>
      Effect.flatMap(checkedName(name), (checked) => inTime((parts) => attach(parts, checked, options))),
    stopRun: (name: string, options?: AttachOptions & Leaving) =>
      Effect.flatMap(checkedName(name), (checked) => inTime((parts) => stopRun(parts, checked, options))),
    runs: ({ state }: { readonly state?: "open" | "over" } = {}) => client.ledger.runs(state ? { state } : {})
  }
}

/** Runs for a client of Effects. */
export const runEffects = (client: ExtendedClient, defaults: ConnectOptions): RunEffects => {
  const { run: begin, attach: comeBack, stopRun: end, runs } = runsOf(client, defaults)
  return {
    run: (request) => begin(request),
    runEvents: (request) => eventsOf((onEvent) => begin({ ...request, onEvent })),
    attach: (name, options) => comeBack(name, options),
    stopRun: (name, options) => end(name, options),
    runs
  }
}

/** Completed when a signal is aborted. */
const leavingBy = (signal: AbortSignal | undefined): Leaving => {
  if (!signal) return {}
  const leave = Deferred.makeUnsafe<void>()
  const complete = () => void Effect.runFork(Deferred.succeed(leave, undefined))
  if (signal.aborted) complete()
  else signal.addEventListener("abort", complete, { once: true })
  return { leave }
}

type Runner = <A>(effect: Effect.Effect<A, GpuError>, signal: AbortSignal | undefined) => Promise<A>

/** Runs for a client of Promises; errors of what `atCaller` is given begin at the caller's line. */
export const runPromises = (
  client: ExtendedClient,
  defaults: ConnectOptions,
  go: Runner,
  atCaller: <Call extends (...args: never[]) => Promise<unknown>>(call: Call) => Call
): RunPromises => {
  const { run: begin, attach: comeBack, stopRun: end, runs } = runsOf(client, defaults)
  return {
    run: atCaller(({ signal, leave, ...request }: RunRequest & RunCallOptions) =>
      go(begin(request, leavingBy(leave)), signal)
    ),
    attach: atCaller((name: string, { signal, leave, ...options }: AttachOptions & RunCallOptions = {}) =>
      go(comeBack(name, { ...options, ...leavingBy(leave) }), signal)
    ),
    stopRun: atCaller((name: string, { signal, leave, ...options }: AttachOptions & RunCallOptions = {}) =>
      go(end(name, { ...options, ...leavingBy(leave) }), signal)
    ),
    runs: atCaller(({ signal, ...query }: { readonly state?: "open" | "over"; readonly signal?: AbortSignal } = {}) =>
      go(runs(query), signal)
    )
  }
}
