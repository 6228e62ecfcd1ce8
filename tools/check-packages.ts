import { spawnSync } from "node:child_process"
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, posix, resolve, sep } from "node:path"
import { checkApi } from "./packages/api-reports.ts"
import { checkManifest, manifestOf, packageFolders } from "./packages/manifest.ts"
import { noticesFile } from "./packages/notices.ts"
import { checkScripts } from "./packages/scripts.ts"
import { checkResolution, packAll } from "./packages/tarballs.ts"

/*
 * What each package publishes: its sources, what was built from exactly those, and its papers; whether its entries
 * resolve wherever ES modules do; and whether its public signatures are those that are written down. With `--prune`, what
 * earlier builds left in `dist` is removed first.
 */

/** Sources that are not published. */
const isForTests = (path: string): boolean => /\.(test|test-support)\.|\/(testing|fixtures)\//.test(path)

const filesIn = (folder: string, pattern: string): ReadonlyArray<string> =>
  globSync(pattern, { cwd: folder, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .split(sep)
        .join("/")
    )

/** Every file that `exports` and `imports` name, under any condition. */
const targetsOf = (entry: unknown): ReadonlyArray<string> => {
  if (typeof entry === "string") return entry.startsWith("./") ? [entry.slice(2)] : []
  return typeof entry === "object" && entry !== null ? Object.values(entry).flatMap(targetsOf) : []
}

const doorsOf = (folder: string): ReadonlyArray<string> => {
  const { exports, imports } = manifestOf(folder)
  return [...new Set([...targetsOf(exports), ...targetsOf(imports)])]
}

/** The commands: bundled, and published without maps. */
const commandsOf = (folder: string): ReadonlyArray<string> => targetsOf(manifestOf(folder).bin)

/** Of these files those that are JavaScript, and every file they load. */
const loadedBy = (folder: string, first: ReadonlyArray<string>): ReadonlySet<string> => {
  const seen = new Set<string>()
  const visit = (path: string): void => {
    if (seen.has(path)) return
    seen.add(path)
    if (!existsSync(join(folder, path))) return
    const text = readFileSync(join(folder, path), "utf8")
    for (const [, from = ""] of text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*["'](\.[^"'\n]+)["']/g)) {
      const target = posix.join(posix.dirname(path), from)
      if (target.endsWith(".js")) visit(target)
    }
  }
  for (const path of first) if (path.endsWith(".js")) visit(path)
  return seen
}

const scriptsOf = (folder: string): ReadonlySet<string> => loadedBy(folder, doorsOf(folder))

const declarationsOf = (source: string): ReadonlyArray<string> => {
  const declaration = source.replace(/^src\//, "dist/").replace(/\.ts$/, ".d.ts")
  return [declaration, `${declaration}.map`]
}

const withMaps = (scripts: ReadonlySet<string>): ReadonlyArray<string> =>
  [...scripts].flatMap((js) => [js, `${js}.map`])

/** Where the licences of what is bundled into a command stand. */
const noticesOf = (folder: string): ReadonlyArray<string> =>
  commandsOf(folder).map((path) => posix.join(posix.dirname(path), noticesFile))

/** Whether each package with a command ships the licences of what others wrote in it. */
export const checkNotices = (root: string): ReadonlyArray<string> =>
  packageFolders(root).flatMap((folder) =>
    noticesOf(folder)
      .filter((path) => !existsSync(join(folder, path)))
      .map((path) => `${manifestOf(folder).name} lacks ${path}, with the licences of what is bundled`)
  )

/** Where a page stands that a package serves: one index, and what it names. */
const pageFolders = ["dist/page", "bin/page"]

/** The files of such pages, those that are packed too; what an index does not name is of an earlier build. */
const pagesOf = (folder: string): ReadonlyArray<string> =>
  pageFolders.flatMap((page) => {
    const index = posix.join(page, "index.html")
    if (!existsSync(join(folder, index))) return []
    const html = readFileSync(join(folder, index), "utf8")
    const named = [...html.matchAll(/(?:src|href)="[./]*(assets\/[^"]+)"/g)].map(([, path = ""]) =>
      posix.join(page, path)
    )
    const files = [index, ...named]
    return [...files, ...files.map((path) => `${path}.gz`).filter((path) => existsSync(join(folder, path)))]
  })

/** Exactly the files that a package publishes. */
const wantedOf = (folder: string): ReadonlySet<string> => {
  const sources = filesIn(folder, "src/**/*").filter((path) => !isForTests(path))
  return new Set([
    ...["package.json", "README.md", "LICENSE"],
    ...sources,
    ...sources.filter((path) => path.endsWith(".ts")).flatMap(declarationsOf),
    ...doorsOf(folder),
    ...withMaps(scriptsOf(folder)),
    ...loadedBy(folder, commandsOf(folder)),
    ...pagesOf(folder),
    ...noticesOf(folder).filter((path) => existsSync(join(folder, path)))
  ])
}

/**
 * What `npm pack` would put into the tarball of each package, by the package's name; asks no registry and runs no script.
 *
 * - npm is started once for all of them: a start takes a second.
 */
export const packedFiles = (folders: ReadonlyArray<string>): ReadonlyMap<string, ReadonlyArray<string>> => {
  if (folders.length === 0) return new Map()
  const args = ["pack", "--dry-run", "--json", "--ignore-scripts", "--offline", "--no-update-notifier", ...folders]
  const { status, stdout, stderr, error } = spawnSync("npm", args, {
    cwd: folders[0],
    encoding: "utf8",
    maxBuffer: 2 ** 26,
    shell: process.platform === "win32"
  })
  if (status !== 0) throw new Error(`npm pack failed in ${folders.join(", ")}: ${error?.message ?? stderr}`)
  // A list of packages, or an object by their names: npm has both.
  const packs: Readonly<Record<string, { readonly name: string; readonly files: ReadonlyArray<{ path: string }> }>> =
    JSON.parse(stdout)
  return new Map(Object.values(packs).map(({ name, files }) => [name, files.map(({ path }) => path)]))
}

/** What is wrong with the tarballs of packages. */
const checkTarballs = (folders: ReadonlyArray<string>): ReadonlyArray<string> => {
  const packs = packedFiles(folders)
  return folders.flatMap((folder) => {
    const { name } = manifestOf(folder)
    const packed = new Set(packs.get(name))
    const wanted = wantedOf(folder)
    return [
      ...[...packed].filter((path) => !wanted.has(path)).map((path) => `${name} publishes ${path}`),
      ...[...wanted].filter((path) => !packed.has(path)).map((path) => `${name} lacks ${path}`)
    ].sort()
  })
}

/** Whether each package carries the license of the repository. */
export const checkLicenses = (root: string): ReadonlyArray<string> => {
  const license = readFileSync(join(root, "LICENSE"), "utf8")
  return packageFolders(root)
    .filter((folder) => {
      const copy = join(folder, "LICENSE")
      return !existsSync(copy) || readFileSync(copy, "utf8") !== license
    })
    .map((folder) => `${manifestOf(folder).name} has not the LICENSE of the repository: copy it`)
}

/** Everything that is wrong with what the packages below `root` would publish; needs their builds and declarations. */
export const checkPackages = (root: string): ReadonlyArray<string> => [
  ...checkLicenses(root),
  ...checkTarballs(packageFolders(root))
]

/** Removes from each `dist` what no source is behind and no entry loads, and returns what that was. */
export const prune = (root: string): ReadonlyArray<string> =>
  packageFolders(root).flatMap((folder) => {
    const sources = filesIn(folder, "src/**/*.ts").flatMap(declarationsOf)
    const kept = new Set([...sources, ...withMaps(scriptsOf(folder)), ...pagesOf(folder)])
    const stale = filesIn(folder, "dist/**/*").filter((path) => !kept.has(path) && !path.endsWith(".tsbuildinfo"))
    for (const path of stale) rmSync(join(folder, path))
    return stale
  })

/** What is wrong with the tarballs themselves. */
const checkPacked = async (root: string): Promise<ReadonlyArray<string>> => {
  const destination = mkdtempSync(join(tmpdir(), "tarballs-"))
  try {
    return await checkResolution(packAll(root, destination))
  } finally {
    rmSync(destination, { recursive: true })
  }
}

if (import.meta.main) {
  const root = resolve(`${import.meta.dirname}/..`)
  const pruned = process.argv.includes("--prune") ? prune(root).length : 0
  const files = checkPackages(root)
  for (const line of files) console.log(line)
  if (files.length > 0) console.log("Is everything built? `pnpm turbo run build` and `pnpm types`")
  const others = [
    ...checkNotices(root),
    ...checkScripts(root),
    ...packageFolders(root).flatMap(checkManifest),
    ...(await checkPacked(root)),
    ...checkApi(root)
  ]
  for (const line of others) console.log(line)
  const wrong = files.length + others.length
  const count = packageFolders(root).length
  console.log(
    wrong > 0
      ? `packages: ${wrong} things are wrong`
      : `packages: ${count}, each publishes what it should${pruned > 0 ? ` (${pruned} stale files removed)` : ""}`
  )
  process.exitCode = wrong > 0 ? 1 : 0
}
