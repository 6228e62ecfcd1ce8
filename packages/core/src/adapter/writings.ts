/** A text as it may be written somewhere: each of its characters, and the pattern of everything that stands for it. */
export type Needle = ReadonlyArray<{ readonly char: string; readonly pattern: string }>

/** The pattern of the whole text. */
export const patternOf = (needle: Needle): string => needle.map(({ pattern }) => pattern).join("")

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&")

const hex = (code: number, length: number): string =>
  code
    .toString(16)
    .padStart(length, "0")
    .replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`)

const letters: Readonly<Record<string, string>> = { "\n": "n", "\r": "r", "\t": "t", "\b": "b", "\f": "f" }
const entities: Readonly<Record<string, string>> = { "&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "apos" }

/** `%2F` and `%252f`. */
const inUrl = (char: string): string =>
  [...new TextEncoder().encode(char.toWellFormed())].map((byte) => `%(?:25){0,2}${hex(byte, 2)}`).join("")

/** A backslash, as it is and in a URL: what was quoted may be encoded after that. */
const slash = String.raw`(?:\\|%(?:25){0,2}5[cC])`

/** `\n`, `\u000a` and `\x0a`, without the backslash. */
const inQuotes = (char: string): string => {
  const units = char.split("").map((unit) => unit.charCodeAt(0))
  const [first = 0] = units
  return [
    units.map((unit) => `u${hex(unit, 4)}`).join(`${slash}{1,16}`),
    ...(first < 0x100 && units.length === 1 ? [`x${hex(first, 2)}`] : []),
    ...(letters[char] === undefined ? [] : [letters[char]])
  ].join("|")
}

/** `&quot;`, `&#34;` and `&#x22;`. */
const inHtml = (char: string): string => {
  const code = char.codePointAt(0) ?? 0
  const name = entities[char] === undefined ? "" : `${entities[char]}|`
  return `(?:&|%26)(?:amp(?:;|%3[bB]))?(?:${name}(?:#|%23)(?:0*${code}|[xX]0*${hex(code, 1)}))(?:;|%3[bB])`
}

const patternIn = (char: string, before: string | undefined): string => {
  if (/^[A-Za-z0-9]$/.test(char)) return char
  if (char.startsWith("\\")) {
    const { length } = char
    return `(?:${slash}{${length},${length * 16}}|(?:${inHtml("\\")}){${length}})`
  }
  // What is half a character is written as U+FFFD where it is sent.
  const other = char === " " ? ["\\+", "%2[bB]"] : char.isWellFormed() ? [] : [char.toWellFormed()]
  const plain = [inUrl(char), inHtml(char), escaped(char), ...other].join("|")
  const slashes = before?.startsWith("\\") ? "" : `${slash}{0,16}`
  return `(?:${slash}{1,16}(?:${inQuotes(char)})|${slashes}(?:${plain}))`
}

/** The text as JSON, URLs, HTML and the quotes of programming languages write it. */
export const needleOf = (text: string): Needle =>
  (text.match(/\\+|[\s\S]/gu) ?? []).map((char, index, all) => ({ char, pattern: patternIn(char, all[index - 1]) }))

const base64 = (bytes: Uint8Array): string => {
  let binary = ""
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}

/** The characters of base64 that a text alone decides, wherever it stands in what was encoded. */
export const base64Needles = (text: string): ReadonlyArray<Needle> => {
  const bytes = new TextEncoder().encode(text.toWellFormed())
  return [0, 1, 2].flatMap((offset) => {
    const shifted = new Uint8Array(offset + bytes.length)
    shifted.set(bytes, offset)
    const form = base64(shifted).slice(Math.ceil((offset * 8) / 6), Math.floor((shifted.length * 8) / 6))
    return form.length < 4 ? [] : [form.split("").map((char) => ({ char, pattern: base64Signs[char] ?? char }))]
  })
}

const base64Signs: Readonly<Record<string, string>> = { "+": "(?:[+-]|%2[bB])", "/": "(?:[/_]|%2[fF]|\\\\{1,16}/)" }

/** Half of an escape, where a text was cut off in the midst of one. */
const half = String.raw`(?:%(?:25)*[\da-f]?|\\+(?:u[\da-f]{0,3}|x[\da-f]?)?|&[\w#]{0,6})?`
const marks = String.raw`\.{2,}|…|%e2%80%a6|&hellip;|\\+u2026|[([<]\s*(?:truncated|cut|snip)`
const quotes = String.raw`<\/|\\*["']|&quot;|%2[27]`

/** A text ends here, or its quotes or its page do, or it says that it goes on. */
const end = new RegExp(String.raw`${half}(?:\s|%20)*(?:${marks}|${quotes}|$)`, "iy")

/** So many characters at the beginning of a secret give it away. */
const beginning = 4

/** Takes out beginnings of needles where the text was cut off. */
export const cutter = (needles: ReadonlyArray<Needle>): ((text: string, blank: string) => string) => {
  const steps = new Map<string, RegExp>()
  const stepOf = (pattern: string): RegExp => {
    const step = steps.get(pattern) ?? new RegExp(pattern, "y")
    steps.set(pattern, step)
    return step
  }
  const heads = needles.map((needle) => ({ needle, head: new RegExp(patternOf(needle.slice(0, beginning)), "g") }))
  /** Where the beginning that starts there may come to its end: `%25` is one sign, or three. */
  const endsOf = (text: string, needle: Needle, from: number): ReadonlySet<number> => {
    let ends: ReadonlySet<number> = new Set([from])
    for (const { char, pattern } of needle.slice(beginning)) {
      const next = new Set<number>()
      for (const at of ends) {
        for (const step of [stepOf(pattern), stepOf(pattern.replaceAll("{0,2}", "{0,2}?"))]) {
          step.lastIndex = at
          if (step.test(text)) next.add(step.lastIndex)
        }
        if (text.startsWith(char, at)) next.add(at + char.length)
      }
      if (next.size === 0) break
      ends = next
    }
    return ends
  }
  const isEnd = (text: string, at: number): boolean => {
    end.lastIndex = at
    return end.test(text)
  }
  return (given, blank) => {
    let text = given
    for (const { needle, head } of heads) {
      head.lastIndex = 0
      for (let found = head.exec(text); found; found = head.exec(text)) {
        const to = [...endsOf(text, needle, head.lastIndex)].find((at) => isEnd(text, at))
        if (to === undefined) {
          head.lastIndex = found.index + 1
          continue
        }
        text = text.slice(0, found.index) + blank + text.slice(to)
        head.lastIndex = found.index + blank.length
      }
    }
    return text
  }
}
