/** One entry of an archive. */
export interface TarEntry {
  readonly name: string
  /** The flag of the format: `0` a file, `5` a folder, `2` a symbolic link, `1` a hard link. */
  readonly type: string
  readonly mode: number
  /** Seconds since the epoch. */
  readonly changed: number
  readonly target: string
  readonly size: number
}

const blockSize = 512

const octal = (value: number, length: number): string =>
  `${Math.max(0, Math.floor(value))
    .toString(8)
    .padStart(length - 1, "0")}\0`

const padding = (size: number): Buffer => Buffer.alloc((blockSize - (size % blockSize)) % blockSize)

const rawHeader = ({ name, type, mode, changed, target, size }: TarEntry): Buffer => {
  const block = Buffer.alloc(blockSize)
  block.write(name.slice(-100), 0, "utf8")
  block.write(octal(mode, 8), 100)
  block.write(octal(0, 8) + octal(0, 8), 108)
  block.write(octal(size, 12), 124)
  block.write(octal(changed, 12), 136)
  block.write("        ", 148)
  block.write(type, 156)
  block.write(target.slice(0, 100), 157, "utf8")
  block.write("ustar\u000000root", 257, "latin1")
  block.write("root", 297)
  block.write(
    `${block
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, "0")}\0 `,
    148
  )
  return block
}

/** A header, after a longer name or target where they do not fit into it, as GNU tar writes them. */
export const tarHeader = (entry: TarEntry): Buffer => {
  const long = (text: string, type: string): Buffer => {
    const bytes = Buffer.from(`${text}\0`)
    if (bytes.length <= 100) return Buffer.alloc(0)
    const header = rawHeader({ ...entry, name: "././@LongLink", type, target: "", size: bytes.length })
    return Buffer.concat([header, bytes, padding(bytes.length)])
  }
  return Buffer.concat([long(entry.target, "K"), long(entry.name, "L"), rawHeader(entry)])
}

/** What follows the bytes of a file. */
export const tarPadding = padding

/** What ends an archive. */
export const tarEnd: Buffer = Buffer.alloc(blockSize * 2)

const textAt = (block: Buffer, from: number, length: number): string => {
  const part = block.subarray(from, from + length)
  const end = part.indexOf(0)
  return part.subarray(0, end < 0 ? length : end).toString("utf8")
}

const numberAt = (block: Buffer, from: number, length: number): number => {
  // A number too large for its digits has its first bit set, and the bytes are the number.
  if (((block[from] ?? 0) & 0x80) !== 0) return block.readUIntBE(from + length - 6, 6)
  return Number.parseInt(textAt(block, from, length).trim() || "0", 8)
}

/** The records of an extended header: `length key=value`. */
const recordsIn = (bytes: Buffer): Readonly<Record<string, string>> => {
  const records: Record<string, string> = {}
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(32, at)
    const length = Number(bytes.toString("latin1", at, space))
    if (space < 0 || !(length > 0)) break
    const record = bytes.toString("utf8", space + 1, at + length - 1)
    records[record.slice(0, record.indexOf("="))] = record.slice(record.indexOf("=") + 1)
    at += length
  }
  return records
}

/** Reads exactly so many bytes; fewer where the input ends. */
export type ReadBytes = (length: number) => Promise<Buffer>

const blocksFor = (size: number): number => Math.ceil(size / blockSize) * blockSize

/** An archive that ends in the middle, or another text. */
export class NoArchive extends Error {}

/** Reads the entries of an archive; `body` reads what belongs to one, and has to be called for each. */
export async function* tarEntries(
  read: ReadBytes
): AsyncGenerator<{ readonly entry: TarEntry; readonly body: () => Promise<Buffer> }> {
  let records: Readonly<Record<string, string>> = {}
  for (;;) {
    const block = await read(blockSize)
    if (block.length === 0 || block.every((byte) => byte === 0)) return
    if (block.length < blockSize) throw new NoArchive("Unexpected EOF in archive")
    if (textAt(block, 257, 5) !== "ustar") throw new NoArchive("This does not look like a tar archive")
    const type = textAt(block, 156, 1) || "0"
    const size = numberAt(block, 124, 12)
    if (/[xgLK]/.test(type)) {
      const bytes = (await read(blocksFor(size))).subarray(0, size)
      if (type === "x") records = { ...records, ...recordsIn(bytes) }
      if (type === "L") records = { ...records, path: textAt(bytes, 0, size) }
      if (type === "K") records = { ...records, linkpath: textAt(bytes, 0, size) }
      continue
    }
    const prefix = textAt(block, 345, 155)
    const name = records.path ?? `${prefix === "" ? "" : `${prefix}/`}${textAt(block, 0, 100)}`
    const real = Number(records.size ?? size)
    const entry: TarEntry = {
      ...{ name, type, mode: numberAt(block, 100, 8), size: real },
      changed: Number(records.mtime ?? numberAt(block, 136, 12)),
      target: records.linkpath ?? textAt(block, 157, 100)
    }
    records = {}
    const body = async () => {
      const bytes = await read(blocksFor(real))
      if (bytes.length < real) throw new NoArchive("Unexpected EOF in archive")
      return bytes.subarray(0, real)
    }
    yield { entry, body }
  }
}
