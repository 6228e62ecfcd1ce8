import { clearLine, cursorTo, moveCursor } from "node:readline"
import { PassThrough } from "node:stream"
import type { Io, Sink } from "../io.ts"
import { main } from "../main.ts"

/** What stands around one call in a test. */
export interface TerminalOptions {
  readonly env?: Io["env"]
  /** The width of a terminal; a pipe when left out. */
  readonly columns?: number
  /** What somebody types when the terminal shows a text, in this order. */
  readonly typed?: ReadonlyArray<readonly [shown: string, keys: string]>
  readonly signal?: AbortSignal
  /** Hears what is printed, as it is. */
  readonly onStdout?: (text: string) => void
  readonly clock?: Io["clock"]
  readonly lastWords?: Set<() => string>
  readonly fetch?: Io["fetch"]
  readonly ssh?: Io["ssh"]
  /** What it reads, and then its end; nothing comes and nothing ends where it is left out. */
  readonly input?: string
}

/** What a call has left. */
export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

const sink = (columns: number | undefined): { readonly stream: Sink & PassThrough; readonly text: () => string } => {
  const chunks: string[] = []
  const stream = new PassThrough()
  stream.on("data", (chunk) => chunks.push(String(chunk)))
  const drawing = {
    cursorTo: (x: number) => cursorTo(stream, x),
    moveCursor: (x: number, y: number) => moveCursor(stream, x, y),
    clearLine: (direction: -1 | 0 | 1) => clearLine(stream, direction)
  }
  const shape = columns === undefined ? {} : { isTTY: true, columns, rows: 24, ...drawing }
  // Like those of a process, it goes on after what is piped into it ends.
  return { stream: Object.assign(stream, shape, { end: () => stream }), text: () => chunks.join("") }
}

/** Runs one call of the command in this process, with streams that are kept. */
export const runIn = async (options: TerminalOptions, ...argv: ReadonlyArray<string>): Promise<Ran> => {
  const [stdout, stderr] = [sink(options.columns), sink(options.columns)]
  const stdin = Object.assign(new PassThrough(), options.columns === undefined ? {} : { isTTY: true })
  stdout.stream.on("data", (chunk) => options.onStdout?.(String(chunk)))
  const typed = [...(options.typed ?? [])]
  let seen = 0
  stderr.stream.on("data", () => {
    const [next] = typed
    const at = next ? stderr.text().indexOf(next[0], seen) : -1
    if (!next || at < 0) return
    seen = at + next[0].length
    typed.shift()
    // The prompt listens only after the question is shown.
    setImmediate(() => stdin.write(next[1]))
  })
  if (options.input !== undefined) stdin.end(options.input)
  const code = await main(argv, {
    stdin,
    stdout: stdout.stream,
    stderr: stderr.stream,
    env: options.env ?? {},
    signal: options.signal ?? new AbortController().signal,
    ...(options.lastWords && { lastWords: options.lastWords }),
    ...(options.clock && { clock: options.clock }),
    ...(options.fetch && { fetch: options.fetch }),
    ...(options.ssh && { ssh: options.ssh })
  })
  return { code, stdout: stdout.text(), stderr: stderr.text() }
}
