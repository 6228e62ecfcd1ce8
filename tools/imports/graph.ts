import { posix } from "node:path"
import { type Entry, entries } from "./rules.ts"
import type { Violation } from "./violation.ts"
import { type Package, type Source, sourceFilesOf, type Target, type Workspace } from "./workspace.ts"

const matches = (specifier: string, forbidden: string): boolean =>
  forbidden.endsWith(":")
    ? specifier.startsWith(forbidden)
    : specifier === forbidden || specifier.startsWith(`${forbidden}/`)

/** What a target is where there is no Node. */
const withoutNode = (target: Target | undefined): Target | undefined =>
  typeof target === "object" ? Object.fromEntries(Object.entries(target).filter(([name]) => name !== "node")) : target

/** Walks everything that runs when an entry is imported, across our own packages. */
const walk = (workspace: Workspace, entry: Entry): ReadonlyArray<Violation> => {
  const start = workspace.packages.find(({ manifest }) => manifest.name === entry.package)
  if (!start) return []
  const target = start.manifest.exports?.[entry.export]
  const [first] = sourceFilesOf(target)
  if (first === undefined) return []
  const violations: Violation[] = []
  const seen = new Set<string>()

  const follow = (owner: Package, path: string, trail: ReadonlyArray<string>): void => {
    const source = owner.sources.find((candidate) => candidate.path === path)
    if (!source || seen.has(path)) return
    seen.add(path)
    for (const { specifier, line, erased } of source.imports) {
      if (erased) continue
      if (entry.never.some((forbidden) => matches(specifier, forbidden))) {
        const way = [...trail, path].map((file) => file.replace(`${start.folder}/`, "")).join(" > ")
        const rule = `${entry.package}${entry.export.slice(1)} must not reach ${specifier}`
        violations.push({ file: path, line, rule, advice: `${entry.advice} (${way})` })
        continue
      }
      for (const next of nextOf(owner, source, specifier)) follow(next.owner, next.path, [...trail, path])
    }
  }

  const nextOf = (owner: Package, source: Source, specifier: string) => {
    if (specifier.startsWith(".")) {
      return [{ owner, path: posix.join(posix.dirname(source.path), specifier) }]
    }
    if (specifier.startsWith("#")) {
      const target = owner.manifest.imports?.[specifier]
      const files = sourceFilesOf(entry.gates.includes(specifier) ? withoutNode(target) : target)
      return files.map((file) => ({ owner, path: `${owner.folder}/${file}` }))
    }
    return workspace.packages.flatMap((other) => {
      const { name, exports = {} } = other.manifest
      if (specifier !== name && !specifier.startsWith(`${name}/`)) return []
      const files = sourceFilesOf(exports[`.${specifier.slice(name.length)}`])
      return files.map((file) => ({ owner: other, path: `${other.folder}/${file}` }))
    })
  }

  follow(start, `${start.folder}/${first}`, [])
  return violations
}

/** What the entries reach that they must not. */
export const checkGraphs = (workspace: Workspace): ReadonlyArray<Violation> =>
  entries.flatMap((entry) => walk(workspace, entry))
