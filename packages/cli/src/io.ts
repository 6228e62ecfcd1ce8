import type { ConnectOptions } from "@anygpu/ssh"
import type { PlainClock } from "anygpu"

/** Where text goes: a terminal gives its width. */
export interface Sink extends NodeJS.WritableStream {
  readonly isTTY?: boolean
  readonly columns?: number
}

/**
 * Everything outside of the command: streams, environment, time, the interrupt key.
 *
 * - `signal` is aborted by Ctrl-C.
 * - `clock` replaces real time, and `fetch` the network by cloud: for tests, and for clouds simulated in process.
 * - `ssh` says how machines are logged in to, in the place of what is found here.
 * - `lastWords` are said when a second Ctrl-C ends the process at once: what it may leave behind.
 */
export interface Io {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean }
  readonly stdout: Sink
  readonly stderr: Sink
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
  readonly clock?: PlainClock & { readonly speed?: number }
  readonly lastWords?: Set<() => string>
  readonly fetch?: Readonly<Record<string, (url: string, init: RequestInit) => Promise<Response>>>
  readonly ssh?: ConnectOptions
  /**
   * How long each cloud may take where `--answer-within` does not say, in milliseconds; the client's own time otherwise.
   */
  readonly answerWithin?: number
}
