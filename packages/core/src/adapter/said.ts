import type { Answer } from "./answer.ts"

/** One text of a refusal, and the names of the fields that it lies under, outermost first. */
export interface Saying {
  readonly under: ReadonlyArray<string>
  readonly text: string
}

const longest = 300

/** A longer text is cut: what refuses says so at its beginning. */
const longestText = 4000

const deepest = 4
const most = 20

/** Names of fields with a sentence, for people. */
const sentences: ReadonlyArray<string> = ["msg", "message", "detail", "title", "reason", "error_description"]

/** Names of fields with a word, for programs. */
const codes: ReadonlyArray<string> = ["code", "error_code", "type"]

/** Every name under which a cloud says what went wrong. What else a body holds may repeat what was sent, and is not read. */
const names: ReadonlyArray<string> = [...sentences, "error", "errors", ...codes]

const sayingsOf = (value: unknown, under: ReadonlyArray<string>): ReadonlyArray<Saying> => {
  if (typeof value === "string") {
    const text = value.slice(0, longestText).trim()
    return text === "" ? [] : [{ under, text }]
  }
  if (typeof value !== "object" || value === null || under.length >= deepest) return []
  if (Array.isArray(value)) return value.slice(0, most).flatMap((one: unknown) => sayingsOf(one, under))
  const fields = value as Readonly<Record<string, unknown>>
  return names.flatMap((name) => (Object.hasOwn(fields, name) ? sayingsOf(fields[name], [...under, name]) : []))
}

/**
 * Every text by which an answer says what went wrong, however deep it lies.
 *
 * - Reads `{"error":{"code","message"}}`, `{"errors":[{"message"}]}` and `{"detail":[{"msg"}]}` like `{"error","message"}`.
 * - A body that is no JSON is one text under no name; a web page says nothing.
 */
export const sayingsIn = ({
  json,
  text,
  headers
}: Pick<Answer, "json" | "text" | "headers">): ReadonlyArray<Saying> => {
  if (json !== undefined) return sayingsOf(json, []).slice(0, most)
  return /^\s*</.test(text) || headers["content-type"]?.includes("html") ? [] : sayingsOf(text, [])
}

const lastOf = ({ under }: Saying): string => under.at(-1) ?? ""

const sentenceIn = (sayings: ReadonlyArray<Saying>): Saying | undefined =>
  sayings.find((one) => sentences.includes(lastOf(one))) ?? sayings[0]

const cut = (text: string): string => (text.length > longest ? `${text.slice(0, longest)}…` : text)

/** The first sentence of a refusal, or its code where it has none; cut at 300 characters. */
export const sentenceOf = (answer: Pick<Answer, "json" | "text" | "headers">): string =>
  cut(sentenceIn(sayingsIn(answer))?.text ?? "")

/** The cloud's own words: {@link sentenceOf}, with its code where the sentence has it not. */
export const wordsOf = (answer: Pick<Answer, "json" | "text" | "headers">): string => {
  const sayings = sayingsIn(answer)
  const sentence = sentenceIn(sayings)
  if (!sentence) return ""
  const code = sayings.find((one) => one !== sentence && ["error", ...codes].includes(lastOf(one)))?.text
  const said = cut(sentence.text)
  return code === undefined || code.length > longest || sentence.text.includes(code) ? said : `${said} [${code}]`
}
