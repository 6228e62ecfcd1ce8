import { posix } from "node:path"
import { release, share } from "../descriptor.ts"
import { Errno } from "../errno.ts"
import type { Files } from "../files.ts"
import type { Program } from "../shell/spawn.ts"
import { complain, opened, openIn, pathIn, readAll, say } from "../system.ts"
import { argumentsIn } from "./arguments.ts"

/** A basic regular expression as one of JavaScript; an extended one needs less. */
export const regexOf = (
  pattern: string,
  { extended, flags = "" }: { readonly extended: boolean; readonly flags?: string }
): RegExp => {
  const named = pattern
    .replaceAll("[:space:]", "\\s")
    .replaceAll("[:digit:]", "0-9")
    .replaceAll("[:alpha:]", "a-zA-Z")
    .replaceAll("[:alnum:]", "a-zA-Z0-9")
    .replaceAll("[:upper:]", "A-Z")
    .replaceAll("[:lower:]", "a-z")
  if (extended) return new RegExp(named, flags)
  const swapped = named.replaceAll(/\\[(){}|+?]|\[[^\]]*\]|[(){}|+?]/g, (sign) => {
    if (sign.startsWith("[")) return sign
    return sign.startsWith("\\") ? sign.slice(1) : `\\${sign}`
  })
  return new RegExp(swapped.replace(/^\*/, "\\*"), flags)
}

/** Every file below some paths. */
const filesBelow = (files: Files, path: string): ReadonlyArray<string> => {
  const node = files.find(path)
  if (node?.kind !== "folder") return [path]
  return files.names(node).flatMap((name) => {
    const inner = posix.join(path, name)
    const kind = files.find(inner, false)?.kind
    return kind === "link" ? [] : filesBelow(files, inner)
  })
}

/** `grep`, by lines. */
export const grep: Program = async (process, argv) => {
  const args = argumentsIn(argv, ["e", "m", "A", "B", "C"])
  const [first, ...others] = args.rest
  const patterns = args.values("e")
  const names = patterns.length > 0 ? args.rest : others
  const all = patterns.length > 0 ? patterns : (first ?? "").split("\n")
  const extended = args.has("E", "P") || argv[0] === "egrep"
  const sources = all.map((pattern) => {
    const source = args.has("F")
      ? pattern.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")
      : regexOf(pattern, { extended }).source
    return args.has("x") ? `^(?:${source})$` : args.has("w") ? `\\b(?:${source})\\b` : source
  })
  const rule = new RegExp(sources.join("|"), args.has("i") ? "gi" : "g")
  const paths = args.has("r", "R")
    ? (names.length > 0 ? names : ["."]).flatMap((name) => filesBelow(process.machine.files, pathIn(process, name)))
    : names
  const isNamed = args.has("H") || (paths.length > 1 && !args.has("h"))
  let found = false
  let code = 0
  for (const path of paths.length > 0 ? paths : ["-"]) {
    try {
      const from = share(path === "-" ? opened(process, 0) : openIn(process, path))
      const text = (await readAll(process, from).finally(() => release(from))).toString("utf8")
      const lines = (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n")
      const hits =
        text === ""
          ? []
          : lines
              .flatMap((line, index) => {
                rule.lastIndex = 0
                return rule.test(line) !== args.has("v") ? [[line, index + 1] as const] : []
              })
              .slice(0, Number(args.value("m") ?? Number.POSITIVE_INFINITY))
      if (hits.length > 0) found = true
      const prefix = isNamed ? `${path}:` : ""
      if (args.has("q")) continue
      if (args.has("l")) await say(process, hits.length > 0 ? `${path}\n` : "")
      else if (args.has("c")) await say(process, `${prefix}${hits.length}\n`)
      else {
        const shown = hits.flatMap(([line, number]) => {
          const texts = args.has("o") ? (line.match(rule) ?? []) : [line]
          return texts.map((part) => `${prefix}${args.has("n") ? `${number}:` : ""}${part}\n`)
        })
        await say(process, shown.join(""))
      }
    } catch (error) {
      if (!(error instanceof Errno)) throw error
      if (!args.has("s")) await complain(process, `grep: ${path}: ${error.message}`)
      code = 2
    }
  }
  return found ? 0 : code === 2 ? 2 : 1
}
