import { lineAt } from "./scan.ts"
import type { Violation } from "./violation.ts"
import type { Source, Workspace } from "./workspace.ts"

/** The folders that are a cloud's own, by its name. */
const cloudFolders: ReadonlyArray<string> = [
  "packages/NAME/",
  "packages/simulators/src/NAME/",
  "bench/clouds/NAME/",
  "tools/clouds/NAME/"
]

/** What may name clouds besides: the lists of them, and programs as people write them. */
const cloudLists: ReadonlyArray<string> = [
  "packages/clouds/",
  "packages/simulators/src/index.ts",
  "packages/simulators/src/list.ts",
  "examples/"
]

const listFile = "packages/clouds/src/list.ts"

/** The names in the list of clouds: `export { cloud as acme } from "@anygpu/acme/cloud"`. */
const namesIn = ({ packages }: Workspace): ReadonlyArray<string> => {
  const list = packages.flatMap(({ sources }) => sources).find(({ path }) => path === listFile)
  return Array.from(list?.masked.code.matchAll(/\bcloud as (\w+)/g) ?? [], ([, name = ""]) => name)
}

/** Where a source names a cloud: in a string that is its name, in an import, or in code. */
const placesIn = ({ masked, text, imports }: Source, name: string): ReadonlyArray<number> => {
  const strings = [...masked.code.matchAll(new RegExp(`(["'\`])${name}\\1`, "g"))]
  const words = [...masked.bare.matchAll(new RegExp(`(?<![\\w$])${name}(?![\\w$])`, "g"))]
  const lines = [
    ...[...strings, ...words].map(({ index }) => lineAt(text, index)),
    ...imports.filter(({ specifier }) => specifier.split("/").includes(name)).map(({ line }) => line)
  ]
  return [...new Set(lines)].sort((a, b) => a - b)
}

/**
 * No code names a cloud but the cloud's own, the lists, tests and examples: everything else goes over the list.
 *
 * - What a comment or a longer text says is not looked at: `vast/container/123` is an example of a ref.
 */
export const checkCloudNames = (workspace: Workspace): ReadonlyArray<Violation> => {
  const sources = [...workspace.packages.flatMap((owner) => owner.sources), ...workspace.tools]
  const shared = sources.filter(({ path, isTest }) => !isTest && !cloudLists.some((list) => path.startsWith(list)))
  return namesIn(workspace).flatMap((name) => {
    const own = cloudFolders.map((folder) => folder.replace("NAME", name))
    return shared
      .filter(({ path }) => !own.some((folder) => path.startsWith(folder)))
      .flatMap((source) =>
        placesIn(source, name).map((line) => ({
          ...{ file: source.path, line },
          rule: `no code about ${name} outside its own folders`,
          advice: `go over the list of clouds, and put what is ${name}'s own below ${own.join(", ")}`
        }))
      )
  })
}
