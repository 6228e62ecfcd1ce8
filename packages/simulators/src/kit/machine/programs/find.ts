import { posix } from "node:path"
import type { Node } from "../files.ts"
import type { Process } from "../process.ts"
import { matches } from "../shell/pattern.ts"
import type { Program } from "../shell/spawn.ts"
import { complain, pathIn, say } from "../system.ts"
import { runChild } from "./child.ts"

interface Test {
  readonly holds: (path: string, node: Node) => boolean
}

const kinds: Readonly<Record<string, string>> = { f: "file", d: "folder", l: "link" }

/** What `find` was asked for. */
interface Search {
  readonly roots: ReadonlyArray<string>
  readonly tests: ReadonlyArray<Test>
  readonly deepest: number
  readonly shallowest: number
  readonly act: "print" | "print0" | "delete" | { readonly words: ReadonlyArray<string>; readonly together: boolean }
}

const sizeTest = (text: string): Test["holds"] => {
  const [, sign = "", count = "0", unit = "b"] = /^([-+]?)(\d+)([ckMG]?)/.exec(text) ?? []
  const bytes = { c: 1, k: 1024, M: 1_048_576, G: 1_073_741_824 }[unit] ?? 512
  return (_, node) => {
    const size = node.kind === "file" ? Math.ceil(node.size / bytes) : 0
    return sign === "+" ? size > Number(count) : sign === "-" ? size < Number(count) : size === Number(count)
  }
}

const searchIn = (process: Process, words: string[]): Search => {
  const roots: string[] = []
  while (words.length > 0 && !/^[-!(]/.test(words[0] ?? "")) roots.push(words.shift() ?? "")
  const tests: Test[] = []
  let [deepest, shallowest] = [Number.POSITIVE_INFINITY, 0]
  let act: Search["act"] = "print"
  let negated = false
  const add = (holds: Test["holds"]) => {
    const not = negated
    negated = false
    tests.push({ holds: (path, node) => holds(path, node) !== not })
  }
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const next = () => words.shift() ?? ""
    if (word === "!" || word === "-not") negated = true
    else if (word === "-type") {
      const kind = next()
      add((_, node) => node.kind === (kinds[kind] ?? kind))
    } else if (word === "-name" || word === "-iname") {
      const pattern = next()
      add((path, _) => matches(posix.basename(path), pattern))
    } else if (word === "-path") {
      const pattern = next()
      add((path) => matches(path, pattern))
    } else if (word === "-size") add(sizeTest(next()))
    else if (word === "-newer") {
      const { changed } = process.machine.files.at(pathIn(process, next()))
      add((_, node) => node.changed > changed)
    } else if (word === "-maxdepth") deepest = Number(next())
    else if (word === "-mindepth") shallowest = Number(next())
    else if (word === "-print0" || word === "-delete") act = word === "-delete" ? "delete" : "print0"
    else if (word === "-exec") {
      const end = words.findIndex((one) => one === ";" || one === "+")
      const together = words[end] === "+"
      act = { words: words.splice(0, end), together }
      words.shift()
    } else if (word !== "-print") throw new Error(`unknown predicate '${word}'`)
  }
  return { roots: roots.length > 0 ? roots : ["."], tests, deepest, shallowest, act }
}

/** `find`, with the tests that scripts use most. */
export const find: Program = async (process, argv) => {
  const search = searchIn(process, argv.slice(1))
  const { files } = process.machine
  const found: string[] = []
  let code = 0
  const visit = (path: string, depth: number): void => {
    const node = files.find(pathIn(process, path), false)
    if (node === undefined) return
    if (depth >= search.shallowest && search.tests.every(({ holds }) => holds(path, node))) found.push(path)
    if (node.kind !== "folder" || depth >= search.deepest) return
    for (const name of files.names(node)) visit(path.endsWith("/") ? `${path}${name}` : `${path}/${name}`, depth + 1)
  }
  for (const root of search.roots) {
    if (files.find(pathIn(process, root), false) !== undefined) visit(root, 0)
    else {
      await complain(process, `find: '${root}': No such file or directory`)
      code = 1
    }
  }
  const { act } = search
  if (act === "delete") for (const path of found.reverse()) files.remove(pathIn(process, path))
  else if (act === "print" || act === "print0") {
    const end = act === "print" ? "\n" : "\0"
    await say(process, found.map((path) => `${path}${end}`).join(""))
  } else if (act.together) {
    const words = act.words.filter((word) => word !== "{}")
    if (found.length > 0 && (await runChild(process, [...words, ...found])) !== 0) code = 1
  } else
    for (const path of found)
      await runChild(
        process,
        act.words.map((word) => word.replaceAll("{}", path))
      )
  return code
}
