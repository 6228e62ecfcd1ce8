import { mkdir, readdir } from "node:fs/promises"
import { join, posix } from "node:path"
import { pipeline } from "node:stream/promises"
import { BadResponse, InvalidRequest, isGpuError } from "@anygpu/core"
import * as Effect from "effect/Effect"
import { unpackTar } from "modern-tar/fs"
import picomatch from "picomatch"
import { asSshError, type SshError } from "../failures.ts"
import { persistently } from "../jobs/verb.ts"
import type { Link } from "../link.ts"
import { attempt, runScript } from "../process.ts"
import { quote } from "../shell/quote.ts"
import { enter } from "../shell/script.ts"
import { orLost, pour, readAll } from "../streams.ts"
import { fetchBig } from "./big-download.ts"
import { isBig, isPart } from "./big-file.ts"
import type { Compressor } from "./compression.ts"
import { downloadCompressorFor, packing, unpacked } from "./download-compression.ts"
import {
  type CopyOptions,
  type Counter,
  type Entry,
  isSame,
  makeCounter,
  outwardLinks,
  type Transferred
} from "./entry.ts"
import { isInside, leadsInside } from "./inside.ts"
import { entryAt } from "./local-tree.ts"
import { copyFailed, remoteTree } from "./remote-tree.ts"

/** How something is copied from the machine. */
export interface DownloadOptions extends CopyOptions {
  /** The folder on the machine that the patterns begin in; the home folder where it is left out. */
  readonly from?: string | undefined
}

/** What of the machine's files is meant by patterns; a folder means all that is in it. */
const matcherOf = (globs: ReadonlyArray<string>) => {
  for (const glob of globs) {
    if (!isInside(glob))
      throw InvalidRequest.of("globs", `${glob} does not stay below the folder: begin in another one with \`from\``)
  }
  const folders = globs.map((glob) => picomatch.scan(glob).base.replace(/\/+$/, "") || ".")
  const patterns = globs.flatMap((glob) => [glob, `${glob.replace(/\/+$/, "")}/**`])
  return { folders: [...new Set(folders)], matches: picomatch(patterns, { dot: true }) }
}

/** An archive that holds what nobody asked for, or leads out of the folder: not one byte more is taken of it. */
const hostile = (path: string, what: string) =>
  new BadResponse({ message: `The archive of the machine ${what}: ${path}. It was refused`, retry: "permanent", path })

/** The check of each entry of an archive, before it is written. */
const checkOf = (asked: ReadonlySet<string>) => {
  const folders = new Set([...asked].flatMap((path) => parentsOf(path)))
  return ({
    name,
    type = "file",
    linkname = ""
  }: {
    readonly name: string
    readonly type?: string
    readonly linkname?: string
  }): boolean => {
    const path = name.replace(/^(\.\/)+/, "").replace(/\/+$/, "")
    if (path === "" && type === "directory") return false
    if (!isInside(path)) throw hostile(name, "leads out of the folder")
    if (!asked.has(path) && !(type === "directory" && folders.has(path)))
      throw hostile(name, "holds what nobody asked for")
    if (type === "symlink" && !leadsInside(path, linkname))
      throw hostile(name, "has a link that leads out of the folder")
    if (type === "link" && !asked.has(linkname.replace(/^(\.\/)+/, "")))
      throw hostile(name, "has a link to what nobody asked for")
    if (!["file", "directory", "symlink", "link"].includes(type)) throw hostile(name, `has a ${type}`)
    return true
  }
}

const parentsOf = (path: string): ReadonlyArray<string> => {
  const parent = posix.dirname(path)
  return parent === "." ? [] : [parent, ...parentsOf(parent)]
}

/** What the script of a download ends with where the machine's `tar` reads no list of files, as some builds of busybox. */
const takesNoList = 93

/** So many characters of names are put into one command: the least that any Linux takes is 128 KiB. */
const longestCommand = 64 * 1024

const byList = [
  `tar -cf /dev/null -T /dev/null 2> /dev/null || exit ${takesNoList}`,
  "exec tar -cf - -T /dev/stdin"
].join("\n")

const byArguments = (files: ReadonlyArray<Entry>): string =>
  `exec tar -cf - ${files.map(({ path }) => quote(`./${path}`)).join(" ")}`

/** Where files are fetched from and to. */
interface Fetch {
  readonly from: string | undefined
  readonly to: string
  readonly compressor: Compressor | null
  readonly count: Counter["count"]
}

/** Unpacks what a script writes; an archive that ends in the middle is no archive. False where its `tar` takes no list. */
const receive = (link: Link, fetch: Fetch, files: ReadonlyArray<Entry>, pack: string, list: string) =>
  Effect.scoped(
    Effect.gen(function* () {
      const { from, to, count, compressor } = fetch
      const script = ["unset s", ...enter(from), packing(pack, compressor)].join("\n")
      const [channel, { lost }] = yield* runScript(link, script)
      const unpack = unpackTar(to, { strict: true, filter: checkOf(new Set(files.map(({ path }) => path))) })
      return yield* attempt(link, async () => {
        const errors = readAll(channel.stderr)
        errors.catch(() => {})
        const listed = pour(list, channel.stdin, lost)
        listed.catch(() => {})
        const written = pipeline(count(unpacked(channel.stdout, compressor)), unpack).catch((error) => error)
        const failure: unknown = await orLost(written, lost)
        if (isGpuError(failure)) throw failure
        const exit = await channel.exit
        if (exit.code === takesNoList) return false
        const stderr = (await orLost(errors, lost)).toString("utf8")
        if (exit.code !== 0) throw copyFailed("Packing", { ...exit, stderr })
        if (failure instanceof Error) throw unpackFailed(failure)
        return true
      })
    })
  )

/** Files in groups whose names fit into one command. */
const groupsOf = (files: ReadonlyArray<Entry>): ReadonlyArray<ReadonlyArray<Entry>> => {
  const groups: Entry[][] = []
  let room = 0
  for (const file of files) {
    const length = quote(`./${file.path}`).length * 4
    if (room < length) {
      groups.push([])
      room = longestCommand
    }
    room -= length
    groups.at(-1)?.push(file)
  }
  return groups
}

/** Fetches files as one archive; as several where the machine's `tar` takes their names as arguments alone. */
const receiveAll = (link: Link, fetch: Fetch, files: ReadonlyArray<Entry>) =>
  Effect.gen(function* () {
    const list = files.map(({ path }) => `./${path}\n`).join("")
    if (yield* receive(link, fetch, files, byList, list)) return
    for (const group of groupsOf(files)) yield* receive(link, fetch, group, byArguments(group), "")
  })

const unpackFailed = (error: Error): SshError =>
  "code" in error
    ? InvalidRequest.of("to", `cannot be written: ${error.message}`)
    : new BadResponse({
        message: `The archive of the machine was refused: ${error.message}`,
        retry: "permanent",
        path: "archive",
        cause: error
      })

const oddName = "its name has a backslash, a NUL or a drive, or leads out of the folder"
const brokenName = "its name has a line break"

/** What this computer has of the machine's files. Only what its folder lists is looked at: a failed look takes long. */
const localOf = async (to: string, paths: ReadonlyArray<string>): Promise<ReadonlyArray<Entry | null>> => {
  const folders = [...new Set(paths.map((path) => posix.dirname(path)))]
  const listed = await Promise.all(folders.map((folder) => readdir(join(to, folder)).catch(() => [])))
  const there = new Set(
    folders.flatMap((folder, index) => (listed[index] ?? []).map((name) => posix.join(folder, name)))
  )
  const look = (path: string) => (there.has(posix.normalize(path)) ? entryAt(to, path).catch(() => null) : null)
  return Promise.all(paths.map(look))
}

const fetchOnce = (link: Link, globs: ReadonlyArray<string>, to: string, options: DownloadOptions) =>
  Effect.gen(function* () {
    const { folders, matches } = yield* Effect.try({
      try: () => matcherOf(globs),
      catch: (error) => asSshError(link.address(), error)
    })
    const tree = yield* remoteTree(link, options.from ?? "~", folders)
    const meant = tree.entries.filter(({ path, type }) => type !== "directory" && matches(path) && !isPart(path))
    const all = meant.filter(({ path }) => isInside(path))
    const outward = all.filter(({ path, target }) => target !== null && !leadsInside(path, target))
    const kept = all.filter((entry) => !outward.includes(entry))
    const here = yield* Effect.promise(() =>
      localOf(
        to,
        kept.map(({ path }) => path)
      )
    )
    const wanted = kept.filter((entry, index) => !isSame(entry, here[index] ?? undefined))
    yield* Effect.tryPromise({
      try: () => mkdir(to, { recursive: true }),
      catch: (error) => InvalidRequest.of("to", `cannot be made: ${error}`)
    })
    const bytes = wanted.reduce((sum, { size }) => sum + size, 0)
    const { count } = makeCounter({ totalFiles: wanted.length, totalBytes: bytes }, options.onProgress)
    const small = wanted.filter((entry) => !isBig(entry))
    const compressor = yield* downloadCompressorFor(link, wanted, options.from)
    const fetch: Fetch = { from: options.from, to, count, compressor }
    if (small.length > 0) yield* receiveAll(link, fetch, small)
    for (const entry of wanted.filter(isBig)) yield* fetchBig(link, { ...fetch, entry })
    const result: Transferred = {
      files: wanted.length,
      bytes,
      unchanged: kept.length - wanted.length,
      skipped: [
        ...outwardLinks(outward),
        ...meant.filter(({ path }) => !isInside(path)).map(({ path }) => ({ path, reason: oddName })),
        ...tree.unlisted.filter((path) => matches(path)).map((path) => ({ path, reason: brokenName }))
      ]
    }
    return result
  })

/**
 * Copies what patterns mean from the machine into a folder here: `out/**`, `*.pt`, a file, a folder.
 *
 * - Only what is not the same here is fetched. Permissions, times and links are kept.
 * - Left out and listed: a link that leads out of the folder, and a name with a line break or a backslash.
 * - Nothing is written outside of the folder: an archive that leads out, or
 *   holds what nobody asked for, is refused with `BadResponse`.
 * - After a lost connection it goes on with what is still missing.
 */
export const download = (
  link: Link,
  globs: string | ReadonlyArray<string>,
  to: string,
  options: DownloadOptions = {}
): Effect.Effect<Transferred, SshError> =>
  persistently(link, fetchOnce(link, typeof globs === "string" ? [globs] : globs, to, options))
