import { close, createReadStream, open, read } from "node:fs"
import { promisify } from "node:util"
import { InvalidRequest } from "@anygpu/core"
import type { Entry } from "./entry.ts"

/** How long a header of a tar archive is, and what everything in one is filled up to. */
const record = 512

/** Chunks are as long as what a connection takes at once. */
const chunkSize = 256 * 1024

/** Files up to this size are read before their turn, so many at once: opening one takes longer than reading it. */
const small = 64 * 1024
const ahead = 32

const octal = (value: number, digits: number): string =>
  Math.max(0, Math.floor(value)).toString(8).padStart(digits, "0").slice(-digits)

interface Header {
  readonly name: Buffer
  readonly prefix?: Buffer
  readonly link?: Buffer
  readonly type: string
  readonly mode: number
  readonly size: number
  readonly changed: number
}

/** A header as POSIX has it (ustar). */
const headerOf = ({ name, prefix, link, type, mode, size, changed }: Header): Buffer => {
  const bytes = Buffer.alloc(record)
  name.copy(bytes, 0)
  const fields = `${octal(mode, 7)}\0${octal(0, 7)}\0${octal(0, 7)}\0${octal(size, 11)}\0${octal(changed, 11)}\0        ${type}`
  bytes.write(fields, 100, "latin1")
  link?.copy(bytes, 157)
  bytes.write("ustar\u000000", 257, "latin1")
  prefix?.copy(bytes, 345)
  const sum = bytes.reduce((all, byte) => all + byte, 0)
  bytes.write(`${octal(sum, 6)}\0 `, 148, "latin1")
  return bytes
}

const padded = (bytes: Buffer): Buffer =>
  Buffer.concat([bytes, Buffer.alloc((record - (bytes.length % record)) % record)])

/** A name or target that fits into no header, before the header that it is for: as GNU has it, which busybox knows too. */
const longText = (type: "L" | "K", text: Buffer): Buffer => {
  const whole = Buffer.concat([text, Buffer.alloc(1)])
  const header = headerOf({ name: Buffer.from("././@LongLink"), type, mode: 0, size: whole.length, changed: 0 })
  return Buffer.concat([header, padded(whole)])
}

/** The two parts of a name that fit into a header; null where it has no such parts. */
const splitName = (name: Buffer): Pick<Header, "name" | "prefix"> | null => {
  if (name.length <= 100) return { name }
  const at = name.indexOf("/", Math.max(1, name.length - 101))
  return at > 0 && at <= 155 && at < name.length - 1
    ? { prefix: name.subarray(0, at), name: name.subarray(at + 1) }
    : null
}

const types = { file: "0", link: "2", directory: "5" } as const

/** Everything that stands before the content of an entry. */
const headersOf = ({ path, type, size, mode, changed, target }: Entry): Buffer => {
  const name = Buffer.from(type === "directory" ? `${path}/` : path)
  const link = Buffer.from(target ?? "")
  const split = splitName(name)
  return Buffer.concat([
    ...(link.length > 100 ? [longText("K", link)] : []),
    ...(split ? [] : [longText("L", name)]),
    headerOf({
      ...(split ?? { name: name.subarray(0, 100) }),
      ...{ link: link.subarray(0, 100), type: types[type], mode, size, changed }
    })
  ])
}

const openFile = promisify(open)
const closeFile = promisify(close)
const readInto = promisify(read)

const changedMeanwhile = (path: string): InvalidRequest =>
  InvalidRequest.of("from", `${path} has changed while it was copied: copy it again`)

/** What a small file holds: its size at most. */
const contentOf = async (source: string, size: number): Promise<Buffer> => {
  const bytes = Buffer.allocUnsafe(size)
  const descriptor = await openFile(source, "r")
  try {
    for (let at = 0; at < size; ) {
      const { bytesRead } = await readInto(descriptor, bytes, at, size - at, at)
      if (bytesRead === 0) throw changedMeanwhile(source)
      at += bytesRead
    }
  } finally {
    await closeFile(descriptor)
  }
  return bytes
}

/** Reads small files before their turn, in the order in which they are asked for. */
const readAhead = (entries: ReadonlyArray<Entry>, sourceOf: (path: string) => string) => {
  const files = entries.filter(({ type, size }) => type === "file" && size > 0 && size <= small)
  const under: Array<Promise<Buffer>> = []
  let next = 0
  return (): Promise<Buffer> => {
    while (under.length < ahead && next < files.length) {
      const file = files[next++]
      if (file === undefined) break
      const content = contentOf(sourceOf(file.path), file.size)
      // Where an earlier one fails, nobody waits for this one any more.
      content.catch(() => {})
      under.push(content)
    }
    return under.shift() ?? Promise.resolve(Buffer.alloc(0))
  }
}

/** The pieces of an archive, whatever their size. */
async function* pieces(entries: ReadonlyArray<Entry>, sourceOf: (path: string) => string): AsyncGenerator<Buffer> {
  const nextSmall = readAhead(entries, sourceOf)
  for (const entry of entries) {
    const { type, path, size } = entry
    yield headersOf(entry)
    if (type !== "file" || size === 0) continue
    if (size <= small) yield await nextSmall()
    else {
      let bytes = 0
      for await (const chunk of createReadStream(sourceOf(path), { end: size - 1, highWaterMark: chunkSize })) {
        bytes += chunk.length
        yield chunk
      }
      if (bytes < size) throw changedMeanwhile(sourceOf(path))
    }
    yield Buffer.alloc((record - (size % record)) % record)
  }
  yield Buffer.alloc(2 * record)
}

/**
 * A tar archive of entries, in chunks of 256 KiB. Owners are left out.
 *
 * - A file that is shorter than its entry says by now is `InvalidRequest`; of a longer one the begin is taken.
 */
export async function* pack(
  entries: ReadonlyArray<Entry>,
  sourceOf: (path: string) => string
): AsyncGenerator<Uint8Array> {
  let chunk = Buffer.allocUnsafe(chunkSize)
  let used = 0
  for await (const piece of pieces(entries, sourceOf)) {
    for (let at = 0; at < piece.length; ) {
      const taken = piece.copy(chunk, used, at)
      at += taken
      used += taken
      if (used < chunkSize) continue
      yield chunk
      chunk = Buffer.allocUnsafe(chunkSize)
      used = 0
    }
  }
  if (used > 0) yield chunk.subarray(0, used)
}
