import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import { createGunzip, createZstdDecompress } from "node:zlib"
import * as Effect from "effect/Effect"
import type { SshError } from "../failures.ts"
import type { Link } from "../link.ts"
import { exec } from "../process.ts"
import { quote } from "../shell/quote.ts"
import { biggestOf, type Compressor, compressorOf, isFast, isLittle, type Probe, pays, sampled } from "./compression.ts"
import type { Entry } from "./entry.ts"

const fetching: Probe = (link, size) => exec(link, `head -c ${size} /dev/urandom`)

/** What packs on the machine. What it reads and writes are its streams. */
const packers = { zstd: "zstd -q -3 -c", gzip: "gzip -c" } as const

/** To which part the machine packs the middle of its biggest files; all where it cannot tell. */
const packedShare = (
  link: Link,
  files: ReadonlyArray<Entry>,
  from: string | undefined,
  compressor: Compressor
): Effect.Effect<number, SshError> =>
  Effect.gen(function* () {
    const blocks = biggestOf(files).map(({ path, size }) => {
      const middle = Math.floor(Math.max(0, size - sampled) / 2 / sampled)
      return `dd if=${quote(`./${path}`)} bs=${sampled} skip=${middle} count=1 2> /dev/null`
    })
    const sample = `{ ${blocks.join("; ")}; }`
    const { stdout } = yield* exec(link, `${sample} | wc -c; ${sample} | ${packers[compressor]} | wc -c`, { cwd: from })
    const [whole = 0, packed = whole] = stdout.trim().split(/\s+/).map(Number)
    return whole > 0 ? packed / whole : 1
  })

/** What the machine packs files with on their way here; null where it does not pay, by the rule of uploads. */
export const downloadCompressorFor = (
  link: Link,
  files: ReadonlyArray<Entry>,
  from: string | undefined
): Effect.Effect<Compressor | null, SshError> =>
  Effect.gen(function* () {
    if (isLittle(files) || (yield* isFast(link, fetching))) return null
    const compressor = yield* compressorOf(link)
    if (compressor === null) return null
    return (yield* packedShare(link, files, from, compressor)) > pays ? null : compressor
  })

/**
 * A script whose output is packed; it ends with the script's code, or with that of what packs.
 *
 * - A pipe of `sh` has the code of its last command alone: both write theirs beside it.
 */
export const packing = (script: string, compressor: Compressor | null): string =>
  compressor === null
    ? script
    : `exec 4>&1
codes=$({ { (
${script}
) 3>&- 4>&-; echo "s$?" >&3; } | { ${packers[compressor]} >&4 3>&- 4>&-; echo "p$?" >&3; }; } 3>&1)
s=1 p=1
for c in $codes; do case $c in s*) s=\${c#s} ;; p*) p=\${c#p} ;; esac; done
[ "$s" = 0 ] || exit "$s"
exit "$p"`

/** Bytes as they were before they were packed; what is cut or is no packing fails. */
export const unpacked = (
  chunks: AsyncIterable<Uint8Array>,
  compressor: Compressor | null
): AsyncIterable<Uint8Array> => {
  if (compressor === null) return chunks
  const stream = compressor === "zstd" ? createZstdDecompress() : createGunzip()
  pipeline(Readable.from(chunks, { objectMode: true }), stream).catch(() => {})
  return (async function* () {
    try {
      yield* stream as AsyncIterable<Uint8Array>
    } catch (cause) {
      // Without the code of what unpacks: one with a code is taken for an error of this computer's disk.
      throw new Error(`what was packed there cannot be unpacked: ${cause}`, { cause })
    }
  })()
}
