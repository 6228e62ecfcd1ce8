/** Where the bracket expression ends that begins at an index, or -1. A `]` right after `[` or `[^` is a member. */
const endOfBracket = (pattern: string, start: number): number => {
  const first = pattern[start + 1] === "^" ? start + 2 : start + 1
  return pattern.indexOf("]", first + 1)
}

/** One token of a basic regular expression as JavaScript writes it, and where the next begins; null for a broken one. */
const tokenAt = (pattern: string, index: number): readonly [text: string, next: number] | null => {
  const char = pattern[index] ?? ""
  if (char === "\\") {
    const escaped = pattern[index + 1]
    if (escaped === undefined) return null
    return [/[(){}|+?<>bBwWsS1-9]/.test(escaped) ? special(escaped) : `\\${escaped}`, index + 2]
  }
  if (char === "[") {
    const end = endOfBracket(pattern, index)
    if (end < 0) return null
    return [
      pattern
        .slice(index, end + 1)
        .replaceAll("\\", "\\\\")
        .replace(/^(\[\^?)\]/, "$1\\]"),
      end + 1
    ]
  }
  return [/[(){}|+?/]/.test(char) ? `\\${char}` : char, index + 1]
}

/** What a backslash makes special in a basic expression: groups, repetitions, borders of words. */
const special = (char: string): string =>
  /[bBwWsS1-9]/.test(char) ? `\\${char}` : char === "<" || char === ">" ? "\\b" : char

/** A line's test by a pattern of `grep`, in basic regular expressions; null for an invalid pattern. */
export const grepOf = (pattern: string): ((line: string) => boolean) | null => {
  let source = ""
  for (let index = 0; index < pattern.length; ) {
    const token = tokenAt(pattern, index)
    if (token === null) return null
    source += token[0]
    index = token[1]
  }
  try {
    const expression = new RegExp(source)
    return (line) => expression.test(line)
  } catch {
    return null
  }
}
