import { randomBytes } from "node:crypto"
import { open } from "node:fs/promises"
import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import { promisify } from "node:util"
import { constants, createGzip, createZstdCompress, gzip } from "node:zlib"
import { monotonicMillis } from "@anygpu/core"
import * as Effect from "effect/Effect"
import type { SshError } from "../failures.ts"
import type { Link } from "../link.ts"
import { attempt, exec } from "../process.ts"
import type { Entry } from "./entry.ts"

/** A program of the machine that undoes what is done here. */
export type Compressor = "zstd" | "gzip"

/** What is sent of less is not worth the questions, in bytes. */
const worth = 16 * 1024 * 1024

/** A way that takes this much or more is as fast as what packs, in bytes per second. */
const fast = 24 * 1024 * 1024

/**
 * What is sent to see how fast the way is: random, so that nothing on it is quicker than it will be. The second one is sent
 * where the first seems fast, which a busy computer may make of any way.
 */
const probes = [512 * 1024, 4 * 1024 * 1024]

/** What of what is packed has to be left for it to pay. */
export const pays = 0.85

const millisOf = (work: Effect.Effect<unknown, SshError>): Effect.Effect<number, SshError> =>
  Effect.gen(function* () {
    const began = yield* monotonicMillis
    yield* work
    return (yield* monotonicMillis) - began
  })

/** Sends so many bytes to the machine, or fetches them. */
export type Probe = (link: Link, size: number) => Effect.Effect<unknown, SshError>

const sending: Probe = (link, size) => exec(link, "wc -c", { stdin: randomBytes(size) })

/** How often a command that is given nothing is timed: the quickest counts, since a busy computer makes any of them slow. */
const idleTimes = 3

/** Whether the way of a probe is fast, by what it takes beyond one of nothing. */
export const isFast = (link: Link, probe: Probe): Effect.Effect<boolean, SshError> =>
  Effect.gen(function* () {
    let idle = Number.POSITIVE_INFINITY
    for (let time = 0; time < idleTimes; time++) idle = Math.min(idle, yield* millisOf(probe(link, 0)))
    for (const size of probes) {
      const whole = yield* millisOf(probe(link, size))
      if ((size * 1000) / Math.max(1, whole - idle) < fast) return false
    }
    return true
  })

/** Whether so little is copied that packing is not worth the questions. */
export const isLittle = (files: ReadonlyArray<Entry>): boolean => files.reduce((sum, { size }) => sum + size, 0) < worth

/** The biggest files, which stand for all of them. */
export const biggestOf = (files: ReadonlyArray<Entry>): ReadonlyArray<Entry> =>
  files.toSorted((a, b) => b.size - a.size).slice(0, 8)

/** Which program the machine has. */
export const compressorOf = (link: Link): Effect.Effect<Compressor | null, SshError> =>
  Effect.map(
    exec(link, "command -v zstd > /dev/null && echo zstd; command -v gzip > /dev/null && echo gzip"),
    ({ stdout }) => (stdout.startsWith("zstd") ? "zstd" : stdout.startsWith("gzip") ? "gzip" : null)
  )

/** How much of the middle of a file is packed to see what it comes to. */
export const sampled = 64 * 1024

/** What the middle of a file holds. */
const sampleOf = async (source: string, size: number): Promise<Uint8Array> => {
  const file = await open(source, "r")
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(sampled), 0, sampled, Math.max(0, (size - sampled) >> 1))
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

/** To which part of it the biggest files are packed. */
const packedShare = async (files: ReadonlyArray<Entry>, sourceOf: (path: string) => string): Promise<number> => {
  const sample = Buffer.concat(
    await Promise.all(biggestOf(files).map(({ path, size }) => sampleOf(sourceOf(path), size)))
  )
  return (await promisify(gzip)(sample, { level: 1 })).length / Math.max(1, sample.length)
}

/**
 * What the files are packed with on their way; null where it does not pay: little is sent, the way is fast, the files are
 * packed already, or the machine has neither program.
 */
export const compressorFor = (
  link: Link,
  files: ReadonlyArray<Entry>,
  sourceOf: (path: string) => string
): Effect.Effect<Compressor | null, SshError> =>
  Effect.gen(function* () {
    if (isLittle(files) || (yield* isFast(link, sending))) return null
    // Sending a file that cannot be read any more reports it.
    const share = yield* attempt(link, () => packedShare(files, sourceOf).catch(() => 1))
    return share > pays ? null : yield* compressorOf(link)
  })

const packerOf = (compressor: Compressor) =>
  compressor === "zstd"
    ? createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: 3 } })
    : createGzip({ level: 3 })

/** Chunks in memory of their own: a pipe holds several of them. */
async function* copies(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) yield Buffer.from(chunk)
}

/** Bytes as they are sent. What they fail with, reading them fails with. */
export const packed = (chunks: AsyncIterable<Uint8Array>, compressor: Compressor | null): AsyncIterable<Uint8Array> => {
  if (compressor === null) return chunks
  const packer = packerOf(compressor)
  pipeline(Readable.from(copies(chunks), { objectMode: true }), packer).catch(() => {})
  return packer
}

/**
 * A command of the machine that reads what was sent as it was.
 *
 * - It fails also where what undoes the packing does: a pipe of `sh` tells of its last command alone.
 */
export const unpacking = (command: string, compressor: Compressor | null): string =>
  compressor === null
    ? command
    : `codes=$({ { ${compressor} -dc; echo "$?" >&3; } | { { ${command}; } >&2 3>&-; echo "$?" >&3; }; } 3>&1); set -- $codes; [ "$1$2" = 00 ]`
