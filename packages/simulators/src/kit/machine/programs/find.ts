import { posix } from "node:path"
import type { Node } from "../nodes.ts"
import type { Process } from "../process.ts"
import { matches } from "../shell/pattern.ts"
import type { Program } from "../shell/spawn.ts"
import { escapesIn } from "../shell/words.ts"
import { complain, pathIn, say } from "../system.ts"
import { runChild } from "./child.ts"
import { sizeOf } from "./listing.ts"

/** One file or folder that is looked at. */
interface Visit {
  readonly path: string
  readonly node: Node
  readonly depth: number
  /** What is below it is left out. */
  prunes: boolean
}

/** A test, or something to do; it answers whether it holds. */
type Step = (visit: Visit) => boolean | Promise<boolean>

/** What `find` was asked for. */
interface Search {
  readonly roots: ReadonlyArray<string>
  readonly step: Step
  readonly deepest: number
  readonly shallowest: number
  /** What is inside a folder comes before it. */
  readonly isDeep: boolean
  /** Runs what was kept to be run once for all. */
  readonly finish: () => Promise<number>
}

const kinds: Readonly<Record<string, ReadonlyArray<Node["kind"]>>> = {
  ...{ f: ["file", "text"], d: ["folder"], l: ["link"], c: ["device"] }
}

const units: Readonly<Record<string, number>> = { c: 1, k: 1024, M: 1_048_576, G: 1_073_741_824 }

/** Compares as `+N`, `-N` and `N` do. */
const counted = (text: string, value: number): boolean => {
  const number = Number(text.replace(/^[-+]/, ""))
  return text.startsWith("+") ? value > number : text.startsWith("-") ? value < number : value === number
}

const sized = (text: string, node: Node): boolean => {
  const [, count = "0", unit = ""] = /^([-+]?\d+)([ckMG]?)$/.exec(text) ?? []
  return counted(count, Math.ceil(sizeOf(node) / (units[unit] ?? 512)))
}

/** What `-printf` writes of a file. */
const printed = (format: string, { path, node }: Visit): string => {
  const seconds = (node.changed / 1000).toFixed(10)
  const fields: Readonly<Record<string, string>> = {
    ...{ p: path, f: posix.basename(path), h: posix.dirname(path), P: path.replace(/^[^/]*\//, ""), "%": "%" },
    ...{ s: String(sizeOf(node)), m: (node.mode & 0o7777).toString(8), "T@": seconds, "A@": seconds, "C@": seconds },
    ...{
      l: node.kind === "link" ? node.target : "",
      y: { file: "f", text: "f", folder: "d", link: "l", device: "c" }[node.kind]
    }
  }
  return escapesIn(format).replaceAll(/%([TAC]@|.)/g, (all, letter: string) => fields[letter] ?? all)
}

/** Reads an expression: tests and actions, joined by `-o`, `-a`, `!` and parentheses. */
const expressionIn = (process: Process, words: string[]) => {
  const { files, clock } = process.machine
  const gathered: Array<{ readonly words: ReadonlyArray<string>; readonly paths: string[] }> = []
  const found = { acts: false, isDeep: false, deepest: Number.POSITIVE_INFINITY, shallowest: 0 }
  const next = () => words.shift() ?? ""
  const always: Step = () => true
  const act = (step: Step): Step => {
    found.acts = true
    return step
  }
  const run = (): Step => {
    const end = words.findIndex((word) => word === ";" || word === "+")
    const together = words[end] === "+"
    const command = words.splice(0, end)
    words.shift()
    if (!together) {
      return act(
        async ({ path }) =>
          (await runChild(
            process,
            command.map((word) => word.replaceAll("{}", path))
          )) === 0
      )
    }
    const group = { words: command.filter((word) => word !== "{}"), paths: [] as string[] }
    gathered.push(group)
    return act(({ path }) => group.paths.push(path) > 0)
  }
  const primaries: Readonly<Record<string, () => Step>> = {
    "-type": () => {
      const kind = kinds[next()] ?? []
      return ({ node }) => kind.includes(node.kind)
    },
    "-name": () => {
      const pattern = next()
      return ({ path }) => matches(posix.basename(path), pattern)
    },
    "-iname": () => {
      const pattern = next().toLowerCase()
      return ({ path }) => matches(posix.basename(path).toLowerCase(), pattern)
    },
    "-path": () => {
      const pattern = next()
      return ({ path }) => matches(path, pattern)
    },
    "-size": () => {
      const size = next()
      return ({ node }) => sized(size, node)
    },
    "-empty":
      () =>
      ({ node }) =>
        node.kind === "folder" ? files.names(node).length === 0 : sizeOf(node) === 0,
    "-perm": () => {
      const mode = Number.parseInt(next().replace(/^[-/]/, ""), 8)
      return ({ node }) => (node.mode & mode) === mode
    },
    "-newer": () => {
      const { changed } = files.at(pathIn(process, next()))
      return ({ node }) => node.changed > changed
    },
    "-mmin": () => {
      const minutes = next()
      return ({ node }) => counted(minutes, Math.floor((clock.now() - node.changed) / 60_000))
    },
    "-mtime": () => {
      const days = next()
      return ({ node }) => counted(days, Math.floor((clock.now() - node.changed) / 86_400_000))
    },
    "-maxdepth": () => {
      found.deepest = Number(next())
      return always
    },
    "-mindepth": () => {
      found.shallowest = Number(next())
      return always
    },
    "-depth": () => {
      found.isDeep = true
      return always
    },
    "-true": () => always,
    "-false": () => () => false,
    "-xdev": () => always,
    "-prune": () => (visit) => {
      visit.prunes = true
      return true
    },
    "-print": () => act(async ({ path }) => say(process, `${path}\n`).then(() => true)),
    "-print0": () => act(async ({ path }) => say(process, `${path}\0`).then(() => true)),
    "-printf": () => {
      const format = next()
      return act(async (visit) => say(process, printed(format, visit)).then(() => true))
    },
    "-delete": () => {
      found.isDeep = true
      return act(({ path }) => {
        files.remove(pathIn(process, path))
        return true
      })
    },
    "-exec": run
  }
  const primary = (): Step => {
    const word = next()
    if (word === "!" || word === "-not") {
      const step = primary()
      return async (visit) => !(await step(visit))
    }
    if (word === "(") {
      const step = either()
      if (next() !== ")") throw new Error("invalid expression: ')' expected")
      return step
    }
    const make = primaries[word]
    if (make === undefined) throw new Error(`unknown predicate '${word}'`)
    return make()
  }
  const both = (): Step => {
    let step = primary()
    while (words.length > 0 && words[0] !== "-o" && words[0] !== "-or" && words[0] !== ")") {
      if (words[0] === "-a" || words[0] === "-and") words.shift()
      const [left, right] = [step, primary()]
      step = async (visit) => (await left(visit)) && right(visit)
    }
    return step
  }
  const either = (): Step => {
    let step = both()
    while (words[0] === "-o" || words[0] === "-or") {
      words.shift()
      const [left, right] = [step, both()]
      step = async (visit) => (await left(visit)) || right(visit)
    }
    return step
  }
  const step = words.length === 0 ? always : either()
  return { step, found: { ...found }, gathered }
}

const searchIn = (process: Process, words: string[]): Search => {
  const roots: string[] = []
  while (words.length > 0 && !/^[-!(]/.test(words[0] ?? "")) roots.push(words.shift() ?? "")
  const { step, found, gathered } = expressionIn(process, words)
  const print = async ({ path }: Visit) => say(process, `${path}\n`).then(() => true)
  return {
    ...{ roots: roots.length > 0 ? roots : ["."], ...found },
    step: found.acts ? step : async (visit) => (await step(visit)) && print(visit),
    finish: async () => {
      let code = 0
      for (const { words: command, paths } of gathered)
        if (paths.length > 0 && (await runChild(process, [...command, ...paths])) !== 0) code = 1
      return code
    }
  }
}

/** `find`: goes through folders, with tests and actions as GNU's has them. */
export const find: Program = async (process, argv) => {
  const search = searchIn(process, argv.slice(1))
  const { files } = process.machine
  let code = 0
  const visit = async (path: string, depth: number): Promise<void> => {
    const node = files.find(pathIn(process, path), false)
    if (node === undefined) return
    const own: Visit = { path, node, depth, prunes: false }
    const isShown = depth >= search.shallowest
    if (isShown && !search.isDeep) await search.step(own)
    if (node.kind === "folder" && depth < search.deepest && !own.prunes) {
      const base = path.endsWith("/") ? path : `${path}/`
      for (const name of files.names(node)) await visit(`${base}${name}`, depth + 1)
    }
    if (isShown && search.isDeep) await search.step(own)
  }
  for (const root of search.roots) {
    if (files.find(pathIn(process, root), false) !== undefined) await visit(root, 0)
    else {
      await complain(process, `find: '${root}': No such file or directory`)
      code = 1
    }
  }
  return Math.max(code, await search.finish())
}
