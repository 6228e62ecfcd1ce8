import type { Stats } from "node:fs"
import { lstat, readdir, readFile, readlink } from "node:fs/promises"
import { join } from "node:path"
import ignore, { type Ignore } from "ignore"
import { isPart } from "./big-file.ts"
import { type Entry, outwardLinks, type Skipped } from "./entry.ts"
import { leadsInside } from "./inside.ts"

/** What a local folder has that is copied, in the order in which it is unpacked. */
export interface LocalTree {
  readonly entries: ReadonlyArray<Entry>
  readonly skipped: ReadonlyArray<Skipped>
}

/** The rules of one folder, for paths below it. */
interface Rules {
  readonly folder: string
  readonly rules: Ignore
}

const ruleFiles = [".gitignore", ".anygpuignore"]

const isMissing = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === "ENOENT"

/** The rules that a folder has, those of `.anygpuignore` last, so that they may take back what `.gitignore` says. */
const rulesOf = async (root: string, folder: string): Promise<Rules | null> => {
  const texts = await Promise.all(
    ruleFiles.map((file) =>
      readFile(join(root, folder, file), "utf8").catch((error: unknown) => {
        if (isMissing(error)) return ""
        throw error
      })
    )
  )
  const text = texts.join("\n")
  return text.trim() === "" ? null : { folder, rules: ignore({ ignorecase: false }).add(text) }
}

/** Whether the rules say to leave a path out: those of the nearest folder that say anything win, as git has it. */
const isIgnored = (path: string, isFolder: boolean, all: ReadonlyArray<Rules>): boolean => {
  for (const { folder, rules } of [...all].reverse()) {
    const below = folder === "" ? path : path.slice(folder.length + 1)
    const { ignored, unignored } = rules.test(isFolder ? `${below}/` : below)
    if (ignored) return true
    if (unignored) return false
  }
  return false
}

const typeOf = (stats: Stats): Entry["type"] | null =>
  stats.isFile() ? "file" : stats.isDirectory() ? "directory" : stats.isSymbolicLink() ? "link" : null

/** One thing of a folder as an entry; null for what cannot be copied. */
export const entryAt = async (root: string, path: string): Promise<Entry | null> => {
  const full = join(root, path)
  const stats = await lstat(full)
  const type = typeOf(stats)
  if (type === null) return null
  return {
    path,
    type,
    size: type === "file" ? stats.size : 0,
    changed: Math.floor(stats.mtimeMs / 1000),
    mode: stats.mode & 0o7777,
    target: type === "link" ? (await readlink(full)).replaceAll("\\", "/") : null
  }
}

/**
 * What a folder has, without what its `.gitignore` and `.anygpuignore` leave out, in any of its folders, and without `.git`.
 *
 * - A folder that is left out is not looked into: nothing below it can be taken back, as git has it.
 * - Links that lead out of the folder are skipped, and so are sockets and the like.
 */
export const localTree = async (root: string, { ignoring }: { readonly ignoring: boolean }): Promise<LocalTree> => {
  const entries: Entry[] = []
  const skipped: Skipped[] = []
  const visit = async (folder: string, above: ReadonlyArray<Rules>): Promise<void> => {
    const own = ignoring ? await rulesOf(root, folder) : null
    const all = own ? [...above, own] : above
    const names = (await readdir(join(root, folder))).sort()
    const found = await Promise.all(names.map((name) => entryAt(root, folder === "" ? name : `${folder}/${name}`)))
    for (const [index, entry] of found.entries()) {
      const path = folder === "" ? (names[index] ?? "") : `${folder}/${names[index]}`
      if ((ignoring && names[index] === ".git") || isPart(path)) continue
      if (isIgnored(path, entry?.type === "directory", all)) continue
      if (entry === null) skipped.push({ path, reason: "it is neither a file, a folder nor a link" })
      else if (entry.target !== null && !leadsInside(path, entry.target)) skipped.push(...outwardLinks([entry]))
      else entries.push(entry)
      if (entry?.type === "directory") await visit(path, all)
    }
  }
  await visit("", [])
  return { entries, skipped }
}
