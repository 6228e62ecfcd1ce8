import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join, relative, sep } from "node:path"
import { type Role, roles } from "./rules.ts"
import { type Import, importsOf, type Masked, mask } from "./scan.ts"

/** One source file of a package. */
export interface Source {
  /** From the root of the repository, with forward slashes. */
  readonly path: string
  /** It does not ship: `*.test.ts`, `*.test-support.ts`, and everything in a folder `testing`. */
  readonly isTest: boolean
  readonly text: string
  readonly masked: Masked
  readonly imports: ReadonlyArray<Import>
}

/** A target in `exports` or `imports` of a package.json: a file, or one per condition. */
export type Target = string | { readonly [condition: string]: Target }

/** The fields of a package.json that matter here. */
export interface Manifest {
  readonly name: string
  readonly exports?: Readonly<Record<string, Target>>
  readonly imports?: Readonly<Record<string, Target>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

/** One package with its sources. */
export interface Package {
  /** From the root of the repository: `packages/core`. */
  readonly folder: string
  readonly role: Role
  readonly manifest: Manifest
  readonly sources: ReadonlyArray<Source>
}

/** The repository as the rules see it. */
export interface Workspace {
  readonly root: string
  readonly manifest: Manifest
  readonly packages: ReadonlyArray<Package>
  /** The sources below `tools`, which are of no package. */
  readonly tools: ReadonlyArray<Source>
}

const skipped = new Set(["node_modules", "dist", "fixtures", "templates", ".turbo"])

const filesBelow = (folder: string): ReadonlyArray<string> =>
  readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return skipped.has(entry.name) ? [] : filesBelow(path)
      return /\.(ts|tsx|mts)$/.test(entry.name) && !entry.name.endsWith(".d.ts") ? [path] : []
    })

const manifestAt = (folder: string): Manifest => JSON.parse(readFileSync(join(folder, "package.json"), "utf8"))

const sourceAt = (root: string, file: string): Source => {
  const text = readFileSync(file, "utf8")
  const path = relative(root, file).split(sep).join("/")
  const masked = mask(text)
  const isTest = /\.test(-support)?\.tsx?$/.test(path) || path.includes("/testing/")
  return { path, isTest, text, masked, imports: importsOf(text, masked) }
}

/** Reads every package below `packages` with its `src` and its `page`, and the private ones, such as bench, with all they have. */
export const readWorkspace = (root: string): Workspace => {
  const isPackage = (folder: string) => existsSync(join(root, folder, "package.json"))
  const below = existsSync(join(root, "packages")) ? readdirSync(join(root, "packages")).sort() : []
  const libraries = below.map((name) => `packages/${name}`).filter(isPackage)
  const apps = ["examples", "bench", "runtimes"].filter(isPackage)
  const packages = [...libraries, ...apps].map((folder): Package => {
    const manifest = manifestAt(join(root, folder))
    const isApp = apps.includes(folder)
    const code = isApp ? [folder] : [`${folder}/src`, `${folder}/page`]
    const files = code.flatMap((part) => (existsSync(join(root, part)) ? filesBelow(join(root, part)) : []))
    const role = isApp ? "app" : (roles[manifest.name] ?? "adapter")
    return { folder, role, manifest, sources: files.map((file) => sourceAt(root, file)) }
  })
  const tools = existsSync(join(root, "tools")) ? filesBelow(join(root, "tools")) : []
  return { root, manifest: manifestAt(root), packages, tools: tools.map((file) => sourceAt(root, file)) }
}

/** `effect/Effect` is of `effect`, `@anygpu/core/adapter` of `@anygpu/core`; null for paths and Node's own modules. */
export const packageOf = (specifier: string): string | null => {
  if (/^([./#]|node:)/.test(specifier)) return null
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/")
}

/** Everything that a target may be, under any condition. */
export const targetsOf = (target: Target | undefined): ReadonlyArray<string> => {
  if (target === undefined) return []
  return typeof target === "string" ? [target] : Object.values(target).flatMap(targetsOf)
}

/** The source files behind a target: those under the condition `anygpu-source`. */
export const sourceFilesOf = (target: Target | undefined): ReadonlyArray<string> => {
  if (target === undefined || typeof target === "string") return []
  const source = target["anygpu-source"]
  if (typeof source === "string") return [source.replace(/^\.\//, "")]
  return Object.values(target).flatMap((inner) => sourceFilesOf(inner))
}
