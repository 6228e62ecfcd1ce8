import { createReadStream } from "node:fs"

const limit = 16 * 1024 * 1024

/**
 * The text of a stream, UTF-8, without a byte order mark.
 *
 * - Rejects with the code `EFBIG` beyond 16 MiB: a device or a pipe may never end.
 */
export const readStream = async (stream: AsyncIterable<Buffer | string>): Promise<string> => {
  const parts: Array<Buffer> = []
  let size = 0
  for await (const part of stream) {
    const bytes = Buffer.from(part)
    size += bytes.length
    if (size > limit) throw Object.assign(new Error("EFBIG: more than 16 MiB"), { code: "EFBIG" })
    parts.push(bytes)
  }
  return new TextDecoder().decode(Buffer.concat(parts))
}

/** The text of a file, as {@link readStream} reads it. */
export const readText = (path: string): Promise<string> => readStream(createReadStream(path))
