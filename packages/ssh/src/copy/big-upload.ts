import { open } from "node:fs/promises"
import { posix } from "node:path"
import { InvalidRequest } from "@anygpu/core"
import * as Effect from "effect/Effect"
import type { SshError } from "../failures.ts"
import type { Link } from "../link.ts"
import { attempt, exec } from "../process.ts"
import { quote, quotePath } from "../shell/quote.ts"
import { pieceSize } from "../streams.ts"
import { block, partNames, partOf, resumeAt, sumOf } from "./big-file.ts"
import { type Compressor, packed, unpacking } from "./compression.ts"
import type { Entry } from "./entry.ts"
import { copyFailed } from "./remote-tree.ts"

/**
 * The bytes of a file from one on, up to the size that it had; fewer where it has shrunk.
 *
 * - All chunks are in the same memory: each is to be handed on before the next is asked for.
 */
async function* readFrom(source: string, from: number, size: number): AsyncGenerator<Uint8Array> {
  const memory = Buffer.allocUnsafe(pieceSize)
  const file = await open(source, "r")
  try {
    for (let at = from; at < size; ) {
      let bytes = 0
      while (bytes < pieceSize && at < size) {
        const { bytesRead } = await file.read(memory, bytes, Math.min(pieceSize - bytes, size - at), at)
        if (bytesRead === 0) break
        bytes += bytesRead
        at += bytesRead
      }
      if (bytes === 0) return
      yield memory.subarray(0, bytes)
    }
  } finally {
    await file.close()
  }
}

/** A moment as `touch -t` takes it, in UTC. */
const stampOf = (seconds: number): string => {
  const [, year, month, day, hour, minute, second] =
    /^(\d+)-(\d+)-(\d+)T(\d+):(\d+):(\d+)/.exec(new Date(seconds * 1000).toISOString()) ?? []
  return `${year}${month}${day}${hour}${minute}.${second}`
}

/** What the script of an upload ends with where the bytes that came are not those of the file. */
const codes = { size: 91, sum: 92 } as const

/**
 * Writes what comes at its place in the part, and makes it the file once it is whole.
 *
 * - A writer of a dead connection may still be at work on the part: it writes the same bytes at the same places.
 * - Parts of what the file held before are removed.
 * - Another upload of the same file may have finished first: then the file is there, and the part is not.
 */
const uploadScript = ({ target, entry, compressor }: BigUpload, from: number, sum: string | null): string => {
  const [start] = partNames(entry)
  const part = quote(`./${partOf(entry)}`)
  const file = quote(`./${entry.path}`)
  const others = `${quote(`./${posix.join(posix.dirname(entry.path), start)}`)}*`
  return [
    `mkdir -p ${quotePath(target)} && cd ${quotePath(target)} || exit 1`,
    `for f in ${others}; do [ "$f" = ${part} ] || rm -f "$f"; done`,
    `${unpacking(`dd of=${part} bs=${block} seek=${from / block} conv=notrunc`, compressor)} || exit 1`,
    `[ "$(wc -c < ${part})" -eq ${entry.size} ] || exit ${codes.size}`,
    ...(sum === null
      ? []
      : [
          `if command -v sha256sum > /dev/null; then [ "$(sha256sum < ${part} | cut -c 1-64)" = ${sum} ] || { rm -f ${part}; exit ${codes.sum}; }; fi`
        ]),
    `chmod ${entry.mode.toString(8)} ${part} && TZ=UTC0 touch -t ${stampOf(entry.changed)} ${part} || exit 1`,
    `mv -f ${part} ${file} || { [ ! -e ${part} ] && [ "$(wc -c < ${file})" -eq ${entry.size} ]; }`
  ].join("\n")
}

/** A file that is uploaded by itself. */
export interface BigUpload {
  readonly target: string
  readonly entry: Entry
  /** Where it is here. */
  readonly source: string
  /** How many bytes of it are on the machine already. */
  readonly there: number | undefined
  readonly compressor: Compressor | null
  /** Hears of its bytes as they pass. */
  readonly count: (chunks: AsyncIterable<Uint8Array>, from: number) => AsyncIterable<Uint8Array>
}

/** Sends what is missing of a file. One that goes on in its middle is compared with its sum, where the machine can compute it. */
export const sendBig = (link: Link, big: BigUpload): Effect.Effect<void, SshError> =>
  Effect.gen(function* () {
    const { entry, source, count } = big
    const from = resumeAt(big.there)
    const sum = from === 0 ? null : yield* attempt(link, () => sumOf(source))
    const done = yield* exec(link, uploadScript(big, from, sum), {
      stdin: packed(count(readFrom(source, from, entry.size), from), big.compressor)
    })
    if (done.code === 0) return
    if (done.code === codes.sum) return yield* sendBig(link, { ...big, there: 0 })
    if (done.code === codes.size) {
      return yield* InvalidRequest.of("from", `${source} has changed while it was copied: copy it again`)
    }
    return yield* copyFailed("Writing", done)
  })
