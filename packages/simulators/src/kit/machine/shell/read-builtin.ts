import { opened, readLine } from "../system.ts"
import { type Builtin, type Shell, setVariable, variableOf } from "./state.ts"

/** The fields of a line; the last name takes all that is left. */
const assignFields = (shell: Shell, names: ReadonlyArray<string>, line: string, raw: boolean): void => {
  const separators = variableOf(shell, "IFS") ?? " \t\n"
  const isBlank = (sign: string) => separators.includes(sign) && /\s/.test(sign)
  let at = 0
  const blanks = () => {
    while (at < line.length && isBlank(line[at] ?? "")) at += 1
  }
  for (const [index, name] of names.entries()) {
    blanks()
    let value = ""
    const isLast = index === names.length - 1
    for (; at < line.length; at++) {
      const sign = line[at] ?? ""
      if (!raw && sign === "\\") {
        at += 1
        value += line[at] ?? ""
      } else if (!isLast && separators.includes(sign)) break
      else value += sign
    }
    if (isLast) while (value !== "" && isBlank(value.at(-1) ?? "")) value = value.slice(0, -1)
    setVariable(shell, name, value)
    blanks()
    if (!isLast && separators.includes(line[at] ?? " ")) at += 1
  }
}

/** `read`: a line of the input, in fields. */
export const read: Builtin = async (shell, args) => {
  const raw = args.some((arg) => /^-\w*r/.test(arg))
  const names = args.filter((arg) => !arg.startsWith("-"))
  const from = opened(shell.process, 0)
  let { line, ended } = await readLine(shell.process, from)
  while (!raw && !ended && /(?<!\\)(?:\\\\)*\\$/.test(line)) {
    const next = await readLine(shell.process, from)
    line = line.slice(0, -1) + next.line
    ended = next.ended
  }
  assignFields(shell, names.length > 0 ? names : ["REPLY"], line, raw)
  return ended ? 1 : 0
}
