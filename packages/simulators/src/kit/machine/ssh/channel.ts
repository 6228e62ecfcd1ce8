import type { Readable, Writable } from "node:stream"
import type { ServerChannel } from "ssh2"
import { makeQueue, type Opened } from "../descriptor.ts"
import { Errno } from "../errno.ts"

const refuse = (): never => {
  throw new Errno("EBADF")
}

/** So many bytes are kept before the client has to wait. */
const room = 1_048_576

/** What comes from the client, as something that a process reads. */
export const openReadable = (stream: Readable): Opened => {
  const queue = makeQueue()
  let waiting: Array<() => void> = []
  let ended = false
  const ring = () => {
    const now = waiting
    waiting = []
    for (const wake of now) wake()
  }
  const end = () => {
    ended = true
    ring()
  }
  stream.on("data", (chunk: Buffer) => {
    queue.push(chunk)
    if (queue.size() > room) stream.pause()
    ring()
  })
  stream.on("end", end).on("close", end).on("error", end)
  const take = (length: number): Buffer => {
    const bytes = queue.take(length)
    if (queue.size() <= room && stream.isPaused()) stream.resume()
    return bytes
  }
  const later = async (length: number): Promise<Buffer | null> => {
    while (queue.size() === 0 && !ended) await new Promise<void>((resolve) => waiting.push(resolve))
    return queue.size() === 0 ? null : take(length)
  }
  return {
    read: (length) => (queue.size() > 0 ? take(length) : later(length)),
    write: refuse,
    unread: queue.unshift,
    seek: () => false,
    // What nobody reads any more is thrown away, so that the connection goes on.
    close: () => {
      stream.removeAllListeners("data")
      stream.resume()
    }
  }
}

/** What `ssh2` keeps of a write that waits for the client. */
const leftovers = ["_chunk", "_chunkcb", "_chunkErr", "_chunkcbErr"]

/**
 * The two ways to the client on a channel, as what a process writes to.
 *
 * - One write at a time, until it is handed over: `ssh2` loses what waits on both ways at once, and calls the wrong one of
 *   them when the first has waited before.
 */
export const outputsOf = (channel: ServerChannel) => {
  let isGone = false
  const gone = new Promise<void>((resolve) => {
    channel.once("close", () => {
      isGone = true
      resolve()
    })
  })
  let last: Promise<void> = Promise.resolve()
  const handOver = (stream: Writable, bytes: Buffer): Promise<void> => {
    for (const name of leftovers) Reflect.set(channel, name, undefined)
    return new Promise((resolve) => stream.write(bytes, () => resolve()))
  }
  /** `closed` is called when no process has it open any more. */
  const output = (stream: Writable, closed: () => void): Opened => {
    stream.on("error", () => {})
    return {
      read: () => null,
      write: async (bytes) => {
        const own = Buffer.from(bytes)
        const done = last.then(() => (isGone ? undefined : Promise.race([handOver(stream, own), gone])))
        last = done
        await done
        if (isGone) throw new Errno("EPIPE")
      },
      unread: () => {},
      seek: () => false,
      close: closed
    }
  }
  return { gone, output }
}
