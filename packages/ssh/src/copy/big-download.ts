import { createWriteStream } from "node:fs"
import { chmod, lstat, mkdir, readdir, realpath, rename, rm, stat, utimes } from "node:fs/promises"
import { dirname, join, posix, sep } from "node:path"
import { pipeline } from "node:stream/promises"
import { BadResponse, InvalidRequest, isGpuError, RemoteFailed } from "@anygpu/core"
import * as Effect from "effect/Effect"
import type { SshError } from "../failures.ts"
import type { Link } from "../link.ts"
import { attempt, exec, runScript } from "../process.ts"
import { quote } from "../shell/quote.ts"
import { enter } from "../shell/script.ts"
import { orLost, readAll } from "../streams.ts"
import { block, partNames, partOf, resumeAt, sumOf } from "./big-file.ts"
import type { Compressor } from "./compression.ts"
import { packing, unpacked } from "./download-compression.ts"
import type { Counter, Entry } from "./entry.ts"
import { copyFailed } from "./remote-tree.ts"

/** A file that is downloaded by itself. */
export interface BigDownload {
  readonly from: string | undefined
  readonly to: string
  readonly entry: Entry
  /** What the machine packs it with; null for nothing. */
  readonly compressor: Compressor | null
  readonly count: Counter["count"]
}

/** Makes the folders above a path, below a folder; throws `BadResponse` where a link there leads out of it. */
const makeParents = async (to: string, path: string): Promise<void> => {
  const root = await realpath(to)
  let folder = root
  for (const name of posix.dirname(path).split("/")) {
    folder = join(folder, name)
    const there = await lstat(folder).catch(() => null)
    if (there === null) await mkdir(folder)
    const real = await realpath(folder)
    if (real !== root && !real.startsWith(`${root}${sep}`)) {
      const message = `${path} would be written through a link that leads out of the folder. It was refused`
      throw new BadResponse({ message, retry: "permanent", path })
    }
  }
}

/** Removes the parts of what the file held before. */
const removeOthers = async (part: string, entry: Entry): Promise<void> => {
  const [start, name] = partNames(entry)
  const others = (await readdir(dirname(part))).filter((other) => other.startsWith(start) && other !== name)
  await Promise.all(others.map((other) => rm(join(dirname(part), other), { force: true })))
}

const changedMeanwhile = (path: string) =>
  new RemoteFailed({
    message: `${path} has changed on the machine while it was copied: copy it again`,
    ...{ retry: "temporary", code: null, signal: null, stderr: "" }
  })

/** Writes what the machine sends from a byte on at its place in the part. */
const receiveFrom = (link: Link, { from, entry, count, compressor }: BigDownload, part: string, start: number) =>
  Effect.scoped(
    Effect.gen(function* () {
      const read = `exec dd if=${quote(`./${entry.path}`)} bs=${block} skip=${start / block}`
      const [channel, { lost }] = yield* runScript(
        link,
        ["unset s", ...enter(from), packing(read, compressor)].join("\n")
      )
      yield* attempt(link, async () => {
        channel.stdin.end()
        const errors = readAll(channel.stderr)
        errors.catch(() => {})
        const file = createWriteStream(part, { flags: start === 0 ? "w" : "r+", start })
        const failure: unknown = await orLost(
          pipeline(count(unpacked(channel.stdout, compressor), start), file).catch((error) => error),
          lost
        )
        if (isGpuError(failure)) throw failure
        const exit = await channel.exit
        if (failure instanceof Error) throw InvalidRequest.of("to", `cannot be written: ${failure.message}`)
        if (exit.code !== 0) throw copyFailed("Reading", { ...exit, stderr: (await errors).toString("utf8") })
      })
    })
  )

/** Whether the part holds what the machine has; true also where it cannot tell. */
const isRight = (link: Link, { from, entry }: BigDownload, part: string): Effect.Effect<boolean, SshError> =>
  Effect.gen(function* () {
    const sum = `command -v sha256sum > /dev/null || exit 0\nsha256sum < ${quote(`./${entry.path}`)}`
    const [own, done] = yield* Effect.all([attempt(link, () => sumOf(part)), exec(link, sum, { cwd: from })], {
      concurrency: "unbounded"
    })
    return done.stdout === "" || done.stdout.startsWith(own)
  })

/** Fetches what is missing of a file, and makes it the file once it is whole. */
export const fetchBig = (link: Link, big: BigDownload): Effect.Effect<void, SshError> =>
  Effect.gen(function* () {
    const { to, entry } = big
    const part = join(to, partOf(entry))
    const there = yield* attempt(link, async () => {
      await makeParents(to, entry.path)
      await removeOthers(part, entry)
      return (await stat(part).catch(() => null))?.size
    })
    const start = resumeAt(there)
    yield* receiveFrom(link, big, part, start)
    const { size } = yield* attempt(link, () => stat(part))
    const isWhole = size === entry.size && (start === 0 || (yield* isRight(link, big, part)))
    if (!isWhole) {
      yield* attempt(link, () => rm(part, { force: true }))
      return yield* start === 0 ? Effect.fail(changedMeanwhile(entry.path)) : fetchBig(link, big)
    }
    yield* attempt(link, async () => {
      await chmod(part, entry.mode)
      await utimes(part, entry.changed, entry.changed)
      await rename(part, join(to, entry.path))
    })
  })
