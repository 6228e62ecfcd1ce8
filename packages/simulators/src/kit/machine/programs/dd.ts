import { type Opened, release, share } from "../descriptor.ts"
import { Errno } from "../errno.ts"
import type { Process } from "../process.ts"
import type { Program } from "../shell/spawn.ts"
import { complain, opened, openIn, readFrom, writeTo } from "../system.ts"

const units: Readonly<Record<string, number>> = {
  "": 1,
  c: 1,
  w: 2,
  b: 512,
  k: 1024,
  K: 1024,
  M: 1_048_576,
  G: 1_073_741_824,
  kB: 1000,
  MB: 1_000_000
}

const sizeIn = (text: string | undefined, otherwise: number): number => {
  const [, count, unit = ""] = /^(\d+)(\w*)$/.exec(text ?? "") ?? []
  return count === undefined ? otherwise : Number(count) * (units[unit] ?? 1)
}

/** A whole block, or what there is until the end. */
const blockOf = async (process: Process, from: Opened, size: number, isFull: boolean): Promise<Buffer | null> => {
  const first = await readFrom(process, from, size)
  if (first === null || !isFull) return first
  const parts = [first]
  let length = first.length
  while (length < size) {
    const more = await readFrom(process, from, size - length)
    if (more === null) break
    parts.push(more)
    length += more.length
  }
  return parts.length === 1 ? first : Buffer.concat(parts)
}

const skip = async (process: Process, from: Opened, bytes: number): Promise<void> => {
  if (bytes === 0 || from.seek(bytes)) return
  for (let left = bytes; left > 0; ) {
    const part = await readFrom(process, from, Math.min(left, 65_536))
    if (part === null) return
    left -= part.length
  }
}

/** `dd`: copies blocks, from and to a place in a file. */
export const dd: Program = async (process, argv) => {
  const given = new Map(
    argv.slice(1).map((word) => [word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1)] as const)
  )
  const conv = (given.get("conv") ?? "").split(",")
  const size = sizeIn(given.get("bs") ?? given.get("ibs"), 512)
  const count = given.has("count") ? sizeIn(given.get("count"), 0) : Number.POSITIVE_INFINITY
  const isFull = (given.get("iflag") ?? "").includes("fullblock") || size > 65_536
  const [input, output] = [given.get("if"), given.get("of")]
  try {
    const from = share(input === undefined ? opened(process, 0) : openIn(process, input))
    const to = share(
      output === undefined
        ? opened(process, 1)
        : openIn(process, output, { write: true, truncate: !conv.includes("notrunc") && !given.has("seek") })
    )
    await skip(process, from, sizeIn(given.get("skip"), 0) * size)
    if (given.has("seek")) to.seek(sizeIn(given.get("seek"), 0) * size)
    let [blocks, bytes] = [0, 0]
    for (; blocks < count; blocks++) {
      const block = await blockOf(process, from, size, isFull)
      if (block === null) break
      await writeTo(process, to, block)
      bytes += block.length
      if (blocks % 16 === 15) await new Promise<void>((done) => setImmediate(done))
    }
    release(from)
    release(to)
    if (given.get("status") !== "none")
      await complain(
        process,
        `${blocks}+0 records in\n${blocks}+0 records out\n${bytes} bytes copied, 0.001 s, ${Math.round(bytes / 1e6 / 0.001)} MB/s`
      )
    return 0
  } catch (error) {
    if (!(error instanceof Errno)) throw error
    await complain(process, `dd: ${error.message}`)
    return 1
  }
}
