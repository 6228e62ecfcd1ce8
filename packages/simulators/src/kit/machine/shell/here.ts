import type { Redirection, Word } from "./syntax.ts"
import { fail, peek, pieces, readWord, type Source, skipBlanks, text } from "./words.ts"

/** Takes the here-documents that begin after a line break. */
export const readHeres = (source: Source): void => {
  for (const { mark, quoted, tabs, done } of source.heres.splice(0)) {
    let body = ""
    for (;;) {
      if (source.at >= source.text.length) break
      const end = source.text.indexOf("\n", source.at)
      const whole = source.text.slice(source.at, end < 0 ? undefined : end)
      source.at = end < 0 ? source.text.length : end + 1
      const line = tabs ? whole.replace(/^\t+/, "") : whole
      if (line === mark) break
      body += `${line}\n`
    }
    const inner: Source = { ...source, text: body, at: 0, heres: [] }
    done(quoted ? [text(body, true)] : pieces(inner, { until: "", quoted: true }))
  }
}

/** A redirection, with the number before it; none where the text has no redirection. */
export const readRedirection = (source: Source): Redirection | null => {
  const found = /^(\d*)(<<-|<<|<&|>&|<>|>>|>\||<|>)/.exec(source.text.slice(source.at, source.at + 12))
  if (found === null) return null
  const [all, number, operator] = found
  source.at += all.length
  skipBlanks(source)
  const word = readWord(source) ?? fail(source, "word expected")
  const fd = number ? Number(number) : operator?.startsWith("<") ? 0 : 1
  if (operator !== "<<" && operator !== "<<-") return { fd, operator: operator as Redirection["operator"], word }
  const mark = word.map((part) => (part.kind === "text" ? part.text : "")).join("")
  const here: { fd: number; operator: "<<"; word: Word } = { fd, operator: "<<", word: [] }
  const isQuoted = word.some((part) => part.kind === "text" && part.quoted)
  source.heres.push({
    ...{ mark, quoted: isQuoted, tabs: operator === "<<-" },
    done: (body) => {
      here.word = body
    }
  })
  return here
}

/** Goes past line breaks too. */
export const skipLines = (source: Source): void => {
  for (skipBlanks(source); peek(source) === "\n"; skipBlanks(source)) {
    source.at += 1
    readHeres(source)
  }
}
