import { isBuiltin } from "node:module"
import { posix } from "node:path"
import { directions, longFiles, mostLines, readByTheList, words } from "./rules.ts"
import { type Import, lineAt } from "./scan.ts"
import type { Violation } from "./violation.ts"
import { type Package, packageOf, type Source, targetsOf, type Workspace } from "./workspace.ts"

const nameOf = ({ manifest }: Package): string => manifest.name

/** Who may import whom, and through which door. */
export const checkDirections = ({ packages }: Workspace): ReadonlyArray<Violation> => {
  const check = (owner: Package, source: Source, { specifier, line }: Import): ReadonlyArray<Violation> => {
    const at = { file: source.path, line }
    const { ours, oursInTests, never, advice } = directions[owner.role]
    if (specifier.startsWith(".")) {
      const target = posix.join(posix.dirname(source.path), specifier)
      if (target.startsWith(`${owner.folder}/`)) return []
      if (owner.role === "clouds" && source.isTest && posix.basename(target) === readByTheList) return []
      return [{ ...at, rule: "no relative path out of the package", advice: "import the other package by its name" }]
    }
    const imported = packageOf(specifier)
    if (imported !== null && never.includes(imported)) {
      return [{ ...at, rule: `${nameOf(owner)} must not import ${imported}`, advice }]
    }
    const other = packages.find((candidate) => nameOf(candidate) === imported)
    if (!other) return []
    if (other === owner) {
      return [{ ...at, rule: "no import of the package by its own name", advice: "use a relative path" }]
    }
    const door = `.${specifier.slice(nameOf(other).length)}`
    if (other.manifest.exports?.[door] === undefined) {
      const doors = Object.keys(other.manifest.exports ?? {}).join(", ")
      return [{ ...at, rule: `${specifier} is inside ${nameOf(other)}`, advice: `use what it exports: ${doors}` }]
    }
    const allowed = source.isTest ? [...ours, ...oursInTests] : ours
    return allowed.includes(other.role)
      ? []
      : [
          {
            ...at,
            rule: `${nameOf(owner)} must not import ${nameOf(other)}${source.isTest ? " in tests" : ""}`,
            advice
          }
        ]
  }
  return packages.flatMap((owner) =>
    owner.sources.flatMap((source) => source.imports.flatMap((found) => check(owner, source, found)))
  )
}

/** What a source imports, with the packages that its package.json puts behind a `#name`. */
const specifiersOf = ({ manifest }: Package, { imports }: Source): ReadonlyArray<Import> =>
  imports.flatMap((found) => {
    const behind = targetsOf(manifest.imports?.[found.specifier]).filter((target) => packageOf(target) !== null)
    return [found, ...behind.map((specifier) => ({ ...found, specifier }))]
  })

/** The package with the declarations of one that ships none. */
const typesOf = (name: string): string => `@types/${name.replace(/^@/, "").replace("/", "__")}`

/** Every imported package is declared, and every declared one is imported. */
export const checkDependencies = ({ packages, manifest: root }: Workspace): ReadonlyArray<Violation> =>
  packages.flatMap((owner) => {
    const { dependencies = {}, devDependencies = {}, peerDependencies = {} } = owner.manifest
    const ships = new Set([...Object.keys(dependencies), ...Object.keys(peerDependencies)])
    const tests = new Set([...ships, ...Object.keys(devDependencies), ...Object.keys(root.devDependencies ?? {})])
    const shipped = new Set<string>()
    const used = new Set<string>()
    const undeclared = owner.sources.flatMap((source) =>
      specifiersOf(owner, source).flatMap(({ specifier, line }): ReadonlyArray<Violation> => {
        const imported = packageOf(specifier)
        const at = { file: source.path, line }
        if (imported === null) return []
        if (isBuiltin(imported)) {
          return [{ ...at, rule: `${specifier} without node:`, advice: `write node:${specifier}` }]
        }
        used.add(imported)
        used.add(typesOf(imported))
        if (!source.isTest) shipped.add(imported)
        if (imported === owner.manifest.name || (source.isTest ? tests : ships).has(imported)) return []
        const field = source.isTest ? "devDependencies" : "dependencies or peerDependencies"
        return [{ ...at, rule: `${imported} is not declared`, advice: `add it to ${field} of ${owner.folder}` }]
      })
    )
    const file = `${owner.folder}/package.json`
    const unused = [
      ...[...ships].filter((name) => !shipped.has(name)),
      ...Object.keys(devDependencies).filter((name) => !used.has(name) && !ships.has(name))
    ].map((name) => ({ file, line: 1, rule: `${name} is declared and not used`, advice: "remove it" }))
    return [...undeclared, ...unused]
  })

/** What the code of a role leaves to core. */
export const checkWords = ({ packages }: Workspace): ReadonlyArray<Violation> =>
  packages.flatMap(({ role, sources }) =>
    sources
      .filter(({ isTest }) => !isTest)
      .flatMap(({ path, masked, text }) =>
        words
          .filter((rule) => rule.role === role)
          .flatMap(({ word, advice }) =>
            [...masked.bare.matchAll(new RegExp(word, "g"))].map(({ 0: found, index }) => ({
              file: path,
              line: lineAt(text, index),
              rule: `no ${found.replace(/\s*\($/, "").replace(/\s+/g, " ")} in an ${role}`,
              advice
            }))
          )
      )
  )

/** No file is too long without a reason, and no reason outlives its file. */
export const checkLengths = ({ packages }: Workspace): ReadonlyArray<Violation> => {
  const sources = packages.flatMap((owner) => owner.sources)
  const long = sources.filter(({ text }) => lineAt(text, text.length) - 1 > mostLines).map(({ path }) => path)
  const listed = Object.keys(longFiles)
  return [
    ...long
      .filter((path) => !listed.includes(path))
      .map((file) => ({
        file,
        line: mostLines + 1,
        rule: `longer than ${mostLines} lines`,
        advice: "split it, or list it with its reason in tools/imports/rules.ts"
      })),
    ...listed
      .filter((path) => sources.some((source) => source.path === path) && !long.includes(path))
      .map((file) => ({
        file,
        line: 1,
        rule: "listed as long and is not",
        advice: "remove it from tools/imports/rules.ts"
      }))
  ]
}
