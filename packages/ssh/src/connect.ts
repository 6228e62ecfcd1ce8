import type { InstanceRef, Ledger, VerifyOptions } from "@anygpu/core"
import type { DownloadOptions } from "./copy/download.ts"
import type { Transferred } from "./copy/entry.ts"
import type { UploadOptions } from "./copy/upload.ts"
import type { Address } from "./failures.ts"
import type { Forward } from "./forward.ts"
import type { StartOptions } from "./jobs/job.ts"
import type { JobStatus } from "./jobs/job-status.ts"
import { type RunningJob, runningJob } from "./jobs/promised.ts"
import type { ConnectOptions } from "./options.ts"
import type { ExecOptions, Executed, Process, Shell, SpawnOptions } from "./process.ts"
import { type CallOptions, hold, iterable, run } from "./promised.ts"
import { ready as prove, type Reached } from "./ready.ts"
import { type Command, type ForwardOptions, connect as open, type Session } from "./session.ts"
import type { SshTarget } from "./target.ts"
import type { Exit, Terminal } from "./transport/connection.ts"
import type { ObservedVerification, OfferFacts } from "./verify/judge.ts"
import { loginInLedger as known } from "./way.ts"

/** A process on the machine while it runs; `await using` ends it. */
export interface RunningProcess extends AsyncDisposable {
  /** What it writes, as it comes. Rejects with `ConnectionLost` where the connection ends before the process. */
  readonly stdout: AsyncIterable<Uint8Array>
  readonly stderr: AsyncIterable<Uint8Array>
  /** How it ended. A stream that nobody reads by then is thrown away. */
  exit(options?: CallOptions): Promise<Exit>
  /** Ends it and everything it started: TERM, and KILL after two seconds. */
  kill(): Promise<void>
}

/** A login shell on a terminal; `await using` leaves it. */
export interface OpenShell extends AsyncDisposable {
  readonly output: AsyncIterable<Uint8Array>
  write(input: string | Uint8Array, options?: CallOptions): Promise<void>
  resize(columns: number, rows: number): Promise<void>
  exit(options?: CallOptions): Promise<Exit>
  close(): Promise<void>
}

/** A port that is led to the machine; `await using` ends that. */
export interface OpenForward extends Forward, AsyncDisposable {
  close(): Promise<void>
}

/** A {@link Session} in Promises; `await using` closes it. */
export interface ConnectedMachine extends AsyncDisposable {
  address(): Address
  /** Runs a command and answers when it has ended. A code that is not 0 is no error. An abort, or `timeout`, ends it. */
  exec(command: Command, options?: ExecOptions & CallOptions): Promise<Executed>
  /** Runs a command and answers at once, with its streams. */
  spawn(command: Command, options?: SpawnOptions & CallOptions): Promise<RunningProcess>
  /** The login shell, on a terminal of 80 by 24 where nothing else is said. */
  shell(terminal?: Partial<Terminal> & CallOptions): Promise<OpenShell>
  /** Leads a port of this computer to one of the machine. 0 is any that is free. */
  forward(localPort: number, remotePort: number, options?: ForwardOptions & CallOptions): Promise<OpenForward>
  /** Copies a file, or what a folder holds, into a folder of the machine: only what is not the same there. */
  upload(from: string, to: string, options?: UploadOptions & CallOptions): Promise<Transferred>
  /** Copies what patterns mean from the machine into a folder here: only what is not the same here. */
  download(
    globs: string | ReadonlyArray<string>,
    to: string,
    options?: DownloadOptions & CallOptions
  ): Promise<Transferred>
  /** Starts a command that goes on without a connection; under an id that is there it begins nothing. */
  start(command: Command, options?: StartOptions & CallOptions): Promise<RunningJob>
  /** A job that was started, here or by another process. Throws `InvalidRequest` for what is no id. */
  job(id: string): RunningJob
  /** Every job that the machine keeps. */
  jobs(options?: CallOptions): Promise<ReadonlyArray<JobStatus>>
  /** Asks the machine what it is, and compares that with the offer, or with what its cloud says of it. Nothing is left there. */
  verify(offered: OfferFacts, options?: VerifyOptions & CallOptions): Promise<ObservedVerification>
  /** Ends the connection, and every command on it; jobs go on. */
  close(): Promise<void>
}

const runningProcess = ({ stdout, stderr, exit, kill }: Process, close: () => Promise<void>): RunningProcess => {
  const waited = (options?: CallOptions) => run(exit, waited, options)
  return {
    stdout: iterable(stdout),
    stderr: iterable(stderr),
    exit: waited,
    kill: () => run(kill, waited),
    [Symbol.asyncDispose]: close
  }
}

const openShell = (shell: Shell, close: () => Promise<void>): OpenShell => {
  const write: OpenShell["write"] = (input, options) => run(shell.write(input), write, options)
  const exit: OpenShell["exit"] = (options) => run(shell.exit, exit, options)
  return {
    output: iterable(shell.output),
    write,
    resize: (columns, rows) => run(shell.resize(columns, rows), write),
    exit,
    close,
    [Symbol.asyncDispose]: close
  }
}

const connected = (session: Session, close: () => Promise<void>): ConnectedMachine => {
  const exec: ConnectedMachine["exec"] = (command, options) => run(session.exec(command, options), exec, options)
  const spawn: ConnectedMachine["spawn"] = async (command, options) => {
    const held = await hold(session.spawn(command, options), spawn, options)
    return runningProcess(held.value, held.close)
  }
  const shell: ConnectedMachine["shell"] = async (options) => {
    const held = await hold(session.shell(options), shell, options)
    return openShell(held.value, held.close)
  }
  const forward: ConnectedMachine["forward"] = async (localPort, remotePort, options) => {
    const held = await hold(session.forward(localPort, remotePort, options), forward, options)
    return { ...held.value, close: held.close, [Symbol.asyncDispose]: held.close }
  }
  const start: ConnectedMachine["start"] = async (command, options) =>
    runningJob(await run(session.start(command, options), start, options))
  const jobs: ConnectedMachine["jobs"] = (options) => run(session.jobs, jobs, options)
  const job: ConnectedMachine["job"] = (id) => runningJob(session.job(id))
  const upload: ConnectedMachine["upload"] = (from, to, options) =>
    run(session.upload(from, to, options), upload, options)
  const download: ConnectedMachine["download"] = (globs, to, options) =>
    run(session.download(globs, to, options), download, options)
  const verify: ConnectedMachine["verify"] = (offered, options) =>
    run(session.verify(offered, options), verify, options)
  const { address } = session
  return {
    address,
    exec,
    spawn,
    shell,
    forward,
    upload,
    download,
    start,
    job,
    jobs,
    verify,
    close,
    [Symbol.asyncDispose]: close
  }
}

/**
 * Logs in to a machine.
 *
 * - `target` is a machine of the SDK, or a host. Each way in that its cloud names is tried, the best first.
 * - The first host key a machine shows is remembered, by the machine's name where it has one; another one later is
 *   `HostKeyChanged`, before any login.
 * - After a lost connection the next call connects again. What was under way rejects with `ConnectionLost`, and is never
 *   done a second time; jobs go on and are found again.
 * - Rejects with `Unreachable`, `LoginRefused`, `HostKeyChanged`, or `InvalidRequest` for an invalid key of yours.
 */
export const connect = async (
  target: SshTarget,
  options: ConnectOptions & CallOptions = {}
): Promise<ConnectedMachine> => {
  const { value, close } = await hold(open(target, options), connect, options)
  return connected(value, close)
}

/**
 * What a ledger knows of the login to a machine, as options of {@link connect}: where its host key is kept, and the public
 * keys of its launch. A client with `ssh()` uses it by itself.
 */
export const loginInLedger = (
  ledger: Ledger,
  ref: InstanceRef,
  options: CallOptions = {}
): Promise<Pick<ConnectOptions, "knownHosts" | "likelyKeys">> => run(known(ledger, ref), loginInLedger, options)

/**
 * Proves that a machine can be used: somebody is let in and a command runs there, within a time (5 minutes where
 * `within` is left out).
 *
 * - A machine that takes the login and is gone again, since its sshd is restarted while it is set up, is tried again.
 * - Rejects with the last that was in the way: `Unreachable` with its `reason` (`refused`, `connect-timeout`, ...),
 *   `LoginRefused` for a key that is not accepted, `HostKeyChanged`, `RemoteFailed` where no command runs.
 */
export const ready = (target: SshTarget, options: ConnectOptions & CallOptions = {}): Promise<Reached> =>
  run(prove(target, options), ready, options)
