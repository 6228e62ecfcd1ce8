import { globSync, readFileSync } from "node:fs"
import { join } from "node:path"

/** What a package says of itself, as far as publishing is concerned. */
export interface Manifest {
  readonly name: string
  /** Never published. */
  readonly private?: boolean
  readonly bin?: unknown
  readonly exports?: unknown
  readonly imports?: unknown
  readonly type?: unknown
  readonly sideEffects?: unknown
  readonly engines?: { readonly node?: string }
  readonly publishConfig?: { readonly access?: unknown; readonly provenance?: unknown }
}

export const manifestOf = (folder: string): Manifest => JSON.parse(readFileSync(join(folder, "package.json"), "utf8"))

/** The folders of the packages below `root` that are published. */
export const packageFolders = (root: string): ReadonlyArray<string> =>
  globSync("packages/*/package.json", { cwd: root })
    .sort()
    .map((path) => join(root, path, ".."))
    .filter((folder) => manifestOf(folder).private !== true)

/** A door of a package that users import, with its declarations. */
export interface PublicEntry {
  /** As users write it, such as `anygpu/report`. */
  readonly name: string
  readonly folder: string
  /** The path of its declarations, from the package's folder. */
  readonly types: string
}

/** Every entry of a package that has declarations. */
export const entriesOf = (folder: string): ReadonlyArray<PublicEntry> => {
  const { name, exports } = manifestOf(folder)
  if (typeof exports !== "object" || exports === null) return []
  return Object.entries(exports).flatMap(([door, target]: [string, unknown]) =>
    typeof target === "object" && target !== null && "types" in target && typeof target.types === "string"
      ? [{ name: `${name}${door.slice(1)}`, folder, types: target.types }]
      : []
  )
}

/** What a manifest lacks to be published. */
export const checkManifest = (folder: string): ReadonlyArray<string> => {
  const { name, type, sideEffects, engines, publishConfig } = manifestOf(folder)
  return [
    ...(type === "module" ? [] : ['"type": "module"']),
    ...(sideEffects === false ? [] : ['"sideEffects": false']),
    ...(engines?.node ? [] : ['"engines": { "node": ... }']),
    ...(publishConfig?.access === "public" && publishConfig.provenance === true
      ? []
      : ['"publishConfig": { "access": "public", "provenance": true }'])
  ].map((missing) => `${name} lacks ${missing} in its package.json`)
}
