import type { Duplex, Readable, Writable } from "node:stream"
import type { ConnectionLost } from "@anygpu/core"

/** How a process ended: its exit code, or the signal that ended it. The other one is null. */
export interface Exit {
  readonly code: number | null
  /** Such as `SIGKILL`. */
  readonly signal: string | null
}

/** A terminal on the machine, in characters. */
export interface Terminal {
  /** As in the variable TERM. */
  readonly type: string
  readonly columns: number
  readonly rows: number
}

/** A process on the machine, with its three streams. */
export interface Channel {
  readonly stdin: Writable
  readonly stdout: Readable
  readonly stderr: Readable
  /** When it ended. Rejects with `ConnectionLost` when the connection ended before the status came, also when the streams have ended. */
  readonly exit: Promise<Exit>
  /** Changes the size of its terminal; nothing where it has none, or the transport cannot. */
  resize(columns: number, rows: number): void
  /** Lets go of it: no more is read or written. What runs there may run on. */
  close(): void
}

/** One connection to one machine, somebody logged in. */
export interface Connection {
  readonly transport: "ssh2" | "openssh"
  /** Resolves when the connection has ended, however it did; never rejects. */
  readonly lost: Promise<ConnectionLost>
  /** Runs a script by `sh`; see `shell/script.ts`. */
  run(script: string): Promise<Channel>
  /** The user's login shell on a terminal. */
  shell(terminal: Terminal): Promise<Channel>
  /** A connection to a port, made from the machine. Where the connection is lost it fails, and does not end. */
  dial(host: string, port: number): Promise<Duplex>
  /** Ends it; what waits on it fails with `ConnectionLost`. */
  close(): Promise<void>
}
