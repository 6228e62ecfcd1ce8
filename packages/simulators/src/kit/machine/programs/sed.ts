import type { Program } from "../shell/spawn.ts"
import { pathIn, say } from "../system.ts"
import { argumentsIn } from "./arguments.ts"
import { regexOf } from "./grep.ts"
import { linesOf } from "./text.ts"

/** `sed` with `s`, `p`, `d` and `q`, on all lines or those that a number, `$` or a pattern means. */
export const sed: Program = async (process, argv) => {
  const args = argumentsIn(argv, ["e"])
  const scripts = args.values("e")
  const [first = "", ...others] = args.rest
  const commands = (scripts.length > 0 ? scripts : [first])
    .flatMap((script) => script.split(/;\s*(?=[\dps$/dq])|\n/))
    .map(commandOf(args.has("E", "r")))
  const names = scripts.length > 0 ? args.rest : others
  const edit = (lines: ReadonlyArray<string>): string => {
    const result: string[] = []
    for (const [index, line] of lines.entries()) {
      const done = editLine(line, index + 1, index === lines.length - 1, commands)
      if (!args.has("n") && done.text !== null) result.push(done.text)
      result.push(...done.printed)
      if (done.quits) break
    }
    return result.map((line) => `${line}\n`).join("")
  }
  if (!args.has("i")) {
    const [lines, code] = await linesOf(process, names)
    await say(process, edit(lines))
    return code
  }
  for (const name of names) process.machine.files.save(pathIn(process, name), edit((await linesOf(process, [name]))[0]))
  return 0
}

interface Edit {
  readonly isOn: (line: string, number: number, isLast: boolean) => boolean
  readonly name: string
  readonly rule: RegExp
  readonly by: string
  readonly prints: boolean
}

const commandOf =
  (extended: boolean) =>
  (text: string): Edit => {
    const [, address = "", negated = "", name = "", rest = ""] =
      /^\s*(\d+(?:,(?:\d+|\$))?|\$|\/(?:[^/\\]|\\.)*\/)?(!?)([spdq])(.*)$/s.exec(text) ?? []
    if (name === "") throw new Error(`-e expression #1, char 1: unknown command: '${text.trim().slice(0, 1)}'`)
    const [from = "", to = from] = address.split(",")
    const where: Edit["isOn"] =
      address === ""
        ? () => true
        : address === "$"
          ? (_, _number, isLast) => isLast
          : address.startsWith("/")
            ? (line) => regexOf(address.slice(1, -1), { extended }).test(line)
            : (_, number, isLast) =>
                number >= Number(from) && (to === "$" ? !isLast || number > 0 : number <= Number(to))
    const isOn: Edit["isOn"] = (...at) => where(...at) !== (negated === "!")
    if (name !== "s") return { isOn, name, rule: /^/, by: "", prints: false }
    const mark = rest[0] ?? "/"
    const [pattern = "", by = "", flags = ""] = rest.slice(1).split(new RegExp(`(?<!\\\\)\\${mark}`))
    const rule = regexOf(pattern.replaceAll(`\\${mark}`, mark), {
      extended,
      flags: `${flags.includes("g") ? "g" : ""}${/[iI]/.test(flags) ? "i" : ""}`
    })
    const written = by
      .replaceAll("$", "$$$$")
      .replaceAll(/\\(\d)/g, "$$$1")
      .replaceAll(/(?<!\\)&/g, "$$&")
      .replaceAll(/\\([&/n])/g, (_, sign: string) => (sign === "n" ? "\n" : sign))
    return { isOn, name, rule, by: written, prints: flags.includes("p") }
  }

const editLine = (line: string, number: number, isLast: boolean, commands: ReadonlyArray<Edit>) => {
  const printed: string[] = []
  let text: string | null = line
  for (const { isOn, name, rule, by, prints } of commands) {
    if (text === null || !isOn(text, number, isLast)) continue
    if (name === "p") printed.push(text)
    else if (name === "d") text = null
    else if (name === "q") return { text, printed, quits: true }
    else {
      const before: string = text
      text = before.replace(rule, by)
      if (prints && text !== before) printed.push(text)
    }
  }
  return { text, printed, quits: false }
}
