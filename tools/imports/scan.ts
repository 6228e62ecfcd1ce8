/** A source text in two forms of the same length, so that an offset means the same in both. */
export interface Masked {
  /** Without comments; strings are there. */
  readonly code: string
  /** Without comments and without what strings, templates and regular expressions hold. */
  readonly bare: string
}

/** One import, export-from, dynamic import or require of a file. */
export interface Import {
  readonly specifier: string
  readonly line: number
  /** It leaves no trace in the JavaScript: `import type`, `export type`, and `import("x").Name` as a type. */
  readonly erased: boolean
  /** `X` of `import * as X from`. */
  readonly namespace: string | null
  /** The names in braces, as the other module calls them. */
  readonly names: ReadonlyArray<string>
}

/** After these, a slash begins a regular expression and does not divide. */
const beforeRegex = /(^|[=(,[{;:!&|?+\-*%<>~^}]|\b(return|typeof|case|in|of|do|else|void|delete|await|yield))$/

/** Where the regular expression at `start` ends; -1 when its line ends first. */
const endOfRegex = (text: string, start: number): number => {
  let inClass = false
  for (let at = start + 1; at < text.length && text[at] !== "\n"; at++) {
    if (text[at] === "\\") at++
    else if (text[at] === "[") inClass = true
    else if (text[at] === "]") inClass = false
    else if (text[at] === "/" && !inClass) return at
  }
  return -1
}

/** Blanks comments, and in `bare` also what is quoted. Small and forgiving: it knows quotes, not grammar. */
export const mask = (text: string): Masked => {
  const code = text.split("")
  const bare = [...code]
  /** One entry per open template: how many braces are open in its current `${}`; -1 while in its text. */
  const templates: number[] = []
  const blank = (target: string[], from: number, to: number) => {
    for (let at = from; at < to; at++) if (target[at] !== "\n") target[at] = " "
  }
  let word = ""
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? ""
    const depth = templates.at(-1)
    if (depth === -1) {
      if (char === "\\") blank(bare, at, ++at + 1)
      else if (char === "`") templates.pop()
      else if (char === "$" && text[at + 1] === "{") {
        templates[templates.length - 1] = 0
        at++
      } else blank(bare, at, at + 1)
      word = "`"
      continue
    }
    if (char === "/" && (text[at + 1] === "/" || text[at + 1] === "*")) {
      const close = text[at + 1] === "/" ? text.indexOf("\n", at) : text.indexOf("*/", at + 2) + 2
      const end = close < at + 2 ? text.length : close
      blank(code, at, end)
      blank(bare, at, end)
      at = end - 1
      continue
    }
    if (char === '"' || char === "'") {
      let end = at + 1
      while (end < text.length && text[end] !== char && text[end] !== "\n") end += text[end] === "\\" ? 2 : 1
      blank(bare, at + 1, end)
      at = end
    } else if (char === "`") {
      templates.push(-1)
      continue
    } else if (char === "/" && beforeRegex.test(word)) {
      const end = endOfRegex(text, at)
      if (end > 0) {
        blank(code, at + 1, end)
        blank(bare, at + 1, end)
        at = end
      }
    } else if (depth !== undefined && char === "{") {
      templates[templates.length - 1] = depth + 1
    } else if (depth !== undefined && char === "}") {
      templates[templates.length - 1] = depth - 1
    }
    word = /\s/.test(char) ? word : /\w/.test(char) && /\w$/.test(word) ? word + char : char
  }
  return { code: code.join(""), bare: bare.join("") }
}

/** The line of an offset, from 1. */
export const lineAt = (text: string, offset: number): number => text.slice(0, offset).split("\n").length

const names = "\\{[^{}]*\\}"
const star = "\\*(?:\\s*as\\s+[\\w$]+)?"
const clause = `(?:${names}|${star}|[\\w$]+(?:\\s*,\\s*(?:${names}|${star}))?)`
const statement = new RegExp(
  `\\b(?:import|export)\\s*(type\\b(?!\\s*(?:from|,)\\b))?\\s*(${clause})\\s*from\\s*["']`,
  "g"
)
const bareImport = /\bimport\s*["']/g
const call = /\b(import|require)\s*\(\s*["'`]/g

/** The names before an optional `as`, without `type`. */
const namesIn = (text: string): ReadonlyArray<string> =>
  (/\{([^{}]*)\}/.exec(text)?.[1] ?? "")
    .split(",")
    .map(
      (name) =>
        name
          .trim()
          .replace(/^type\s+/, "")
          .split(/\s+as\s+/)[0] ?? ""
    )
    .filter((name) => name !== "")

/** Everything a file imports, in the order of the text. */
export const importsOf = (text: string, { code, bare } = mask(text)): ReadonlyArray<Import> => {
  const found: Array<Import & { readonly at: number }> = []
  const add = (quote: number, more: Partial<Import>) => {
    const end = code.indexOf(code[quote] ?? '"', quote + 1)
    const specifier = code.slice(quote + 1, end)
    const line = lineAt(text, quote)
    found.push({ at: quote, specifier, line, erased: false, namespace: null, names: [], ...more })
  }
  for (const match of bare.matchAll(statement)) {
    const [whole, type, words = ""] = match
    const namespace = /\*\s*as\s+([\w$]+)/.exec(words)?.[1] ?? null
    add(match.index + whole.length - 1, { erased: type !== undefined, namespace, names: namesIn(words) })
  }
  for (const match of bare.matchAll(bareImport)) add(match.index + match[0].length - 1, {})
  for (const match of bare.matchAll(call)) {
    const quote = match.index + match[0].length - 1
    const before = bare.slice(0, match.index).trimEnd()
    // `import("x").Name` without `await` or `then` is a type.
    const after = bare.slice(quote).replace(/^["'`][^"'`]*["'`]\s*\)/, "")
    const value = /\bawait$/.test(before) || /^\s*\.\s*then\b/.test(after) || !/^\s*\.\s*[A-Z]/.test(after)
    add(quote, { erased: match[1] === "import" && !value })
  }
  return found.sort((a, b) => a.at - b.at).map(({ at: _, ...rest }) => rest)
}
