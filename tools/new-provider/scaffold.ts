import { cpSync, existsSync, globSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs"
import { join } from "node:path"

const templates = join(import.meta.dirname, "templates")

/** The kinds of machine that a package can begin with, and what its cloud calls them. */
export const kinds = { vm: "vms", container: "containers", baremetal: "baremetals" } as const

/** What is to be made. */
export interface Plan {
  /** As refs have it: `acme` in `acme/vm/42`. */
  readonly name: string
  readonly kind: keyof typeof kinds
  /** The folder of the new package, which must not be there yet. */
  readonly folder: string
  /** A package of this repository, or one by itself. */
  readonly place: "workspace" | "standalone"
}

const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** What is wrong with the name of a provider; null when nothing is. */
export const nameProblem = (name: string): string | null =>
  /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) ? null : `"${name}" is no name: small letters and digits, joined by -`

/** The templates name their cloud `newcloud`, `newCloud`, `NewCloud` and `NEWCLOUD`, and their kind `vm`. */
const namedAfter = ({ name, kind }: Plan, text: string): string => {
  const [first = "", ...others] = name.split("-")
  const camel = first + others.map(upperFirst).join("")
  return text
    .replaceAll("newcloud", name)
    .replaceAll("NEWCLOUD", name.toUpperCase().replaceAll("-", "_"))
    .replaceAll("newCloud", camel)
    .replaceAll("NewCloud", upperFirst(camel))
    .replaceAll('"vm"', `"${kind}"`)
    .replaceAll(/\bvms\b/g, kinds[kind])
}

/** Writes the package; answers its files. Throws when the folder is there already. */
export const scaffold = (
  plan: Plan,
  { license, version }: { readonly license: string; readonly version: string }
): ReadonlyArray<string> => {
  const { folder, place } = plan
  if (existsSync(folder) && readdirSync(folder).length > 0) throw new Error(`${folder} is there already`)
  mkdirSync(folder, { recursive: true })
  cpSync(join(templates, "src"), join(folder, "src"), { recursive: true })
  cpSync(join(templates, place), folder, { recursive: true })
  if (place === "standalone") renameSync(join(folder, "gitignore"), join(folder, ".gitignore"))
  writeFileSync(join(folder, "LICENSE"), license)
  const files = globSync("**/*", { cwd: folder, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
  for (const file of files) {
    const text = namedAfter(plan, readFileSync(file, "utf8"))
    writeFileSync(file, text.replaceAll("ANYGPU_VERSION", version))
  }
  return files
}

const insert = (file: string, before: string, line: string): void => {
  const text = readFileSync(file, "utf8")
  if (text.includes(line.trim())) return
  if (!text.includes(before)) throw new Error(`${file} has no line ${before.trim()}: add ${line.trim()} by hand`)
  writeFileSync(file, text.replace(before, `${line}\n${before}`))
}

/**
 * Makes a package known to the repository: to what checks it, to the package that lists the clouds, and to the benches.
 *
 * - The line in that list stays to be written, once the adapter is finished.
 */
export const register = (root: string, name: string): void => {
  insert(join(root, "tsconfig.json"), '    { "path": "packages/sdk" },', `    { "path": "packages/${name}" },`)
  insert(join(root, "turbo.json"), '        "anygpu#build"\n', `        "@anygpu/${name}#build",`)
  const clouds = join(root, "packages/clouds")
  insert(join(clouds, "tsconfig.json"), '    { "path": "../core" },', `    { "path": "../${name}" },`)
  insert(
    join(clouds, "package.json"),
    '    "@anygpu/simulators": "workspace:*",',
    `    "@anygpu/${name}": "workspace:*",`
  )
  const bench = join(root, "bench")
  insert(join(bench, "tsconfig.json"), '    { "path": "../packages/core" },', `    { "path": "../packages/${name}" },`)
  insert(
    join(bench, "package.json"),
    '    "@anygpu/simulators": "workspace:*",',
    `    "@anygpu/${name}": "workspace:*",`
  )
}
