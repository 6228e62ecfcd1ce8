import { randomBytes } from "node:crypto"
import type { Readable } from "node:stream"
import { InvalidRequest, isGpuError, Timeout } from "@anygpu/core"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { asSshError, type SshError } from "./failures.ts"
import type { Link } from "./link.ts"
import { killScript } from "./shell/kill.ts"
import { commandScript, type Surroundings } from "./shell/script.ts"
import { type Input, orLost, pour, readAll } from "./streams.ts"
import type { Channel, Connection, Exit, Terminal } from "./transport/connection.ts"

/** What a command is run with. */
export interface SpawnOptions extends Surroundings {
  /** What it reads; nothing where it is left out. */
  readonly stdin?: Input | undefined
}

/** What a command that is waited for is run with. */
export interface ExecOptions extends SpawnOptions {
  /** How long it may take: then it is ended, and the error is `Timeout`. As long as it takes where it is left out. */
  readonly timeout?: Duration.Input | undefined
}

/** What came of a command: how it ended, and all that it wrote, as UTF-8. */
export interface Executed extends Exit {
  readonly stdout: string
  readonly stderr: string
}

/** A process on the machine while it runs. */
export interface Process {
  /** What it writes, as it comes. Fails with `ConnectionLost` where the connection ends before the process. */
  readonly stdout: Stream.Stream<Uint8Array, SshError>
  readonly stderr: Stream.Stream<Uint8Array, SshError>
  /** How it ended. A stream that nobody reads by then is thrown away. */
  readonly exit: Effect.Effect<Exit, SshError>
  /** Ends it and everything it started: TERM, and KILL after two seconds. */
  readonly kill: Effect.Effect<void>
}

/** A login shell on a terminal. */
export interface Shell {
  readonly output: Stream.Stream<Uint8Array, SshError>
  readonly write: (input: string | Uint8Array) => Effect.Effect<void, SshError>
  readonly resize: (columns: number, rows: number) => Effect.Effect<void>
  readonly exit: Effect.Effect<Exit, SshError>
}

const discard = (stream: Readable): void => {
  if (stream.listenerCount("data") + stream.listenerCount("readable") === 0) stream.resume()
}

/** Runs a promise of the connection; what it rejects with is an error of the catalogue. */
export const attempt = <A>(link: Link, work: (signal: AbortSignal) => Promise<A>): Effect.Effect<A, SshError> =>
  Effect.tryPromise({ try: work, catch: (error) => asSshError(link.address(), error) })

/** A stream of a channel: its end counts only when the process has ended too, since a lost connection ends it as well. */
const outputOf = (stream: Readable, { exit }: Channel, link: Link): Stream.Stream<Uint8Array, SshError> =>
  Stream.fromAsyncIterable(
    (async function* () {
      yield* stream as AsyncIterable<Uint8Array>
      await exit
    })(),
    (error) => asSshError(link.address(), error)
  )

/** Ends what carries the mark, by a script of its own; best done, never failing, ten seconds at most. */
const killBy = (connection: Connection, mark: string): Effect.Effect<void> =>
  Effect.ignore(
    Effect.timeoutOrElse(
      Effect.tryPromise(async () => {
        const channel = await connection.run(killScript(mark))
        channel.stdin.end()
        channel.stdout.resume()
        channel.stderr.resume()
        await channel.exit
      }),
      { duration: "10 seconds", orElse: () => Effect.void }
    )
  )

/** The process of a script, until the scope ends. */
const processOf = (link: Link, connection: Connection, script: string): Effect.Effect<Channel, SshError, Scope.Scope> =>
  Effect.acquireRelease(
    attempt(link, () => connection.run(script)),
    (opened) => Effect.sync(() => opened.close()),
    { interruptible: true }
  )

/** A script that runs, until the scope ends. */
export const runScript = (
  link: Link,
  script: string
): Effect.Effect<readonly [Channel, Connection], SshError, Scope.Scope> =>
  Effect.gen(function* () {
    const connection = yield* link.connection
    return [yield* processOf(link, connection, script), connection] as const
  })

/** What a process is known by, whatever it starts: a variable that all of them carry. */
const marked = (options: SpawnOptions, mark: string): SpawnOptions => ({
  ...options,
  env: { ...options.env, ANYGPU_EXEC: mark }
})

/** A process that is ended with the scope, where it has not ended by itself. */
const start = (link: Link, command: string | ReadonlyArray<string>, options: SpawnOptions) =>
  Effect.gen(function* () {
    const mark = `:${randomBytes(9).toString("hex")}:`
    const script = yield* Effect.try({
      try: () => commandScript(command, marked(options, mark)),
      catch: (error) => asSshError(link.address(), error)
    })
    const connection = yield* link.connection
    let ended = false
    const over = () => {
      ended = true
    }
    const kill = Effect.suspend(() => (ended ? Effect.void : killBy(connection, mark)))
    // Before it is begun: one that is given up meanwhile begins all the same.
    yield* Effect.addFinalizer(() => kill)
    const channel = yield* Effect.tapError(processOf(link, connection, script), () => Effect.sync(over))
    channel.exit.then(over, over)
    const lost = Promise.race([
      connection.lost,
      channel.exit.then(
        () => new Promise<never>(() => {}),
        (error) => error
      )
    ])
    if (options.stdin === undefined) channel.stdin.end()
    return { channel, kill, lost }
  })

/** Runs a command, and answers while it runs. It is ended with the scope. */
export const spawn = (
  link: Link,
  command: string | ReadonlyArray<string>,
  options: SpawnOptions = {}
): Effect.Effect<Process, SshError, Scope.Scope> =>
  Effect.gen(function* () {
    const { channel, kill, lost } = yield* start(link, command, options)
    const { stdin } = options
    if (stdin !== undefined) {
      const poured = attempt(link, () => pour(stdin, channel.stdin, lost))
      // Without its whole input it is not to run to an end that looks like one.
      yield* Effect.forkScoped(Effect.catchCause(poured, () => kill))
    }
    return {
      stdout: outputOf(channel.stdout, channel, link),
      stderr: outputOf(channel.stderr, channel, link),
      exit: attempt(link, () => {
        discard(channel.stdout)
        discard(channel.stderr)
        return channel.exit
      }),
      kill
    }
  })

/** Rejects when an input cannot be given whole, since reading it failed; never resolves. */
const failureOf = (poured: Promise<void>): Promise<never> =>
  poured.then(
    () => new Promise<never>(() => {}),
    (error) => {
      if (isGpuError(error)) throw error
      throw InvalidRequest.of("stdin", `could not be read: ${error instanceof Error ? error.message : error}`)
    }
  )

/** Runs a command and waits for its end. */
export const exec = (
  link: Link,
  command: string | ReadonlyArray<string>,
  options: ExecOptions = {}
): Effect.Effect<Executed, SshError> => {
  const whole = Effect.scoped(
    Effect.gen(function* () {
      const { channel, lost } = yield* start(link, command, options)
      const { stdin } = options
      return yield* attempt(link, async () => {
        // A process may end without reading all that it is given: that is its own affair, and nothing more is read here.
        const ended = () => new Error("the process has ended")
        const over = Promise.race([lost, channel.exit.then(ended, ended)])
        const unread = stdin === undefined ? new Promise<never>(() => {}) : failureOf(pour(stdin, channel.stdin, over))
        const texts = Promise.all([readAll(channel.stdout), readAll(channel.stderr)])
        const exit = await Promise.race([channel.exit, unread])
        const [stdout, stderr] = await orLost(texts, lost)
        return { ...exit, stdout: stdout.toString("utf8"), stderr: stderr.toString("utf8") }
      })
    })
  )
  const { timeout } = options
  if (timeout === undefined) return whole
  const after = Duration.fromInputUnsafe(timeout)
  const message = `The command was not done within ${Duration.format(after)}, and was ended`
  const tooLong = Effect.suspend(() => Effect.fail(new Timeout({ message, retry: "temporary", after })))
  return Effect.timeoutOrElse(whole, { duration: after, orElse: () => tooLong })
}

/** A login shell on a terminal, until the scope ends. */
export const shell = (link: Link, terminal: Terminal): Effect.Effect<Shell, SshError, Scope.Scope> =>
  Effect.gen(function* () {
    const connection = yield* link.connection
    const channel = yield* Effect.acquireRelease(
      attempt(link, () => connection.shell(terminal)),
      (opened) => Effect.sync(() => opened.close()),
      { interruptible: true }
    )
    channel.stderr.resume()
    return {
      output: outputOf(channel.stdout, channel, link),
      write: (input) =>
        attempt(link, () =>
          orLost(new Promise<void>((done) => void channel.stdin.write(input, () => done())), connection.lost)
        ),
      resize: (columns, rows) => Effect.sync(() => channel.resize(columns, rows)),
      exit: attempt(link, () => channel.exit)
    }
  })
