import type { Node } from "../nodes.ts"
import type { Process } from "../process.ts"
import { pathIn } from "../system.ts"

const nodeOf = (process: Process, path: string, follow = true): Node | undefined =>
  path === "" ? undefined : process.machine.files.find(pathIn(process, path), follow)

const sizeOf = (node: Node | undefined): number => {
  if (node?.kind === "file") return node.size
  return node?.kind === "text" ? node.read().length : 0
}

type Unary = (process: Process, text: string) => boolean

const hasMode =
  (bits: number): Unary =>
  (process, path) => {
    const node = nodeOf(process, path)
    return node !== undefined && (bits !== 0o111 || node.kind === "folder" || (node.mode & bits) !== 0)
  }

const unary: Readonly<Record<string, Unary>> = {
  "-n": (_, text) => text !== "",
  "-z": (_, text) => text === "",
  "-e": (process, path) => nodeOf(process, path) !== undefined,
  "-f": (process, path) => ["file", "text"].includes(nodeOf(process, path)?.kind ?? ""),
  "-d": (process, path) => nodeOf(process, path)?.kind === "folder",
  "-L": (process, path) => nodeOf(process, path, false)?.kind === "link",
  "-h": (process, path) => nodeOf(process, path, false)?.kind === "link",
  "-s": (process, path) => sizeOf(nodeOf(process, path)) > 0,
  "-c": (process, path) => nodeOf(process, path)?.kind === "device",
  "-p": () => false,
  "-b": () => false,
  "-S": () => false,
  "-r": hasMode(0o444),
  "-w": hasMode(0o222),
  "-x": hasMode(0o111),
  "-t": (process, fd) => process.open.get(Number(fd))?.isTerminal === true
}

/** Bad numbers are no numbers: as in a shell, the test fails with 2. */
const number = (text: string): number => {
  if (!/^\s*[-+]?\d+\s*$/.test(text)) throw new RangeError(`${text}: integer expression expected`)
  return Number(text)
}

const binary: Readonly<Record<string, (left: string, right: string) => boolean>> = {
  "=": (left, right) => left === right,
  "==": (left, right) => left === right,
  "!=": (left, right) => left !== right,
  "<": (left, right) => left < right,
  ">": (left, right) => left > right,
  "-eq": (left, right) => number(left) === number(right),
  "-ne": (left, right) => number(left) !== number(right),
  "-lt": (left, right) => number(left) < number(right),
  "-le": (left, right) => number(left) <= number(right),
  "-gt": (left, right) => number(left) > number(right),
  "-ge": (left, right) => number(left) >= number(right)
}

/** Which of two files was changed later. */
const compared = (process: Process, left: string, operator: string, right: string): boolean | undefined => {
  if (operator !== "-nt" && operator !== "-ot" && operator !== "-ef") return undefined
  const [a, b] = [nodeOf(process, left), nodeOf(process, right)]
  if (operator === "-ef") return a !== undefined && a === b
  const [first, second] = [a?.changed ?? 0, b?.changed ?? 0]
  return operator === "-nt" ? first > second : first < second
}

/** Whether a condition of `test` holds. */
const holds = (process: Process, words: ReadonlyArray<string>): boolean => {
  const or = words.lastIndexOf("-o")
  if (or > 0 && words.length > 3) return holds(process, words.slice(0, or)) || holds(process, words.slice(or + 1))
  const and = words.lastIndexOf("-a")
  if (and > 0 && words.length > 3) return holds(process, words.slice(0, and)) && holds(process, words.slice(and + 1))
  const [first = "", second = "", third = ""] = words
  if (words.length === 3) {
    const apply = binary[second]
    if (apply !== undefined) return apply(first, third)
    const older = compared(process, first, second, third)
    if (older !== undefined) return older
  }
  if (first === "!" && words.length > 1) return !holds(process, words.slice(1))
  if (first === "(" && words.at(-1) === ")") return holds(process, words.slice(1, -1))
  if (words.length === 2) {
    const apply = unary[first]
    if (apply !== undefined) return apply(process, second)
    throw new RangeError(`${first}: unexpected operator`)
  }
  if (words.length > 2) throw new RangeError("unexpected operator")
  return first !== ""
}

/** `test` and `[`: 0 where it holds, 1 where it does not. Throws `RangeError` for what is no condition. */
export const testCondition = (process: Process, name: string, args: ReadonlyArray<string>): number => {
  if (name !== "[") return holds(process, args) ? 0 : 1
  if (args.at(-1) !== "]") throw new RangeError("missing ]")
  return holds(process, args.slice(0, -1)) ? 0 : 1
}
