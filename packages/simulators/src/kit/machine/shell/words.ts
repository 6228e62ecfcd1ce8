import { type Part, type Script, ScriptError, type Word } from "./syntax.ts"

/** A script while it is read. */
export interface Source {
  readonly text: string
  at: number
  /** Here-documents whose text comes after the next line break. */
  readonly heres: Array<{
    readonly mark: string
    readonly quoted: boolean
    readonly tabs: boolean
    done: (word: Word) => void
  }>
  /** Reads a list of commands up to what is no command. */
  readonly list: (source: Source) => Script
}

/** The sign at a place, or ahead of it; nothing at the end. */
export const peek = ({ text, at }: Source, ahead = 0): string => text[at + ahead] ?? ""

/** Throws what is wrong, with its line. */
export const fail = (source: Source, what: string): never => {
  const line = source.text.slice(0, source.at).split("\n").length
  throw new ScriptError(`${line}: Syntax error: ${what}`)
}

/** Says that something has to come, and goes past it. */
export const expectText = (source: Source, text: string): void => {
  if (!source.text.startsWith(text, source.at)) fail(source, `"${text}" expected`)
  source.at += text.length
}

/** A part that means itself. */
export const text = (value: string, quoted: boolean): Part => ({ kind: "text", text: value, quoted })

const singleQuoted = (source: Source): Part => {
  const end = source.text.indexOf("'", source.at + 1)
  if (end < 0) fail(source, "Unterminated quoted string")
  const value = source.text.slice(source.at + 1, end)
  source.at = end + 1
  return text(value, true)
}

const doubleQuoted = (source: Source): ReadonlyArray<Part> => {
  source.at += 1
  const parts = pieces(source, { until: '"', quoted: true })
  if (peek(source) !== '"') fail(source, "Unterminated quoted string")
  source.at += 1
  return parts.length > 0 ? parts : [text("", true)]
}

/** A script in a text: of back quotes, whose own slashes were taken off. */
const scriptIn = (source: Source, inner: string): Script => {
  const own: Source = { ...source, text: inner, at: 0, heres: [] }
  const script = own.list(own)
  if (own.at < inner.length) fail(own, `${inner[own.at]} unexpected`)
  return script
}

const backQuoted = (source: Source, quoted: boolean): Part => {
  let inner = ""
  for (source.at += 1; peek(source) !== "`"; source.at++) {
    if (source.at >= source.text.length) fail(source, "EOF in backquote substitution")
    if (peek(source) === "\\" && /[`$\\]/.test(peek(source, 1))) source.at += 1
    inner += peek(source)
  }
  source.at += 1
  return { kind: "command", script: scriptIn(source, inner), quoted }
}

const nameAt = ({ text: all, at }: Source): string =>
  /^(?:[A-Za-z_]\w*|\d+|[@*#?$!-])/.exec(all.slice(at, at + 200))?.[0] ?? ""
const plainName = ({ text: all, at }: Source): string =>
  /^(?:[A-Za-z_]\w*|\d|[@*#?$!-])/.exec(all.slice(at, at + 200))?.[0] ?? ""

const operators = [":-", ":=", ":?", ":+", "%%", "##", "-", "=", "?", "+", "%", "#"]

const braced = (source: Source, quoted: boolean): Part => {
  const length = peek(source) === "#" && /[A-Za-z_0-9@*?]/.test(peek(source, 1))
  if (length) source.at += 1
  const name = nameAt(source)
  if (name === "") fail(source, "Bad substitution")
  source.at += name.length
  const operator = operators.find((one) => source.text.startsWith(one, source.at)) ?? ""
  source.at += operator.length
  const isPattern = operator.startsWith("%") || operator.startsWith("#")
  const word = operator === "" ? [] : pieces(source, { until: "}", quoted: quoted && !isPattern })
  if (peek(source) !== "}") fail(source, "Bad substitution")
  source.at += 1
  return { kind: "variable", name, quoted, length, operator, word }
}

const arithmetic = (source: Source, quoted: boolean): Part => {
  const begin = source.at
  let depth = 0
  for (; ; source.at++) {
    const sign = peek(source)
    if (sign === "") fail(source, "missing ))")
    if (sign === "(") depth += 1
    if (sign === ")" && depth > 0) depth -= 1
    else if (sign === ")") break
  }
  const inner: Source = { ...source, text: source.text.slice(begin, source.at), at: 0, heres: [] }
  expectText(source, "))")
  return { kind: "arithmetic", word: pieces(inner, { until: "", quoted: true }), quoted }
}

/** What begins with a dollar sign; the sign itself where nothing does. */
const dollar = (source: Source, quoted: boolean): Part => {
  source.at += 1
  if (source.text.startsWith("((", source.at)) {
    source.at += 2
    return arithmetic(source, quoted)
  }
  if (peek(source) === "(") {
    source.at += 1
    const script = source.list(source)
    expectText(source, ")")
    return { kind: "command", script, quoted }
  }
  if (peek(source) === "{") {
    source.at += 1
    return braced(source, quoted)
  }
  const name = plainName(source)
  source.at += name.length
  return name === "" ? text("$", quoted) : { kind: "variable", name, quoted, length: false, operator: "", word: [] }
}

/** Parts up to a sign; inside double quotes where `quoted`. */
export const pieces = (
  source: Source,
  { until, quoted }: { readonly until: string; readonly quoted: boolean }
): Word => {
  const parts: Part[] = []
  let plain = ""
  const flush = () => {
    if (plain !== "") parts.push(text(plain, quoted))
    plain = ""
  }
  while (source.at < source.text.length && !(until !== "" && peek(source) === until)) {
    const sign = peek(source)
    if (sign === "\\") {
      const next = peek(source, 1)
      source.at += 2
      if (next === "\n") continue
      if (quoted && !/[$`"\\}]/.test(next)) plain += `\\${next}`
      else {
        flush()
        parts.push(text(next, true))
      }
    } else if (sign === "$") {
      flush()
      parts.push(dollar(source, quoted))
    } else if (sign === "`") {
      flush()
      parts.push(backQuoted(source, quoted))
    } else if (sign === '"' && until !== '"') {
      flush()
      parts.push(...doubleQuoted(source))
    } else if (sign === "'" && !quoted) {
      flush()
      parts.push(singleQuoted(source))
    } else {
      plain += sign
      source.at += 1
    }
  }
  flush()
  return parts
}

/** What ends a word where it is not quoted. */
const ends = " \t\n;&|<>()"

/** A word; none where nothing begins one. */
export const readWord = (source: Source): Word | null => {
  const parts: Part[] = []
  let plain = ""
  const flush = () => {
    if (plain !== "") parts.push(text(plain, false))
    plain = ""
  }
  const begin = source.at
  while (source.at < source.text.length && !ends.includes(peek(source))) {
    const sign = peek(source)
    if (sign === "\\") {
      if (peek(source, 1) !== "\n") {
        flush()
        parts.push(text(peek(source, 1), true))
      }
      source.at += 2
      continue
    }
    if (!"$`\"'".includes(sign)) {
      plain += sign
      source.at += 1
      continue
    }
    flush()
    if (sign === "$" && peek(source, 1) === "'") {
      source.at += 1
      const quotedPart = singleQuoted(source)
      parts.push(quotedPart.kind === "text" ? text(escapesIn(quotedPart.text), true) : quotedPart)
    } else if (sign === "$") parts.push(dollar(source, false))
    else if (sign === "`") parts.push(backQuoted(source, false))
    else if (sign === '"') parts.push(...doubleQuoted(source))
    else parts.push(singleQuoted(source))
  }
  flush()
  return source.at === begin ? null : parts
}

const letters: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  a: "\x07",
  b: "\b",
  f: "\f",
  v: "\v",
  e: "\x1b"
}

/** A text with what stands behind backslashes in its place. */
export const escapesIn = (value: string): string =>
  value.replaceAll(
    /\\(?:x([0-9a-fA-F]{1,2})|0?([0-7]{1,3})|(.))/gs,
    (_, hex: string, octal: string, letter: string) => {
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16))
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8))
      return letters[letter] ?? (letter === "\\" || letter === "'" || letter === '"' ? letter : `\\${letter}`)
    }
  )

/** Goes past blanks, comments and continued lines. */
export const skipBlanks = (source: Source): void => {
  for (;;) {
    const sign = peek(source)
    if (sign === " " || sign === "\t") source.at += 1
    else if (sign === "\\" && peek(source, 1) === "\n") source.at += 2
    else if (sign === "#") {
      const end = source.text.indexOf("\n", source.at)
      source.at = end < 0 ? source.text.length : end
    } else return
  }
}
