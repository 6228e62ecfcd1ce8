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

/** What writes to a stream chunk by chunk: false where the stream takes no more. Rejects once the connection is lost. */
const writerOf = (stream: Writable, lost: Promise<Error>) => {
  let gone: Error | undefined
  let fail: (error: Error) => void = () => {}
  // One listener for all chunks: a promise keeps those of each race until it is settled.
  lost.then((error) => {
    gone = error
    fail(error)
  })
  return (chunk: Uint8Array | string): Promise<boolean> =>
    new Promise((resolve, reject) => {
      if (gone !== undefined) return reject(gone)
      fail = reject
      stream.write(chunk, (error) => resolve(!error))
    })
}

/** The same bytes in chunks of at least 256 KiB, but for the last one. */
async function* joined(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of chunks) {
    held.push(chunk)
    bytes += chunk.length
    if (bytes < pieceSize) continue
    yield held.length === 1 ? chunk : Buffer.concat(held)
    held = []
    bytes = 0
  }
  if (bytes > 0) yield Buffer.concat(held)
}

/** How many bytes are written at once: each write is a packet of its own, and small ones cost more than what is in them. */
export const pieceSize = 256 * 1024

/**
 * Writes everything and ends the stream, or stops where the stream takes no more.
 *
 * - A chunk of {@link pieceSize} bytes or more is handed on before the next is asked for, so that its memory may be used again.
 * - Rejects with what `lost` resolves with, as soon as it does: a stream of a dead connection never drains.
 */
export const pour = async (input: Input, stream: Writable, lost: Promise<Error>): Promise<void> => {
  const write = writerOf(stream, lost)
  if (typeof input === "string" || input instanceof Uint8Array) await write(input)
  else {
    for await (const chunk of joined(input)) {
      if (!(await write(chunk))) break
    }
  }
  stream.end()
}
