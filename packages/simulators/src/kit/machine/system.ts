import { posix } from "node:path"
import { type Opened, type OpenMode, openPath, release, share } from "./descriptor.ts"
import { Errno } from "./errno.ts"
import { block, Ended, finish, type Process, step } from "./process.ts"

/*
 * What programs call: their open files by number, paths as they mean them, and time.
 */

/** A path as the process means it. */
export const pathIn = (process: Process, path: string): string => {
  if (path === "") throw new Errno("ENOENT")
  const whole = path.startsWith("/") ? path : `${process.cwd === "/" ? "" : process.cwd}/${path}`
  const absolute = posix.normalize(whole)
  return absolute.replace(/^\/proc\/self(?=\/|$)/, `/proc/${process.pid}`)
}

const standard: Readonly<Record<string, number>> = { "/dev/stdin": 0, "/dev/stdout": 1, "/dev/stderr": 2 }

/** What stands under a number; throws {@link Errno}. */
export const opened = (process: Process, fd: number): Opened => {
  const found = process.open.get(fd)
  if (found === undefined) throw new Errno("EBADF")
  return found
}

/** Opens a path as the process means it: `/dev/stdin` and its like are what is open already. */
export const openIn = (process: Process, path: string, mode: OpenMode = {}): Opened => {
  const absolute = pathIn(process, path)
  const number = standard[absolute] ?? /^\/(?:dev|proc\/\d+)\/fd\/(\d+)$/.exec(absolute)?.[1]
  if (number !== undefined) return opened(process, Number(number))
  return openPath(process.machine.files, absolute, { ...mode, mode: (mode.mode ?? 0o666) & ~process.umask })
}

/** Puts something under a number, in place of what was there; null closes it. */
export const assign = (process: Process, fd: number, to: Opened | null): void => {
  const old = process.open.get(fd)
  if (to === null) process.open.delete(fd)
  else process.open.set(fd, share(to))
  if (old !== undefined) release(old)
}

const isPromise = <A>(value: A | Promise<A>): value is Promise<A> => value instanceof Promise

/** Writes to something open; a pipe that nobody reads ends the process. */
export const writeTo = async (process: Process, to: Opened, bytes: string | Uint8Array): Promise<void> => {
  step(process)
  try {
    const done = to.write(typeof bytes === "string" ? Buffer.from(bytes) : bytes)
    if (isPromise(done)) await block(process, done)
  } catch (error) {
    if (!(error instanceof Errno && error.code === "EPIPE") || process.ignored.has("PIPE")) throw error
    finish(process, 141, "PIPE")
    throw new Ended()
  }
}

/** Writes to a number. */
const write = async (process: Process, fd: number, bytes: string | Uint8Array): Promise<void> =>
  writeTo(process, opened(process, fd), bytes)

/** Writes to the output. */
export const say = async (process: Process, text: string | Uint8Array): Promise<void> => write(process, 1, text)

/** Writes a line to the errors, if there are any. */
export const complain = async (process: Process, text: string): Promise<void> => {
  if (process.open.has(2)) await write(process, 2, `${text}\n`)
}

/** Reads some bytes of something open; null at its end. A signal that the process takes ends the wait: an empty answer. */
export const readFrom = async (process: Process, from: Opened, length = 65_536): Promise<Buffer | null> => {
  step(process)
  const bytes = from.read(length)
  if (!isPromise(bytes)) return bytes
  const came = await block(process, bytes)
  return came ?? null
}

/** All that something open still has. */
export const readAll = async (process: Process, from: Opened): Promise<Buffer> => {
  const parts: Buffer[] = []
  for (let part = await readFrom(process, from); part !== null; part = await readFrom(process, from)) parts.push(part)
  return Buffer.concat(parts)
}

/** A line of something open, without its end; what follows stays there. `ended` where the end came first. */
export const readLine = async (
  process: Process,
  from: Opened
): Promise<{ readonly line: string; readonly ended: boolean }> => {
  const parts: Buffer[] = []
  for (;;) {
    const part = await readFrom(process, from, 4096)
    if (part === null) return { line: Buffer.concat(parts).toString("utf8"), ended: true }
    const at = part.indexOf(10)
    if (at < 0) {
      parts.push(part)
      continue
    }
    parts.push(part.subarray(0, at))
    if (at + 1 < part.length) from.unread(part.subarray(at + 1))
    return { line: Buffer.concat(parts).toString("utf8"), ended: false }
  }
}

/** Lets time pass, on the clock of the machine; a signal that the process takes ends it early. */
export const sleep = async (process: Process, ms: number): Promise<void> => {
  const abort = new AbortController()
  const endless = new Promise<void>(() => {})
  const pause = Number.isFinite(ms) ? process.machine.clock.sleep(ms, abort.signal) : endless
  pause.catch(() => {})
  try {
    await block(process, pause, true)
  } finally {
    abort.abort(new Ended())
  }
}

/** Reads each of some files, or the input where none is named; `-` is the input. A file that cannot be read is reported; answers the code. */
export const eachInput = async (
  process: Process,
  names: ReadonlyArray<string>,
  use: (from: Opened, name: string) => Promise<void>
): Promise<number> => {
  let code = 0
  for (const name of names.length > 0 ? names : ["-"]) {
    try {
      const from = share(name === "-" ? opened(process, 0) : openIn(process, name))
      try {
        await use(from, name)
      } finally {
        release(from)
      }
    } catch (error) {
      if (!(error instanceof Errno)) throw error
      await complain(process, `${process.argv[0]}: ${name}: ${error.message}`)
      code = 1
    }
  }
  return code
}
