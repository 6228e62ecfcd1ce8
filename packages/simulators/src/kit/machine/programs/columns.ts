import type { Program } from "../shell/spawn.ts"
import { openIn, readAll, say } from "../system.ts"
import { argumentsIn } from "./arguments.ts"
import { linesOf } from "./text.ts"

const sort: Program = async (process, argv) => {
  const args = argumentsIn(argv, ["k", "t", "o"])
  const [lines, code] = await linesOf(process, args.rest)
  const key = Number(/^\d+/.exec(args.value("k") ?? "")?.[0] ?? 0)
  const part = (line: string) => (key === 0 ? line : (line.split(args.value("t") ?? /\s+/)[key - 1] ?? ""))
  const numeric = args.has("n", "g", "h") || /n/.test(args.value("k") ?? "")
  const compare = (a: string, b: string): number => {
    const [x, y] = [part(a), part(b)]
    if (numeric) return (Number.parseFloat(x) || 0) - (Number.parseFloat(y) || 0)
    return x < y ? -1 : x > y ? 1 : 0
  }
  const sorted = lines.toSorted(compare)
  if (args.has("r")) sorted.reverse()
  const kept = args.has("u")
    ? sorted.filter((line, index) => index === 0 || compare(line, sorted[index - 1] ?? "") !== 0)
    : sorted
  await say(process, kept.map((line) => `${line}\n`).join(""))
  return code
}

const uniq: Program = async (process, argv) => {
  const args = argumentsIn(argv)
  const [lines, code] = await linesOf(process, args.rest.slice(0, 1))
  const groups: Array<{ readonly line: string; count: number }> = []
  for (const line of lines) {
    const last = groups.at(-1)
    if (last?.line === line) last.count += 1
    else groups.push({ line, count: 1 })
  }
  const kept = groups.filter(({ count }) => (args.has("d") ? count > 1 : args.has("u") ? count === 1 : true))
  const shown = kept.map(({ line, count }) => (args.has("c") ? `${String(count).padStart(7)} ${line}\n` : `${line}\n`))
  await say(process, shown.join(""))
  return code
}

/** The signs that a set of `tr` means. */
const signsOf = (set: string): ReadonlyArray<string> => {
  const named = set
    .replace("[:upper:]", "A-Z")
    .replace("[:lower:]", "a-z")
    .replace("[:digit:]", "0-9")
    .replace("[:space:]", " \t\n\r\f\v")
    .replaceAll("\\n", "\n")
    .replaceAll("\\t", "\t")
    .replaceAll("\\r", "\r")
    .replaceAll("\\0", "\0")
  return [
    ...named.replaceAll(/(.)-(.)/gs, (_, a: string, b: string) => {
      const [from, to] = [a.charCodeAt(0), b.charCodeAt(0)]
      return Array.from({ length: Math.max(0, to - from + 1) }, (_unused, index) =>
        String.fromCharCode(from + index)
      ).join("")
    })
  ]
}

const tr: Program = async (process, argv) => {
  const args = argumentsIn(argv)
  const [from = [], to = []] = args.rest.map(signsOf)
  const complement = args.has("c", "C")
  const text = (await readAll(process, openIn(process, "/dev/stdin"))).toString("latin1")
  const isIn = (sign: string) => from.includes(sign) !== complement
  const last = to.at(-1) ?? ""
  let result = ""
  for (const sign of text) {
    if (args.has("d")) result += isIn(sign) ? "" : sign
    else {
      const changed = isIn(sign) && to.length > 0 ? (complement ? last : (to[from.indexOf(sign)] ?? last)) : sign
      const squeezes = args.has("s") && result.endsWith(changed) && (to.length > 0 ? to : from).includes(changed)
      result += squeezes ? "" : changed
    }
  }
  await say(process, Buffer.from(result, "latin1"))
  return 0
}

const cut: Program = async (process, argv) => {
  const args = argumentsIn(argv, ["d", "f", "c", "b"])
  const [lines, code] = await linesOf(process, args.rest)
  const delimiter = args.value("d") ?? "\t"
  const fields = args.value("f")
  const ranges = (fields ?? args.value("c", "b") ?? "1").split(",").map((range) => {
    const [from = "", to = from] = range.split("-")
    return [Number(from || 1), to === "" ? Number.POSITIVE_INFINITY : Number(to)] as const
  })
  const isKept = (_: string, index: number) => ranges.some(([from, to]) => index + 1 >= from && index + 1 <= to)
  const shown = lines.map((line) => {
    if (fields === undefined) return [...line].filter(isKept).join("")
    return line.includes(delimiter) ? line.split(delimiter).filter(isKept).join(delimiter) : line
  })
  await say(process, shown.map((line) => `${line}\n`).join(""))
  return code
}

/** What orders lines, and takes parts of them. */
export const columnPrograms: Readonly<Record<string, Program>> = { sort, uniq, tr, cut }
