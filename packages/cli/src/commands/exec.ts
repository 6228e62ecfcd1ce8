import { constants } from "node:os"
import { exec, type InputOf, present } from "@anygpu/operations"
import { exitCodes } from "@anygpu/operations/failure"
import { collect, commandOf, timeSignal, withSession } from "@anygpu/operations/run"
import type { ConnectedMachine } from "@anygpu/ssh"
import { type InstanceRef, Timeout } from "anygpu"
import { millis } from "effect/Duration"
import type { execFields } from "../command/using-fields.ts"
import { loggingInWith } from "../connect.ts"
import type { Context } from "../context.ts"
import type { Io, Sink } from "../io.ts"

type Input = InputOf<typeof execFields>

/** What the standard input holds, until `over` resolves: somebody may type nothing for ever. */
async function* inputOf({ stdin }: Io, over: Promise<void>): AsyncGenerator<Uint8Array> {
  const chunks = stdin[Symbol.asyncIterator]()
  try {
    for (;;) {
      const next = await Promise.race([chunks.next(), over.then(() => ({ done: true as const, value: undefined }))])
      if (next.done) return
      yield typeof next.value === "string" ? Buffer.from(next.value) : next.value
    }
  } finally {
    // Nobody reads on: a terminal that is listened to would keep the process.
    if ("destroy" in stdin && typeof stdin.destroy === "function") stdin.destroy()
  }
}

/** Writes bytes as they come, and no faster than they are taken. */
const pass = async (chunks: AsyncIterable<Uint8Array>, sink: Sink): Promise<void> => {
  for await (const chunk of chunks) {
    if (sink.write(chunk)) continue
    await new Promise<void>((done) => {
      for (const event of ["drain", "close", "error"]) sink.once(event, () => done())
    })
  }
}

/** The exit code of a command as a shell has it. */
const codeOf = ({ code, signal }: { readonly code: number | null; readonly signal: string | null }): number => {
  const numbers: Readonly<Record<string, number | undefined>> = constants.signals
  return code ?? 128 + (numbers[`SIG${signal?.replace(/^SIG/, "")}`] ?? 0)
}

const lastWords = (): string => "Stopped at once: the command may go on running on the machine."

/** Bytes of each output that `--json` prints. */
const jsonLimit = 1_000_000

/** What a command is run with, until `over` resolves. */
const optionsOf = ({ io }: Context, { env, cwd, stdin = true }: Input, over: Promise<void>) => ({
  ...present({ env, cwd }),
  ...(stdin && { stdin: inputOf(io, over) })
})

/** Runs a command with the streams of this process; answers its exit code. */
const stream = async (context: Context, session: ConnectedMachine, input: Input, over: Promise<void>) => {
  const { io, signal } = context
  const { command, timeout } = input
  await using process = await session.spawn(commandOf(command), { ...optionsOf(context, input, over), signal })
  const time = timeout === undefined ? undefined : timeSignal(timeout)
  const either = time === undefined ? signal : AbortSignal.any([signal, time])
  const end = () => void process.kill()
  either.addEventListener("abort", end, { once: true })
  try {
    await Promise.all([pass(process.stdout, io.stdout), pass(process.stderr, io.stderr)])
    const exit = await process.exit()
    if (signal.aborted) return exitCodes.interrupted.code
    if (!time?.aborted) return codeOf(exit)
  } finally {
    either.removeEventListener("abort", end)
  }
  const message = "The command was not done in its time, and was ended with all that it started"
  throw new Timeout({ message, retry: "permanent", after: millis(timeout ?? 0) })
}

/** Runs a command, collects what it writes and prints that as JSON; answers its exit code. */
const print = async (
  context: Context,
  session: ConnectedMachine,
  ref: InstanceRef,
  input: Input,
  over: Promise<void>
) => {
  const { command, timeout = Number.POSITIVE_INFINITY } = input
  const { encode } = await exec.load()
  const options = { command, timeout, limit: jsonLimit, ...optionsOf(context, input, over) }
  const ran = await collect(context, session, options)
  const json = () => encode({ ref, ...ran }, context.signal.aborted)
  context.out.answer({ json, text: () => "" })
  return ran.timedOut ? exitCodes.time.code : codeOf(ran)
}

/** `anygpu exec`: runs a command on a machine; its exit code is the answer. */
export const run = async (given: Context, input: Input): Promise<number> => {
  const context = loggingInWith(given, input)
  const { io, out } = context
  const over = Promise.withResolvers<void>()
  io.lastWords?.add(lastWords)
  try {
    return await withSession(context, input, (session, { ref }) =>
      out.json ? print(context, session, ref, input, over.promise) : stream(context, session, input, over.promise)
    )
  } finally {
    over.resolve()
    io.lastWords?.delete(lastWords)
  }
}
