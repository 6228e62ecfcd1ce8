import { cp, mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises"
import { join } from "node:path"
import { type GpuError, InvalidRequest } from "@anygpu/core"
import * as Effect from "effect/Effect"
import { localTree } from "../copy/local-tree.ts"

/** Where snapshots of a checkpoint are kept: the last two of them. */
export interface Snapshots {
  /** The folder of the latest whole one; null without one. */
  readonly latest: (store: string) => Effect.Effect<string | null, GpuError>
  /** A folder for the next one, with what the latest one has. */
  readonly begin: (store: string) => Effect.Effect<string, GpuError>
  /** Makes it the latest one, with these files and no others, and forgets all but the last two. Answers its folder. */
  readonly keep: (
    store: string,
    folder: string,
    at: number,
    paths: ReadonlyArray<string>
  ) => Effect.Effect<string, GpuError>
  /** Throws one away that was begun. */
  readonly drop: (folder: string) => Effect.Effect<void>
}

const kept = 2
const unfinished = "unfinished-"
/** An unfinished one that is so old, in milliseconds, is nobody's any more. */
const staleAfter = 3_600_000

const inFiles = <A>(store: string, work: () => Promise<A>): Effect.Effect<A, GpuError> =>
  Effect.tryPromise({
    try: work,
    catch: (error) =>
      InvalidRequest.of(
        "checkpoint.store",
        `${store} cannot be used: ${error instanceof Error ? error.message : error}`
      )
  })

/** The names of the whole ones, the oldest first: they are named by their moment, all of one length. */
const namesIn = async (store: string): Promise<ReadonlyArray<string>> => {
  const names = await readdir(store).catch(() => [])
  return names.filter((name) => /^snapshot-\d{15}$/.test(name)).sort()
}

/** Removes what processes left that were killed. */
const tidy = async (store: string): Promise<void> => {
  for (const name of await readdir(store)) {
    if (!name.startsWith(unfinished)) continue
    const stats = await stat(join(store, name)).catch(() => null)
    if (stats && Date.now() - stats.mtimeMs > staleAfter) await rm(join(store, name), { recursive: true, force: true })
  }
}

/** Removes what the machine does not have any more. */
const prune = async (folder: string, paths: ReadonlySet<string>): Promise<void> => {
  const { entries } = await localTree(folder, { ignoring: false })
  for (const { path, type } of entries) {
    if (type !== "directory" && !paths.has(path)) await rm(join(folder, path), { force: true })
  }
}

/**
 * Snapshots in folders of this computer.
 *
 * - One becomes the latest by a rename, whole: a process that is killed leaves an unfinished folder, of which nothing is
 *   ever put onto a machine.
 */
export const fileSnapshots: Snapshots = {
  latest: (store) =>
    inFiles(store, async () => {
      const last = (await namesIn(store)).at(-1)
      return last === undefined ? null : join(store, last)
    }),
  begin: (store) =>
    inFiles(store, async () => {
      await mkdir(store, { recursive: true })
      await tidy(store)
      const last = (await namesIn(store)).at(-1)
      const folder = await mkdtemp(join(store, unfinished))
      const how = { recursive: true, preserveTimestamps: true, verbatimSymlinks: true }
      if (last !== undefined) await cp(join(store, last), folder, how)
      return folder
    }),
  keep: (store, folder, at, paths) =>
    inFiles(store, async () => {
      await prune(folder, new Set(paths))
      const name = `snapshot-${String(Math.max(0, at)).padStart(15, "0")}`
      await rm(join(store, name), { recursive: true, force: true })
      await rename(folder, join(store, name))
      const old = (await namesIn(store)).slice(0, -kept)
      for (const one of old) await rm(join(store, one), { recursive: true, force: true })
      return join(store, name)
    }),
  drop: (folder) => Effect.ignore(inFiles(folder, () => rm(folder, { recursive: true, force: true })))
}
