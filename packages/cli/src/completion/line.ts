/** A command line up to the cursor: the words before the one that is being written, and that one, as far as it goes. */
export interface Line {
  readonly before: ReadonlyArray<string>
  readonly current: string
}

/** One word of a shell, with its quotes and backslashes. */
const word = /(?:\\.|"(?:\\.|[^"\\])*"?|'[^']*'?|[^\s\\"'])+/gs

const unquoted = (text: string): string =>
  text.replace(/\\(.)|"((?:\\.|[^"\\])*)"?|'([^']*)'?/gs, (_, escaped?: string, double?: string, single?: string) => {
    return escaped ?? double?.replace(/\\(["\\$`])/g, "$1") ?? single ?? ""
  })

/** What stands before the cursor in bash, whose own words break at `=`, `:` and `@`: without the name of the command. */
export const lineOf = (text: string): Line => {
  const words = Array.from(text.matchAll(word), ([found]) => unquoted(found)).slice(1)
  return /(^|[^\\])\s$/.test(text)
    ? { before: words, current: "" }
    : { before: words.slice(0, -1), current: words.at(-1) ?? "" }
}

/** How much of the current word bash does not replace: all up to the last character at which its words break. */
export const keptByBash = (current: string): number =>
  Math.max(...["=", ":", "@"].map((letter) => current.lastIndexOf(letter))) + 1
