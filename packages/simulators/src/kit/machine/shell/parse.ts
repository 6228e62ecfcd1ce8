import { readHeres, readRedirection, skipLines } from "./here.ts"
import type { Chain, Command, Compound, Pipeline, Redirection, Script, Word } from "./syntax.ts"
import { ScriptError } from "./syntax.ts"
import { expectText, peek, readWord, type Source, skipBlanks } from "./words.ts"

/** Words that end a list where they stand in the place of a command. */
const closers = new Set(["then", "else", "elif", "fi", "do", "done", "esac", "}"])

/** The word that stands next, where it is plain; nothing is taken. */
const plainAhead = ({ text, at }: Source): string =>
  /^[A-Za-z_!{}][\w]*(?=[\s;&|<>()]|$)|^[{}!](?=\s|$)/.exec(text.slice(at, at + 100))?.[0] ?? ""

const unexpected = (source: Source): never => {
  const line = source.text.slice(0, source.at).split("\n").length
  const what = source.at >= source.text.length ? "end of file" : `"${plainAhead(source) || peek(source)}"`
  throw new ScriptError(`${line}: Syntax error: ${what} unexpected`)
}

const keyword = (source: Source, word: string): void => {
  skipLines(source)
  if (plainAhead(source) !== word) unexpected(source)
  source.at += word.length
}

const bodyBetween = (source: Source, first: string, last: string): Script => {
  keyword(source, first)
  const body = list(source)
  keyword(source, last)
  return body
}

const readIf = (source: Source): Compound => {
  const branches: Array<readonly [Script, Script]> = []
  let otherwise: Script | null = null
  const branch = () => {
    const condition = list(source)
    keyword(source, "then")
    branches.push([condition, list(source)])
    skipLines(source)
  }
  branch()
  while (plainAhead(source) === "elif") {
    source.at += 4
    branch()
  }
  if (plainAhead(source) === "else") {
    source.at += 4
    otherwise = list(source)
  }
  keyword(source, "fi")
  return { kind: "if", branches, otherwise }
}

const readFor = (source: Source): Compound => {
  skipBlanks(source)
  const name = /^[A-Za-z_]\w*/.exec(source.text.slice(source.at, source.at + 200))?.[0] ?? unexpected(source)
  source.at += name.length
  skipBlanks(source)
  let words: Word[] | null = null
  if (peek(source) === "\n") skipLines(source)
  if (plainAhead(source) === "in") {
    source.at += 2
    words = []
    for (skipBlanks(source); ; skipBlanks(source)) {
      const word = readWord(source)
      if (word === null) break
      words.push(word)
    }
  }
  if (peek(source) === ";") source.at += 1
  return { kind: "for", name, words, body: bodyBetween(source, "do", "done") }
}

const readCase = (source: Source): Compound => {
  skipBlanks(source)
  const word = readWord(source) ?? unexpected(source)
  keyword(source, "in")
  const items: Array<{ readonly patterns: ReadonlyArray<Word>; readonly body: Script }> = []
  for (skipLines(source); plainAhead(source) !== "esac"; skipLines(source)) {
    if (peek(source) === "(") source.at += 1
    const patterns: Word[] = []
    for (;;) {
      skipBlanks(source)
      patterns.push(readWord(source) ?? unexpected(source))
      skipBlanks(source)
      if (peek(source) !== "|") break
      source.at += 1
    }
    expectText(source, ")")
    items.push({ patterns, body: list(source) })
    skipLines(source)
    if (source.text.startsWith(";;", source.at)) source.at += 2
    else if (plainAhead(source) !== "esac") unexpected(source)
  }
  source.at += 4
  return { kind: "case", word, items }
}

const readCompound = (source: Source): Compound | null => {
  if (peek(source) === "(") {
    source.at += 1
    const body = list(source)
    skipLines(source)
    expectText(source, ")")
    return { kind: "subshell", body }
  }
  const word = plainAhead(source)
  const begin = () => {
    source.at += word.length
  }
  switch (word) {
    case "{": {
      begin()
      const body = list(source)
      keyword(source, "}")
      return { kind: "group", body }
    }
    case "if":
      begin()
      return readIf(source)
    case "while":
    case "until": {
      begin()
      const condition = list(source)
      return { kind: "loop", until: word === "until", condition, body: bodyBetween(source, "do", "done") }
    }
    case "for":
      begin()
      return readFor(source)
    case "case":
      begin()
      return readCase(source)
    default:
      return null
  }
}

const readFunction = (source: Source): Compound | null => {
  const found = /^([A-Za-z_]\w*)[ \t]*\([ \t]*\)/.exec(source.text.slice(source.at, source.at + 200))
  if (found === null) return null
  source.at += found[0].length
  skipLines(source)
  return { kind: "function", name: found[1] ?? "", body: command(source) }
}

const assignmentIn = (word: Word): readonly [string, Word] | null => {
  const [first, ...rest] = word
  if (first?.kind !== "text" || first.quoted) return null
  const found = /^([A-Za-z_]\w*)=(.*)$/s.exec(first.text)
  if (found === null) return null
  const value = found[2] ?? ""
  return [found[1] ?? "", value === "" ? rest : [{ ...first, text: value }, ...rest]]
}

const simple = (source: Source): Command => {
  const assignments: Array<readonly [string, Word]> = []
  const words: Word[] = []
  const redirections: Redirection[] = []
  for (skipBlanks(source); ; skipBlanks(source)) {
    const redirection = readRedirection(source)
    if (redirection !== null) {
      redirections.push(redirection)
      continue
    }
    const word = readWord(source)
    if (word === null) break
    const assignment = words.length === 0 ? assignmentIn(word) : null
    if (assignment !== null) assignments.push(assignment)
    else words.push(word)
  }
  if (assignments.length + words.length + redirections.length === 0) unexpected(source)
  return { kind: "simple", assignments, words, redirections }
}

const command = (source: Source): Command => {
  skipBlanks(source)
  const compound = readCompound(source) ?? readFunction(source)
  if (compound === null) return simple(source)
  const redirections: Redirection[] = []
  for (skipBlanks(source); ; skipBlanks(source)) {
    const redirection = compound.kind === "function" ? null : readRedirection(source)
    if (redirection === null) return { ...compound, redirections }
    redirections.push(redirection)
  }
}

const pipeline = (source: Source): Pipeline => {
  skipBlanks(source)
  let negated = false
  while (plainAhead(source) === "!") {
    source.at += 1
    negated = !negated
    skipBlanks(source)
  }
  const commands = [command(source)]
  for (skipBlanks(source); peek(source) === "|" && peek(source, 1) !== "|"; skipBlanks(source)) {
    source.at += 1
    skipLines(source)
    commands.push(command(source))
  }
  return { negated, commands }
}

const chain = (source: Source): Chain => {
  const first = pipeline(source)
  const rest: Array<readonly ["&&" | "||", Pipeline]> = []
  for (skipBlanks(source); ; skipBlanks(source)) {
    const operator = (["&&", "||"] as const).find((one) => source.text.startsWith(one, source.at))
    if (operator === undefined) break
    source.at += 2
    skipLines(source)
    rest.push([operator, pipeline(source)])
  }
  const background = peek(source) === "&"
  return { first, rest, background }
}

const list = (source: Source): Script => {
  const chains: Chain[] = []
  for (skipLines(source); source.at < source.text.length; skipLines(source)) {
    if (peek(source) === ")" || source.text.startsWith(";;", source.at) || closers.has(plainAhead(source))) break
    chains.push(chain(source))
    skipBlanks(source)
    if (source.text.startsWith(";;", source.at)) break
    if (peek(source) === ";" || peek(source) === "&") source.at += 1
    else if (peek(source) !== "\n") break
  }
  return chains
}

/** Reads a whole script; throws {@link ScriptError}. */
export const parse = (text: string): Script => {
  const source: Source = { text, at: 0, heres: [], list }
  const script = list(source)
  readHeres(source)
  if (source.at < text.length) unexpected(source)
  return script
}
