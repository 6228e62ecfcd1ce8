import { existsSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { effectBarrelsInTests } from "./rules.ts"
import { lineAt } from "./scan.ts"
import type { Violation } from "./violation.ts"
import type { Package, Source, Workspace } from "./workspace.ts"

/** What the declarations of one module of effect say. */
interface Module {
  /** What is not stable, by exported name. */
  readonly unstable: ReadonlyMap<string, string>
  /** Some of what it exports is stable. */
  readonly anyStable: boolean
  /** For a barrel: the file of each module it exports by name. */
  readonly modules: ReadonlyMap<string, string>
}

const declaration =
  /@stability (\w+)(?:(?!\*\/)[\s\S])*\*\/\s*export (?:declare )?(?:abstract )?(?:const|let|function|interface|class|type|namespace|enum) ([\w$]+)|@stability (\w+)(?:(?!\*\/)[\s\S])*\*\/\s*(?:export \{\s*)?[\w$]+ as ([\w$]+)/g

/** Reads the `@stability` tags of a declaration file; a name with several declarations is stable when one is. */
const readModule = (file: string): Module => {
  const text = readFileSync(file, "utf8")
  const stable = new Set<string>()
  const unstable = new Map<string, string>()
  for (const [, tag, name, otherTag, otherName] of text.matchAll(declaration)) {
    const [stability, exported] = [tag ?? otherTag ?? "", name ?? otherName ?? ""]
    if (stability === "stable") stable.add(exported)
    else unstable.set(exported, stability)
  }
  for (const name of stable) unstable.delete(name)
  const barrel = [...text.matchAll(/export \* as (\w+) from "(\.[^"]+)\.(?:ts|js)"/g)]
  const modules = new Map(
    barrel.map(([, name = "", path = ""]) => [name, join(dirname(file), `${path}.d.ts`)] as const)
  )
  return { unstable, anyStable: stable.size > 0, modules }
}

const reader = () => {
  const cache = new Map<string, Module | null>()
  return (file: string): Module | null => {
    const known = cache.get(file)
    if (known !== undefined) return known
    const module = existsSync(file) ? readModule(file) : null
    cache.set(file, module)
    return module
  }
}

/** The members of a namespace that a file uses, each with the offset of its first use. */
const membersUsed = ({ masked }: Source, namespace: string): ReadonlyMap<string, number> => {
  const found = new Map<string, number>()
  for (const { index, 1: name = "" } of masked.bare.matchAll(new RegExp(`(?<![\\w.])${namespace}\\.(\\w+)`, "g"))) {
    if (!found.has(name)) found.set(name, index)
  }
  return found
}

const wholeBarrel = "import the module itself, such as effect/Effect: the barrel costs 200 ms at start"
const other = "use a stable module of effect, or keep this in a package at the edge"

/** Imports of effect: deep, and stable by the tags in its own declarations. */
export const checkEffect = ({ root, packages }: Workspace): ReadonlyArray<Violation> => {
  const read = reader()

  const checkModule = (source: Source, file: string, name: string, used: ReadonlyMap<string, number>): Violation[] => {
    const module = read(file)
    if (module === null) return []
    const at = (offset: number) => ({ file: source.path, line: lineAt(source.text, offset) })
    if (!module.anyStable) {
      const offset = Math.min(...used.values())
      return [{ ...at(Number.isFinite(offset) ? offset : 0), rule: `${name} is not stable in effect`, advice: other }]
    }
    return [...used].flatMap(([member, offset]) => {
      const stability = module.unstable.get(member)
      return stability === undefined
        ? []
        : [{ ...at(offset), rule: `${name}.${member} is ${stability} in effect`, advice: other }]
    })
  }

  const checkSource = (owner: Package, source: Source): ReadonlyArray<Violation> =>
    source.imports.flatMap(({ specifier, line, namespace, names }) => {
      const here = { file: source.path, line }
      if (specifier !== "effect" && !specifier.startsWith("effect/")) return []
      if (specifier === "effect") return [{ ...here, rule: "no barrel import of effect", advice: wholeBarrel }]
      const folder = join(root, owner.folder, "node_modules/effect/dist")
      if (!existsSync(folder)) return []
      const path = join(folder, specifier.slice("effect/".length))
      const barrel = read(join(path, "index.d.ts"))
      if (barrel) {
        if (!source.isTest || !effectBarrelsInTests.includes(specifier)) {
          return [{ ...here, rule: "no barrel import of effect", advice: wholeBarrel }]
        }
        return names.flatMap((name) => {
          const used = membersUsed(source, name)
          return checkModule(source, barrel.modules.get(name) ?? "", name, used)
        })
      }
      const file = `${path}.d.ts`
      if (!existsSync(file)) return [{ ...here, rule: `${specifier} does not exist`, advice: other }]
      const offset = source.text.indexOf(specifier)
      const used = namespace ? membersUsed(source, namespace) : new Map(names.map((name) => [name, offset] as const))
      return checkModule(
        source,
        file,
        specifier.slice("effect/".length),
        used.size > 0 ? used : new Map([["", offset]])
      )
    })

  return packages
    .filter(({ role }) => role !== "cli" && role !== "app")
    .flatMap((owner) => owner.sources.flatMap((source) => checkSource(owner, source)))
}
