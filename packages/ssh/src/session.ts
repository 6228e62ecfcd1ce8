import type { VerifyOptions } from "@anygpu/core"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { type DownloadOptions, download } from "./copy/download.ts"
import type { Entry, Transferred } from "./copy/entry.ts"
import { remoteTree } from "./copy/remote-tree.ts"
import { type UploadOptions, upload } from "./copy/upload.ts"
import type { Address, SshError } from "./failures.ts"
import { type Forward, forward } from "./forward.ts"
import { type Job, jobOf, listJobs, type StartOptions, startJob } from "./jobs/job.ts"
import type { JobStatus } from "./jobs/job-status.ts"
import { persistently } from "./jobs/verb.ts"
import { makeLink } from "./link.ts"
import type { ConnectOptions } from "./options.ts"
import {
  type ExecOptions,
  type Executed,
  exec,
  type Process,
  type Shell,
  type SpawnOptions,
  shell,
  spawn
} from "./process.ts"
import type { SshTarget } from "./target.ts"
import type { Terminal } from "./transport/connection.ts"
import type { ObservedVerification, OfferFacts } from "./verify/judge.ts"
import { verify } from "./verify/verify.ts"

/** A command: a text is for `sh` on the machine, a list is a program and its arguments as they are. */
export type Command = string | ReadonlyArray<string>

/** Where a port is led to. */
export interface ForwardOptions {
  /** The host as the machine sees it; the machine itself where it is left out. */
  readonly host?: string | undefined
}

/**
 * A machine that somebody is logged in to.
 *
 * - After a lost connection the next call connects again. What was under way fails with `ConnectionLost`, and is never
 *   done a second time; jobs go on and are found again.
 */
export interface Session {
  /** Where it leads to. */
  readonly address: () => Address
  /**
   * Runs a command and answers when it has ended: its code or signal, and what it wrote. A code that is not 0 is no error.
   *
   * - Interrupted, and after `timeout`, it is ended with all that it started.
   */
  readonly exec: (command: Command, options?: ExecOptions) => Effect.Effect<Executed, SshError>
  /** Runs a command and answers at once, with its streams. It is ended with the scope. */
  readonly spawn: (command: Command, options?: SpawnOptions) => Effect.Effect<Process, SshError, Scope.Scope>
  /** The login shell, on a terminal of 80 by 24 where nothing else is said. It is left with the scope. */
  readonly shell: (terminal?: Partial<Terminal>) => Effect.Effect<Shell, SshError, Scope.Scope>
  /** Leads a port of this computer to one of the machine, until the scope ends. 0 is any that is free. */
  readonly forward: (
    localPort: number,
    remotePort: number,
    options?: ForwardOptions
  ) => Effect.Effect<Forward, SshError, Scope.Scope>
  /** Copies a file, or what a folder holds, into a folder of the machine: only what is not the same there. */
  readonly upload: (from: string, to: string, options?: UploadOptions) => Effect.Effect<Transferred, SshError>
  /** Copies what patterns mean from the machine into a folder here: only what is not the same here. */
  readonly download: (
    globs: string | ReadonlyArray<string>,
    to: string,
    options?: DownloadOptions
  ) => Effect.Effect<Transferred, SshError>
  /** The files and links in a folder of the machine and below it; none where it is not there. */
  readonly list: (folder: string) => Effect.Effect<ReadonlyArray<Entry>, SshError>
  /** Starts a command that goes on without a connection; under an id that is there it begins nothing. */
  readonly start: (command: Command, options?: StartOptions) => Effect.Effect<Job, SshError>
  /** A job that was started, here or by another process. Throws `InvalidRequest` for what is no id. */
  readonly job: (id: string) => Job
  /** Every job that the machine keeps. */
  readonly jobs: Effect.Effect<ReadonlyArray<JobStatus>, SshError>
  /** Asks the machine what it is, and compares that with the offer, or with what its cloud says of it. Nothing is left there. */
  readonly verify: (offered: OfferFacts, options?: VerifyOptions) => Effect.Effect<ObservedVerification, SshError>
  /** Ends the connection, and every command on it; jobs go on. */
  readonly close: Effect.Effect<void>
}

/**
 * Logs in to a machine, until the scope ends.
 *
 * - `target` is a machine of the SDK, or a host. Each way in that its cloud names is tried, the best first.
 * - The first host key a machine shows is remembered, by the machine's name where it has one; another one later is
 *   `HostKeyChanged`, before any login.
 * - Fails with `Unreachable`, `LoginRefused`, `HostKeyChanged`, or `InvalidRequest` for an invalid key of yours.
 */
export const connect = (
  target: SshTarget,
  options: ConnectOptions = {}
): Effect.Effect<Session, SshError, Scope.Scope> =>
  Effect.map(
    Effect.acquireRelease(makeLink(target, options), ({ close }) => close, { interruptible: true }),
    (link): Session => ({
      address: link.address,
      exec: (command, given) => exec(link, command, given),
      spawn: (command, given) => spawn(link, command, given),
      shell: ({ type = "xterm-256color", columns = 80, rows = 24 } = {}) => shell(link, { type, columns, rows }),
      forward: (localPort, remotePort, { host } = {}) => forward(link, localPort, remotePort, host),
      upload: (from, to, given) => upload(link, from, to, given),
      download: (globs, to, given) => download(link, globs, to, given),
      list: (folder) => Effect.map(persistently(link, remoteTree(link, folder)), ({ entries }) => entries),
      start: (command, given) => startJob(link, command, given),
      job: (id) => jobOf(link, id),
      jobs: listJobs(link),
      verify: (offered, given) => verify(link, offered, given),
      close: link.close
    })
  )
