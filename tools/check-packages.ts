import { spawnSync } from "node:child_process"
import { existsSync, globSync, readFileSync, rmSync } from "node:fs"
import { join, posix, resolve, sep } from "node:path"

/*
 * What each package publishes: its sources, what was built from exactly those, and its papers. With `--prune`, what
 * earlier builds left in `dist` is removed first.
 */

interface Manifest {
  readonly name: string
  /** Never published. */
  readonly private?: boolean
  readonly bin?: unknown
  readonly exports?: unknown
  readonly imports?: unknown
}

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

const manifestOf = (folder: string): Manifest => JSON.parse(readFileSync(join(folder, "package.json"), "utf8"))

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

/** Exactly the files that a package publishes. */
const wantedOf = (folder: string): ReadonlySet<string> => {
  const sources = filesIn(folder, "src/**/*").filter((path) => !isForTests(path))
  return new Set([
    ...["package.json", "README.md", "LICENSE"],
    ...sources,
    ...sources.filter((path) => path.endsWith(".ts")).flatMap(declarationsOf),
    ...doorsOf(folder),
    ...withMaps(scriptsOf(folder)),
    ...loadedBy(folder, commandsOf(folder))
  ])
}

/** What `npm pack` would put into the tarball; asks no registry and runs no script. */
export const packedFiles = (folder: string): ReadonlyArray<string> => {
  const args = ["pack", "--dry-run", "--json", "--ignore-scripts", "--offline", "--no-update-notifier"]
  const { status, stdout, stderr, error } = spawnSync("npm", args, {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 2 ** 26,
    shell: process.platform === "win32"
  })
  if (status !== 0) throw new Error(`npm pack failed in ${folder}: ${error?.message ?? stderr}`)
  // A list of packages, or an object by their names: npm has both.
  const packs: Readonly<Record<string, { readonly files: ReadonlyArray<{ readonly path: string }> }>> =
    JSON.parse(stdout)
  return Object.values(packs).flatMap(({ files }) => files.map(({ path }) => path))
}

/** The folders of the packages below `root` that are published. */
export const packageFolders = (root: string): ReadonlyArray<string> =>
  globSync("packages/*/package.json", { cwd: root })
    .sort()
    .map((path) => join(root, path, ".."))
    .filter((folder) => manifestOf(folder).private !== true)

/** What is wrong with the tarball of a package. */
const checkTarball = (folder: string): ReadonlyArray<string> => {
  const { name } = manifestOf(folder)
  const packed = new Set(packedFiles(folder))
  const wanted = wantedOf(folder)
  return [
    ...[...packed].filter((path) => !wanted.has(path)).map((path) => `${name} publishes ${path}`),
    ...[...wanted].filter((path) => !packed.has(path)).map((path) => `${name} lacks ${path}`)
  ].sort()
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
  ...packageFolders(root).flatMap(checkTarball)
]

/** Removes from each `dist` what no source is behind and no entry loads, and tells what that was. */
export const prune = (root: string): ReadonlyArray<string> =>
  packageFolders(root).flatMap((folder) => {
    const sources = filesIn(folder, "src/**/*.ts").flatMap(declarationsOf)
    const kept = new Set([...sources, ...withMaps(scriptsOf(folder))])
    const stale = filesIn(folder, "dist/**/*").filter((path) => !kept.has(path) && !path.endsWith(".tsbuildinfo"))
    for (const path of stale) rmSync(join(folder, path))
    return stale
  })

if (import.meta.main) {
  const root = resolve(`${import.meta.dirname}/..`)
  const pruned = process.argv.includes("--prune") ? prune(root).length : 0
  const wrong = checkPackages(root)
  for (const line of wrong) console.log(line)
  const count = packageFolders(root).length
  console.log(
    wrong.length > 0
      ? `${wrong.length} files are wrong: are they built? \`pnpm turbo run build\` and \`pnpm types\``
      : `packages: ${count}, each publishes what it should${pruned > 0 ? ` (${pruned} stale files removed)` : ""}`
  )
  process.exitCode = wrong.length > 0 ? 1 : 0
}
