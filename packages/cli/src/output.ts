import { visibleJson } from "@anygpu/operations"
import pc from "picocolors"
import type { Io, Sink } from "./io.ts"
import { harmless, plain } from "./plain.ts"
import type { Settings } from "./settings.ts"

/** The colours of one stream; plain text where it shows none. */
export type Colors = ReturnType<typeof pc.createColors>

/** Whether a stream shows colours: on a terminal, unless NO_COLOR; with FORCE_COLOR anywhere. */
const showsColors = (sink: Sink, env: Io["env"], allowed: boolean): boolean => {
  if (!allowed || env.NO_COLOR) return false
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== "0" && env.FORCE_COLOR !== "false"
  return sink.isTTY === true && env.TERM !== "dumb"
}

/**
 * What a command says: its answer on standard output, everything else on standard error.
 *
 * - With `--json` the answer is JSON and nothing else is on standard output.
 * - Whatever a cloud wrote, no control character but line ends, tabs and this command's own colours is printed; each line
 *   of an event is made so by who writes it.
 * - `--quiet` leaves out remarks and progress, never warnings and errors.
 */
export interface Output {
  readonly json: boolean
  readonly quiet: boolean
  /** The columns of the terminal; Infinity where the answer goes into a file or a pipe. */
  readonly width: number
  readonly colors: Colors
  /** Whether standard error is a terminal that may be drawn on. */
  readonly live: boolean
  /** The answer, as text or as one JSON value; each is made only when it is wanted. */
  answer(ways: { readonly text: () => string; readonly json: () => unknown }): void
  /** One part of an answer that goes on: a line of text, or of JSON. */
  event(ways: { readonly text: () => string; readonly json: () => unknown }): void
  /** What somebody has to see before they answer a question: on standard error, whatever was asked for. */
  say(text: string): void
  /** A remark. */
  note(text: string): void
  /** Something that must be known. */
  warn(text: string): void
  /** What went wrong. */
  fail(text: string): void
  /** Shows that something is being waited for, as long as `work` takes. */
  during<A>(text: string, work: (say: (text: string) => void) => Promise<A>): Promise<A>
}

/** Before this many milliseconds nothing is shown: most answers are there by then. */
const patience = 150

const duringOn =
  (stderr: Sink) =>
  async <A>(text: string, work: (say: (text: string) => void) => Promise<A>): Promise<A> => {
    let latest = plain(text)
    let spinner: { text: string; stop(): unknown } | undefined
    let done = false
    const timer = setTimeout(async () => {
      const { default: ora } = await import("ora")
      if (!done) spinner = ora({ text: latest, stream: stderr, discardStdin: false, hideCursor: true }).start()
    }, patience)
    try {
      return await work((now) => {
        latest = plain(now)
        if (spinner) spinner.text = latest
      })
    } finally {
      done = true
      clearTimeout(timer)
      spinner?.stop()
    }
  }

/** The output of one call. */
export const outputOn = (io: Io, settings: Pick<Settings, "json" | "quiet" | "color">): Output => {
  const { stdout, stderr } = io
  const colors = pc.createColors(showsColors(stdout, io.env, settings.color))
  const remarks = pc.createColors(showsColors(stderr, io.env, settings.color))
  const width = stdout.isTTY === true ? Math.max(20, stdout.columns ?? 80) : Number.POSITIVE_INFINITY
  const live = stderr.isTTY === true && !settings.quiet && !settings.json && io.env.TERM !== "dumb"
  const write = (sink: Sink, text: string) => {
    sink.write(text.endsWith("\n") ? text : `${text}\n`)
  }
  const print = (text: string) => write(stdout, harmless(text, colors))
  const remark = (text: string) => write(stderr, harmless(text, remarks))
  const writeJson = (json: string) => write(stdout, visibleJson(json))
  const note = (text: string) => {
    if (!settings.quiet && !settings.json) remark(remarks.dim(text))
  }
  return {
    json: settings.json,
    quiet: settings.quiet,
    width,
    colors,
    live,
    answer: ({ text, json }) => (settings.json ? writeJson(JSON.stringify(json(), null, 2)) : print(text())),
    event: ({ text, json }) => (settings.json ? writeJson(JSON.stringify(json())) : write(stdout, text())),
    say: remark,
    note,
    warn: (text) =>
      settings.json ? write(stderr, visibleJson(JSON.stringify({ warning: text }))) : remark(remarks.yellow(text)),
    fail: (text) => (settings.json ? write(stderr, visibleJson(text)) : remark(remarks.red(text))),
    during: live ? duringOn(stderr) : (_, work) => work(() => {})
  }
}
