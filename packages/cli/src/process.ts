import { writeSync } from "node:fs"
import { exitCodes } from "@anygpu/operations/failure"
import { main } from "./main.ts"
import { harmless } from "./plain.ts"

/** An interrupt and a polite kill: both let the command end what it has begun. */
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const

/**
 * Runs the command as a process: real streams, environment and signals.
 *
 * - The first Ctrl-C aborts what is under way, and the command says what is left; the second ends the process at once,
 *   with its last words.
 * - The reader of the answer may go away (`anygpu offers | head -1`): that aborts it like a Ctrl-C.
 */
export const runProcess = async (argv: ReadonlyArray<string>): Promise<void> => {
  const { stdin, stdout, stderr, env } = process
  const abort = new AbortController()
  const lastWords = new Set<() => string>()
  const interrupt = () => {
    if (abort.signal.aborted) {
      try {
        for (const words of lastWords) writeSync(stderr.fd, `\n${harmless(words(), { isColorSupported: false })}\n`)
      } finally {
        process.exit(exitCodes.interrupted.code)
      }
    }
    abort.abort(new DOMException("Interrupted.", "AbortError"))
  }
  for (const signal of signals) process.on(signal, interrupt)
  for (const stream of [stdout, stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error
      abort.abort(new DOMException("Nobody reads the answer.", "AbortError"))
    })
  }
  process.exitCode = await main(argv, { stdin, stdout, stderr, env, signal: abort.signal, lastWords })
  for (const signal of signals) process.off(signal, interrupt)
}
