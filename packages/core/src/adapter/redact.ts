import * as Redacted from "effect/Redacted"
import { type ErrorFields, type GpuError, withContext } from "../errors.ts"
import { base64Needles, cutter, type Needle, needleOf, patternOf } from "./writings.ts"

/** A secret, wrapped or bare. */
export type Secret = string | Redacted.Redacted<string>

/** Takes known secrets out of whatever is about to be shown. */
export interface Redactor {
  /** The text with every secret, and every value under a field name that holds secrets, replaced by `<redacted>`. */
  readonly text: (text: string) => string
  /** The same over parsed JSON; numbers, booleans and shapes stay. */
  readonly json: (value: unknown) => unknown
  /** The same over every field of an error; its cause becomes a plain Error with a message and a code. */
  readonly error: <E extends GpuError>(error: E) => E
}

const blank = "<redacted>"

/** Field names whose values are secrets in any cloud's JSON, without case, `_` and `-`. */
const secretName = /(apikey|token|password|passwd|secret|authorization|imagelogin|privatekey|sshkey|onstart|resulturl)$/
const secretNames = /^(env|extraenv|imageargs)$/

const holdsSecrets = (name: string): boolean => {
  const plain = name.toLowerCase().replace(/[_-]/g, "")
  return secretName.test(plain) || secretNames.test(plain)
}

/** `"name": "value"` (also cut off), `"name": 123`, `name=value`, and a header line of Authorization. */
const quotedField = /(["'])([\w-]+)\1(\s*:\s*)("(?:[^"\\]|\\.)*(?:"|$)|'[^']*(?:'|$)|[^\s,}\]{["']+)/g
const assignment = /\b([\w-]+)=([^\s&"'<>,;]+)/g
const authorization = /\b(authorization\s*[:=]\s*)(?:(?:bearer|basic|x-api-key)\s+)?[^\s"',<>]+/gi

const opened = /(["'])([\w-]+)\1\s*:\s*(?=[[{])/g

/** Text that is not JSON has no ends to rely on: a list or object of secrets is taken out with all that follows it. */
const withoutOpened = (text: string): string => {
  for (const match of text.matchAll(opened)) {
    if (holdsSecrets(match[2] ?? "")) return text.slice(0, match.index + match[0].length) + blank
  }
  return text
}

const blankNamed = (text: string): string =>
  withoutOpened(text)
    .replace(quotedField, (all, quote, name, colon) =>
      holdsSecrets(name) ? `${quote}${name}${quote}${colon}${quote}${blank}${quote}` : all
    )
    .replace(assignment, (all, name) => (holdsSecrets(name) ? `${name}=${blank}` : all))
    .replace(authorization, `$1${blank}`)

/** A value goes up to its closing quote, or up to the next space. */
const anyValue = String.raw`(?:(?:"(?:[^"\\]|\\.)*(?:"|$)|'[^']*(?:'|$))\S*|(?:\\.|\S)+)`
const anyName = String.raw`[A-Za-z_][\w.-]*=(?!=)`
const assigned = new RegExp(
  String.raw`(["'])(${anyName})(?:\\.|(?!\1)[^\\])*(\1|$)|(?<![\w-])((?:-e)?${anyName})${anyValue}`,
  "g"
)
const passwordOption = new RegExp(
  String.raw`(?<![\w-])((?:-p|--password)["']?(?:\s*[,=]\s*|\s+))(?:${blank}(?=["',\]\s]|$)|"[^"]*"|${anyValue})`,
  "g"
)
const passwordJoined = /(\blogin\b[^\n]*?\s-p)(?=[^\s"',=])\S+/g
const urlCredentials = /(:\/\/)(?:[^\s/?#@:]*:(?!\d+\/)\S*|[^\s/?#]+)@/g

/** Without any of these no pattern above can match. */
const assigning = /[=<"']|:\/\/|-p|authorization/i

/**
 * Takes out of a cloud's free text what was given to a program there: the values of `NAME=value`, `-p value` and
 * `--password value`, the credentials in URLs, and the values of fields that hold secrets.
 *
 * - For text whose secrets are not known, such as the Docker error of a machine that somebody else rented.
 */
export const maskAssignments = (text: string): string => {
  if (!assigning.test(text)) return text
  const masked = text
    .replace(urlCredentials, `$1${blank}@`)
    .replace(passwordOption, `$1${blank}`)
    .replace(passwordJoined, `$1${blank}`)
    .replace(assigned, (_, quote, quoted, end, plain) =>
      plain === undefined ? `${quote}${quoted}${blank}${end}` : `${plain}${blank}`
    )
  return blankNamed(masked).replace(/(?:<redacted>){2,}/g, blank)
}

/** Every way in which a secret is written: in messages, URLs, HTML and JSON, and in base64, by itself or in JSON. */
const needlesOf = (secret: string): ReadonlyArray<Needle> => {
  const json = JSON.stringify(secret).slice(1, -1)
  return [needleOf(secret), ...base64Needles(secret), ...(json === secret ? [] : base64Needles(json))]
}

const memoized = <A>(make: () => A): (() => A) => {
  let made: { readonly value: A } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

/** Every text inside a value, numbers included: what a sensitive field may give away. */
export const stringsIn = (value: unknown): ReadonlyArray<string> => {
  if (typeof value === "string") return [value]
  if (typeof value === "number" || typeof value === "bigint") return [String(value)]
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(stringsIn) : []
}

/**
 * What in a command, a script or a login may be a secret by itself: words of eight characters or more with a digit,
 * between spaces, and between quotes and other signs.
 */
export const wordsIn = (text: string): ReadonlyArray<string> =>
  [...text.split(/\s+/), ...text.split(/[\s"'`=:;|&<>(){},\\]+/)].filter((word) => word.length >= 8 && /\d/.test(word))

/** The text of one secret; plain JavaScript may give anything. What is no text is none. */
const textsOf = (secret: unknown): ReadonlyArray<string> => {
  if (!Redacted.isRedacted(secret)) return typeof secret === "object" ? [] : stringsIn(secret)
  try {
    return textsOf(Redacted.value(secret))
  } catch {
    return []
  }
}

/** Words that every message is made of: who sets a variable to one of them tells nothing by it. */
const everyday = new Set("all and are for has is it no not of off on or the to was yes".split(" "))

/** A short secret is found as a word of its own, not as a part of a host or a path, nor as a name in JSON. */
const asWord = (word: string): string =>
  `(?<![\\w\\u00c0-\\uffff/.-])${patternOf(needleOf(word))}(?![\\w\\u00c0-\\uffff/-]|\\.\\w|["']\\s*:)`

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype

/**
 * Makes the redactor of some secrets.
 *
 * - Finds each secret as it is, and as URLs, JSON, HTML, quotes of programming languages and base64 write it.
 * - Finds the beginning of a secret (four characters or more) where a text was cut off: at its end, or before dots.
 * - Finds a secret of two or three characters only as a word of its own, and a single character not at all.
 * - `words` are parts of long secrets, of which only the whole is found in base64.
 * - Costs nothing until it is used.
 */
export const makeRedactor = (secrets: Iterable<Secret>, words: () => Iterable<string> = () => []): Redactor => {
  const compiled = memoized(() => {
    const bare = [...new Set([...secrets].flatMap(textsOf))]
    const trimmed = [...new Set(bare.map((secret) => secret.trim()))].sort((a, b) => b.length - a.length)
    const parts = [...new Set(words())].sort((a, b) => b.length - a.length).map(needleOf)
    const needles = [...trimmed.filter(({ length }) => length >= 4).flatMap(needlesOf), ...parts]
    const short = trimmed.filter((word) => (word.length === 2 || word.length === 3) && !everyday.has(word))
    const found = [blank, ...needles.map(patternOf)]
    return {
      withoutCut: cutter(needles),
      names: new RegExp(found.join("|"), "g"),
      values: new RegExp([...found, ...short.map(asWord)].join("|"), "g")
    }
  })

  const without = (pattern: RegExp, shown: string): string =>
    blankNamed(compiled().withoutCut(shown.replace(pattern, blank), blank))
  const text = (shown: string): string => without(compiled().values, shown)

  const json = (value: unknown): unknown => {
    if (typeof value === "string") return text(value)
    if (Array.isArray(value)) return value.map(json)
    if (!isPlain(value)) return value
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [
        without(compiled().names, name),
        holdsSecrets(name) && inner ? blank : json(inner)
      ])
    )
  }

  const plainCause = (cause: unknown): Error | undefined => {
    if (cause === undefined) return undefined
    const message = cause instanceof Error ? cause.message : typeof cause === "string" ? cause : "not an Error"
    const plain = new Error(text(message))
    const code = typeof cause === "object" && cause !== null && "code" in cause ? cause.code : undefined
    return typeof code === "string" ? Object.assign(plain, { code: text(code) }) : plain
  }

  return {
    text,
    json,
    error: (error) => {
      const { http, requestId } = error
      const fields: Partial<ErrorFields> & { readonly issues?: unknown; readonly path?: unknown } = {
        message: text(error.message),
        requestId: requestId === undefined ? undefined : text(requestId),
        http: http === undefined ? undefined : { ...http, url: text(http.url) },
        cause: plainCause(error.cause),
        ...("issues" in error ? { issues: json(error.issues) } : {}),
        ...("path" in error ? { path: text(error.path) } : {})
      }
      return withContext(error, fields)
    }
  }
}
