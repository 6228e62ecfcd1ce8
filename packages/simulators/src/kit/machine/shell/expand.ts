import { Errno } from "../errno.ts"
import { evaluate } from "./arithmetic.ts"
import { escapePattern, pathsOf, trimmed } from "./pattern.ts"
import { type Shell, setVariable, variableOf } from "./state.ts"
import { type Part, type Script, ScriptError, type Word } from "./syntax.ts"

/** Runs a script and answers what it wrote, without the line breaks at its end. */
export type Capture = (shell: Shell, script: Script) => Promise<string>

/** A piece of what a word became; `null` parts two fields. */
interface Piece {
  readonly text: string
  readonly quoted: boolean
  /** It came of an expansion, so that its blanks part fields. */
  readonly splits: boolean
}

const flagsOf = ({ options }: Shell): string =>
  `${options.exitOnError ? "e" : ""}${options.unset ? "u" : ""}${options.trace ? "x" : ""}${options.monitor ? "m" : ""}`

const special = (shell: Shell, name: string): string | undefined => {
  if (/^\d+$/.test(name)) return name === "0" ? shell.name : shell.arguments[Number(name) - 1]
  switch (name) {
    case "?":
      return String(shell.status)
    case "#":
      return String(shell.arguments.length)
    case "$":
      return String(shell.pid)
    case "!":
      return shell.lastJob === 0 ? undefined : String(shell.lastJob)
    case "-":
      return flagsOf(shell)
    case "@":
    case "*":
      return shell.arguments.length === 0
        ? undefined
        : shell.arguments.join((variableOf(shell, "IFS") ?? " ").slice(0, 1))
    default:
      return variableOf(shell, name)
  }
}

type Variable = Extract<Part, { readonly kind: "variable" }>

/** What a variable with its operator becomes; undefined where its word is taken in its place. */
const variableValue = async (shell: Shell, part: Variable, capture: Capture): Promise<string | "word"> => {
  const { name, operator, word } = part
  const value = special(shell, name)
  if (operator.endsWith("%") || operator.endsWith("#"))
    return trimmed(value ?? "", await patternOf(shell, word, capture), operator)
  const isMissing = value === undefined || (operator.startsWith(":") && value === "")
  switch (operator.at(-1)) {
    case "-":
      return isMissing ? "word" : value
    case "+":
      return isMissing ? "" : "word"
    case "=":
      if (!isMissing) return value
      setVariable(shell, name, await expandText(shell, word, capture))
      return variableOf(shell, name) ?? ""
    case "?":
      if (!isMissing) return value
      throw new ScriptError(`${name}: ${(await expandText(shell, word, capture)) || "parameter not set"}`)
    default:
      if (value === undefined && shell.options.unset && !/^[@*]$/.test(name))
        throw new ScriptError(`${name}: parameter not set`)
      return value ?? ""
  }
}

/** Adds what a part becomes to the fields. */
const expandPart = async (shell: Shell, part: Part, capture: Capture, fields: Piece[][]): Promise<void> => {
  const add = (text: string, quoted: boolean, splits: boolean) => fields.at(-1)?.push({ text, quoted, splits })
  switch (part.kind) {
    case "text":
      add(part.text, part.quoted, false)
      return
    case "command":
      add(await capture(shell, part.script), part.quoted, !part.quoted)
      return
    case "arithmetic": {
      const variables = {
        get: (name: string) => special(shell, name),
        set: (name: string, value: string) => setVariable(shell, name, value)
      }
      add(String(evaluate(await expandText(shell, part.word, capture), variables)), part.quoted, !part.quoted)
      return
    }
    case "variable": {
      const { name, quoted, length, operator, word } = part
      if (length) {
        const size = /^[@*]$/.test(name) ? shell.arguments.length : (special(shell, name) ?? "").length
        add(String(size), quoted, !quoted)
        return
      }
      if (operator === "" && (name === "@" || (name === "*" && !quoted))) {
        shell.arguments.forEach((value, index) => {
          if (index > 0) fields.push([])
          add(value, quoted, !quoted)
        })
        return
      }
      const value = await variableValue(shell, part, capture)
      if (value !== "word") {
        add(value, quoted, !quoted)
        return
      }
      if (quoted) add("", true, false)
      for (const inner of word) await expandPart(shell, inner, capture, fields)
    }
  }
}

const homeOf = (shell: Shell): string => variableOf(shell, "HOME") ?? "/root"

/** A word whose tilde, if it begins with one, stands for the home folder. */
const withHome = (shell: Shell, word: Word): Word => {
  const [first, ...rest] = word
  if (first?.kind !== "text" || first.quoted || !/^~(?=\/|$)/.test(first.text)) return word
  if (first.text === "~" && rest.length > 0 && !(rest[0]?.kind === "text" && rest[0].text.startsWith("/"))) return word
  return [{ ...first, text: homeOf(shell), quoted: true }, { ...first, text: first.text.slice(1) }, ...rest]
}

const fieldsOf = async (shell: Shell, word: Word, capture: Capture): Promise<Piece[][]> => {
  const fields: Piece[][] = [[]]
  for (const part of withHome(shell, word)) await expandPart(shell, part, capture, fields)
  return fields
}

/** A word as one text, as in an assignment: nothing is parted, and no path is looked for. */
export const expandText = async (shell: Shell, word: Word, capture: Capture): Promise<string> => {
  const only = word.length === 1 ? word[0] : undefined
  if (only?.kind === "text" && !only.text.startsWith("~")) return only.text
  const fields = await fieldsOf(shell, word, capture)
  return fields.map((pieces) => pieces.map(({ text }) => text).join("")).join(" ")
}

/** A word as a pattern: what was quoted in it means itself. */
export const patternOf = async (shell: Shell, word: Word, capture: Capture): Promise<string> =>
  (await fieldsOf(shell, word, capture))
    .map((pieces) => pieces.map(({ text, quoted }) => (quoted ? escapePattern(text) : text)).join(""))
    .join(" ")

interface Field {
  text: string
  pattern: string
  /** It is there even if it is empty. */
  kept: boolean
}

/** Parts one field at the separators in what was expanded. */
const split = (pieces: ReadonlyArray<Piece>, separators: string): ReadonlyArray<Field> => {
  const fields: Field[] = []
  let current: Field = { text: "", pattern: "", kept: false }
  const push = () => {
    if (current.kept || current.text !== "") fields.push(current)
    current = { text: "", pattern: "", kept: false }
  }
  for (const { text, quoted, splits } of pieces) {
    if (!splits) {
      current.text += text
      current.pattern += quoted ? escapePattern(text) : text
      if (quoted) current.kept = true
      continue
    }
    let plain = ""
    const flush = () => {
      current.text += plain
      current.pattern += plain
      plain = ""
    }
    for (const sign of text) {
      if (!separators.includes(sign)) {
        plain += sign
        continue
      }
      flush()
      if (!/\s/.test(sign)) current.kept = true
      push()
    }
    flush()
  }
  push()
  return fields
}

/** What a word becomes: none, one or more fields, with the paths that a pattern in them means. */
const expandWord = async (shell: Shell, word: Word, capture: Capture): Promise<ReadonlyArray<string>> => {
  const separators = variableOf(shell, "IFS") ?? " \t\n"
  const { files } = shell.process.machine
  const result: string[] = []
  const noArguments =
    shell.arguments.length === 0 && word.length === 1 && word[0]?.kind === "variable" && word[0].name === "@"
  if (noArguments) return result
  for (const pieces of await fieldsOf(shell, word, capture)) {
    for (const { text, pattern } of split(pieces, separators)) {
      const paths = /[*?[]/.test(pattern) ? pathsOf(files, shell.process.cwd, pattern) : []
      if (paths.length > 0) result.push(...paths)
      else result.push(text)
    }
  }
  return result
}

/** Several words. Throws {@link ScriptError} or {@link Errno}. */
export const expandWords = async (
  shell: Shell,
  words: ReadonlyArray<Word>,
  capture: Capture
): Promise<ReadonlyArray<string>> => {
  const all: string[] = []
  for (const word of words) {
    const [only] = word
    // Most words are plain: nothing has to be looked at in them.
    if (word.length === 1 && only?.kind === "text" && (only.quoted || !/[*?[~]/.test(only.text))) all.push(only.text)
    else all.push(...(await expandWord(shell, word, capture)))
  }
  return all
}

/** Whether a failure is one that a script can cause. */
export const isOfScript = (error: unknown): error is Error => error instanceof ScriptError || error instanceof Errno
