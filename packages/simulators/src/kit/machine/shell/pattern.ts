import { posix } from "node:path"
import type { Files } from "../files.ts"

/** A text in a pattern in which nothing means anything but itself. */
export const escapePattern = (text: string): string => text.replaceAll(/[\\*?[\]]/g, "\\$&")

const classes: Readonly<Record<string, string>> = {
  alpha: "a-zA-Z",
  digit: "0-9",
  alnum: "a-zA-Z0-9",
  space: "\\s",
  upper: "A-Z",
  lower: "a-z",
  punct: "!-\\/:-@\\[-`{-~"
}

const setOf = (inner: string): string => {
  const negated = /^[!^]/.test(inner)
  const body = (negated ? inner.slice(1) : inner)
    .replaceAll(/\[:(\w+):\]/g, (_, name: string) => classes[name] ?? "")
    .replaceAll(/\\(?![s\\/[\]-])/g, "\\\\")
    .replaceAll("[", "\\[")
  return `[${negated ? "^" : ""}${body.startsWith("]") ? `\\${body}` : body}]`
}

/** What a pattern matches, as the source of a regular expression; `star` is what `*` stands for. */
const sourceOf = (pattern: string, star: string, one: string): string => {
  let source = ""
  for (let at = 0; at < pattern.length; at++) {
    const sign = pattern[at] ?? ""
    const set = sign === "[" ? /^\[([!^]?\]?(?:\[:\w+:\]|[^\]])*)\]/.exec(pattern.slice(at)) : null
    if (sign === "\\") {
      at += 1
      source += (pattern[at] ?? "\\").replaceAll(/[.*+?^${}()|[\]\\/]/g, "\\$&")
    } else if (set !== null) {
      source += setOf(set[1] ?? "")
      at += set[0].length - 1
    } else if (sign === "*") source += star
    else if (sign === "?") source += one
    else source += sign.replaceAll(/[.+^${}()|[\]\\/]/g, "\\$&")
  }
  return source
}

/** Whether a text is what a pattern means. */
export const matches = (text: string, pattern: string): boolean =>
  new RegExp(`^(?:${sourceOf(pattern, "[^]*", "[^]")})$`, "u").test(text)

/** A text without the part at its begin or end that a pattern means: the shortest, or the longest. */
export const trimmed = (text: string, pattern: string, operator: string): string => {
  const lengths = Array.from({ length: text.length + 1 }, (_, index) => index)
  const ordered = operator.length === 2 ? lengths.reverse() : lengths
  const fromEnd = operator.startsWith("%")
  const rule = new RegExp(`^(?:${sourceOf(pattern, "[^]*", "[^]")})$`, "u")
  const found = ordered.find((length) => rule.test(fromEnd ? text.slice(text.length - length) : text.slice(0, length)))
  if (found === undefined) return text
  return fromEnd ? text.slice(0, text.length - found) : text.slice(found)
}

/** The paths that a pattern means; none where no path fits, or it is not a pattern. */
export const pathsOf = (files: Files, cwd: string, pattern: string): ReadonlyArray<string> => {
  if (!/(?<!\\)[*?[]/.test(pattern)) return []
  const isAbsolute = pattern.startsWith("/")
  let found: ReadonlyArray<string> = [isAbsolute ? "/" : ""]
  for (const part of pattern.split("/").filter(Boolean)) {
    const rule = new RegExp(`^(?:${sourceOf(part, "[^/]*", "[^/]")})$`, "u")
    found = found.flatMap((base) => {
      const node = files.find(posix.resolve(cwd, base))
      if (node?.kind !== "folder") return []
      const names = part.startsWith(".") ? [".", "..", ...files.names(node)] : files.names(node)
      return names
        .filter((name) => rule.test(name) && (part.startsWith(".") || !name.startsWith(".")))
        .map((name) => (base === "" ? name : posix.join(base, name)))
    })
  }
  return pattern.endsWith("/") ? found.map((path) => `${path}/`) : found
}
