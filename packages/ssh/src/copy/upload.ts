import { stat } from "node:fs/promises"
import { basename, dirname, join } from "node:path"
import { InvalidRequest } from "@anygpu/core"
import * as Effect from "effect/Effect"
import type { SshError } from "../failures.ts"
import { persistently } from "../jobs/verb.ts"
import type { Link } from "../link.ts"
import { exec } from "../process.ts"
import { quotePath } from "../shell/quote.ts"
import { isBig, partOf } from "./big-file.ts"
import { sendBig } from "./big-upload.ts"
import { type Compressor, compressorFor, packed, unpacking } from "./compression.ts"
import { type CopyOptions, type Counter, type Entry, isSame, makeCounter, type Transferred } from "./entry.ts"
import { entryAt, type LocalTree, localTree } from "./local-tree.ts"
import { pack } from "./pack.ts"
import { copyFailed, remoteTree } from "./remote-tree.ts"

/** How something is copied to the machine. */
export interface UploadOptions extends CopyOptions {
  /** Whether `.gitignore` and `.anygpuignore` are heeded, and `.git` is left out; so it is where nothing is said. */
  readonly ignore?: boolean | undefined
  /** What a single file is called there; its own name where it is left out. A folder takes none. */
  readonly as?: string | undefined
}

/** What is copied into which folder of the machine, and where an entry is here. */
interface Plan extends LocalTree {
  readonly target: string
  readonly sourceOf: (path: string) => string
}

/** The name of a single file there, which is a name and no path. */
const nameOf = (from: string, as: string | undefined): string => {
  if (as === undefined) return basename(from)
  if (/^[^/\\\0]+$/.test(as) && as !== "." && as !== "..") return as
  throw InvalidRequest.of("as", "is no name of a file")
}

const planOf = async (from: string, to: string, { ignore = true, as }: UploadOptions): Promise<Plan> => {
  const stats = await stat(from).catch(() => null)
  if (stats === null) throw InvalidRequest.of("from", `${from} is not there, or cannot be read`)
  if (stats.isDirectory()) {
    if (as !== undefined) throw InvalidRequest.of("as", "names a single file, and this is a folder")
    const sourceOf = (path: string) => join(from, path)
    return { target: to, sourceOf, ...(await localTree(from, { ignoring: ignore })) }
  }
  const entry = await entryAt(dirname(from), basename(from))
  if (!entry || !stats.isFile()) throw InvalidRequest.of("from", `${from} is neither a file nor a folder`)
  return { target: to, sourceOf: () => from, entries: [{ ...entry, path: nameOf(from, as) }], skipped: [] }
}

/** Takes the links away that the machine has where a folder is to be: busybox's `tar` writes to where they lead. */
const removingLinks = (target: string, small: ReadonlyArray<Entry>, there: ReadonlyMap<string, Entry>): string =>
  small
    .filter(({ path, type }) => type === "directory" && there.get(path)?.type === "link")
    .map(({ path }) => `rm -f ${quotePath(`${target}/${path}`)} || exit 1\n`)
    .join("")

/** Sends folders, links and files that are not big as one archive. */
const sendSmall = (
  link: Link,
  plan: Plan,
  small: ReadonlyArray<Entry>,
  there: ReadonlyMap<string, Entry>,
  { compressor, count }: Counter & { readonly compressor: Compressor | null }
) =>
  Effect.gen(function* () {
    const folder = quotePath(plan.target)
    const unpack = unpacking(`tar -xpof - -C ${folder}`, compressor)
    const before = `mkdir -p ${folder} || exit 1\n${removingLinks(plan.target, small, there)}`
    const unpacked = yield* exec(link, `${before}${unpack}`, {
      stdin: packed(count(pack(small, plan.sourceOf)), compressor)
    })
    if (unpacked.code !== 0) return yield* copyFailed("Unpacking", unpacked)
  })

/** Sends what the machine has not, once. */
const send = (link: Link, to: string, planned: Effect.Effect<Plan, SshError>, { onProgress }: UploadOptions) =>
  Effect.gen(function* () {
    const [plan, listed] = yield* Effect.all([planned, remoteTree(link, to)], { concurrency: "unbounded" })
    const { target, entries, skipped, sourceOf } = plan
    const there = new Map(listed.entries.map((entry) => [entry.path, entry]))
    const wanted = entries.filter((entry) => !isSame(entry, there.get(entry.path)))
    const files = wanted.filter(({ type }) => type !== "directory")
    const bytes = files.reduce((sum, { size }) => sum + size, 0)
    const result: Transferred = {
      files: files.length,
      bytes,
      unchanged:
        entries.filter(({ type }) => type === "file").length - files.filter(({ type }) => type === "file").length,
      skipped
    }
    if (wanted.length === 0) return result
    const compressor = yield* compressorFor(link, files, sourceOf)
    const { count } = makeCounter({ totalBytes: bytes, totalFiles: files.length }, onProgress)
    const [big, small] = [wanted.filter(isBig), wanted.filter((entry) => !isBig(entry))]
    if (small.length > 0) yield* sendSmall(link, plan, small, there, { compressor, count })
    for (const entry of big) {
      yield* sendBig(link, {
        target,
        entry,
        source: sourceOf(entry.path),
        there: there.get(partOf(entry))?.size,
        compressor,
        count
      })
    }
    return result
  })

/**
 * Copies a file, or what a folder holds, into a folder of the machine.
 *
 * - Only what is not the same there is sent: another size, permissions, or second of change. Nothing there is removed.
 * - Permissions, times and links are kept; a link that leads out of the folder is left out, and listed.
 * - A link of the machine that stands where a folder is to be gives way to that folder: nothing is written where it leads.
 * - After a lost connection it goes on with what is still missing. Fails with `RemoteFailed`, such as for a full disk.
 */
export const upload = (
  link: Link,
  from: string,
  to: string,
  options: UploadOptions = {}
): Effect.Effect<Transferred, SshError> =>
  Effect.gen(function* () {
    const planned = yield* Effect.cached(
      Effect.tryPromise({
        try: () => planOf(from, to, options),
        catch: (error) => (error instanceof InvalidRequest ? error : InvalidRequest.of("from", String(error)))
      })
    )
    return yield* persistently(link, send(link, to, planned, options))
  })
