import type { ConnectedMachine, SpawnOptions } from "@anygpu/ssh"
import { type InstanceRef, InvalidRequest } from "anygpu"
import type { OperationContext } from "./context.ts"
import type { execInput } from "./exec.ts"
import type { InputOf } from "./input/field.ts"
import { withSession } from "./machines/session.ts"
import type { ExecJson } from "./protocol/answers/exec.ts"

type Input = InputOf<typeof execInput>

/** One output of a command: its last bytes as text, and how many came before them. */
interface Output {
  readonly text: string
  readonly leftOut: number
}

/** What came of a command. */
export interface Ran {
  readonly ref: InstanceRef
  /** Null where a signal ended it. */
  readonly code: number | null
  readonly signal: string | null
  readonly timedOut: boolean
  readonly stdout: Output
  readonly stderr: Output
}

const twoMinutes = 120_000
/** More than this no timer takes. */
const longestTimer = 2 ** 31 - 1
const usualLimit = 20_000

/** What a command line means: one word is a line for the shell, several are a program and its arguments. */
export const commandOf = (words: ReadonlyArray<string>): string | ReadonlyArray<string> => {
  const [first, ...others] = words
  return first !== undefined && others.length === 0 ? first : words
}

/** The last bytes of a stream. What is cut off a character at its beginning is left out. */
const lastOf = async (chunks: AsyncIterable<Uint8Array>, limit: number): Promise<Output> => {
  let kept = new Uint8Array(0)
  let bytes = 0
  for await (const chunk of chunks) {
    bytes += chunk.length
    const joined = new Uint8Array(kept.length + chunk.length)
    joined.set(kept)
    joined.set(chunk, kept.length)
    kept = joined.slice(-limit)
  }
  const isWhole = bytes <= limit
  const start = isWhole ? 0 : kept.findIndex((byte) => (byte & 0xc0) !== 0x80)
  const text = new TextDecoder().decode(kept.subarray(Math.max(0, start)))
  return { text, leftOut: isWhole ? 0 : bytes - limit + Math.max(0, start) }
}

/** Aborted when so many milliseconds of this computer have passed. */
export const timeSignal = (milliseconds: number): AbortSignal =>
  AbortSignal.timeout(Math.min(milliseconds, longestTimer))

/** How a command is run and what is kept of it; an input may also be a stream. */
export type Collecting = Omit<Input, "ref" | "wait" | "stdin"> & { readonly stdin?: SpawnOptions["stdin"] }

/**
 * Runs a command in a session and collects what it writes.
 *
 * - It is ended when its time is over or the caller gives up. The time is that of this computer.
 */
export const collect = async (
  { signal }: Pick<OperationContext, "signal">,
  session: ConnectedMachine,
  { command, env, cwd, stdin, timeout = twoMinutes, limit = usualLimit }: Collecting
): Promise<Omit<Ran, "ref">> => {
  if (command.length === 0)
    throw InvalidRequest.of("command", "has no words: name a program, or write a line for the shell")
  await using process = await session.spawn(commandOf(command), { env, cwd, stdin, signal })
  const time = timeSignal(timeout)
  const either = AbortSignal.any([signal, time])
  const end = () => void process.kill()
  either.addEventListener("abort", end, { once: true })
  try {
    const [stdout, stderr] = await Promise.all([lastOf(process.stdout, limit), lastOf(process.stderr, limit)])
    const exit = await process.exit()
    signal.throwIfAborted()
    return { stdout, stderr, code: exit.code, signal: exit.signal, timedOut: time.aborted }
  } finally {
    either.removeEventListener("abort", end)
  }
}

/** Runs a command on a machine and collects what it writes. */
export const run = (context: OperationContext, input: Input): Promise<Ran> =>
  withSession(context, input, async (session, { ref }) => ({ ref, ...(await collect(context, session, input)) }))

/** What came of a command, in JSON. */
export const encode = ({ ref, code, signal, timedOut, stdout, stderr }: Ran): ExecJson => ({
  ...{ ref: String(ref), code, signal, timedOut, stdout: stdout.text, stderr: stderr.text },
  leftOut: { stdout: stdout.leftOut, stderr: stderr.leftOut }
})
