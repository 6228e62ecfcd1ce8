import type { Readable, Writable } from "node:stream"

/** What a process may be given to read. */
export type Input = string | Uint8Array | AsyncIterable<Uint8Array>

/** All bytes of a stream. */
export const readAll = (stream: Readable): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    stream.on("data", (chunk: Buffer) => chunks.push(chunk))
    stream.once("end", () => resolve(Buffer.concat(chunks)))
    stream.once("error", reject)
    stream.once("close", () => resolve(Buffer.concat(chunks)))
  })

/** Rejects when `lost` resolves: what never answers on a dead connection is raced with it. */
export const orLost = <A>(work: Promise<A>, lost: Promise<Error>): Promise<A> =>
  Promise.race([work, lost.then((error) => Promise.reject(error))])

/** Writes one chunk, and waits while the other side does not take more. */
const write = (stream: Writable, chunk: Uint8Array | string): Promise<void> =>
  new Promise((resolve) => {
    if (stream.write(chunk)) resolve()
    else stream.once("drain", resolve)
  })

/**
 * Writes everything and ends the stream.
 *
 * - Chunks are joined to 256 KiB: each write is a packet of its own, and small ones cost more than what is in them.
 * - Rejects with what `lost` resolves with, as soon as it does: a stream of a dead connection never drains.
 */
export const pour = async (input: Input, stream: Writable, lost: Promise<Error>): Promise<void> => {
  const size = 256 * 1024
  let held: Uint8Array[] = []
  let bytes = 0
  const flush = async () => {
    const chunk = held.length === 1 ? (held[0] ?? new Uint8Array()) : Buffer.concat(held)
    held = []
    bytes = 0
    await orLost(write(stream, chunk), lost)
  }
  if (typeof input === "string" || input instanceof Uint8Array) await orLost(write(stream, input), lost)
  else {
    for await (const chunk of input) {
      held.push(chunk)
      bytes += chunk.length
      if (bytes >= size) await flush()
    }
    if (bytes > 0) await flush()
  }
  stream.end()
}
