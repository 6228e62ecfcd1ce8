import type { Readable, Writable } from "node:stream"
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

/** What goes to the client, as something that a process writes to. `closed` is called when no process has it open any more. */
export const openWritable = (stream: Writable, gone: Promise<void>, closed: () => void): Opened => {
  let isGone = false
  const lost = gone.then(() => {
    isGone = true
  })
  stream.on("error", () => {})
  return {
    read: () => null,
    write: (bytes) => {
      if (isGone || stream.destroyed) throw new Errno("EPIPE")
      if (stream.write(Buffer.from(bytes))) return
      const drained = new Promise<void>((resolve) => stream.once("drain", resolve))
      return Promise.race([drained, lost]).then(() => {
        if (isGone) throw new Errno("EPIPE")
      })
    },
    unread: () => {},
    seek: () => false,
    close: closed
  }
}
