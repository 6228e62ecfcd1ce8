import { InvalidRequest } from "anygpu"

/*
 * What is ours in a file of somebody: the lines between two marks. All else stays as it is, byte by byte.
 */

const begin = "# anygpu: begin (written by anygpu; lines of your own go before or after)"
const end = "# anygpu: end"

const isBegin = (line: string): boolean => line.startsWith("# anygpu: begin")
const isEnd = (line: string): boolean => line.trimEnd() === end

/** A text in three parts: before the marks, the lines between them, and after them. */
interface Parts {
  readonly before: string
  /** Null where there are no marks. */
  readonly lines: ReadonlyArray<string> | null
  readonly after: string
}

/** The lines of a text with their ends. */
const linesOf = (text: string): ReadonlyArray<string> => text.match(/[^\n]*\n|[^\n]+$/g) ?? []

/** Finds the marks. Throws `InvalidRequest` where they are not one pair: nobody knows then what is whose. */
export const partsOf = (text: string, path: string): Parts => {
  const lines = linesOf(text)
  const [begins, ends] = [lines.filter(isBegin).length, lines.filter(isEnd).length]
  if (begins === 0 && ends === 0) return { before: "", lines: null, after: text }
  const [first, last] = [lines.findIndex(isBegin), lines.findIndex(isEnd)]
  if (begins !== 1 || ends !== 1 || last < first) {
    const problem = `${path} has marks of anygpu that are not one pair: remove the lines that begin with "# anygpu:"`
    throw InvalidRequest.of("ssh-config", problem)
  }
  return {
    before: lines.slice(0, first).join(""),
    lines: lines.slice(first + 1, last).map((line) => line.replace(/\r?\n$/, "")),
    after: lines.slice(last + 1).join("")
  }
}

/** The text with these lines between the marks; where there were none, they come first. Without lines, without marks. */
export const withLines = (text: string, lines: ReadonlyArray<string>, path: string): string => {
  const { before, after } = partsOf(text, path)
  if (lines.length === 0) return `${before}${after}`
  const ending = text.includes("\r\n") ? "\r\n" : "\n"
  const block = [begin, ...lines, end].map((line) => `${line}${ending}`).join("")
  return `${before}${block}${after}`
}
