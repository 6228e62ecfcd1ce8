import * as Redacted from "effect/Redacted"
import { type ErrorFields, type GpuError, type Issue, withContext } from "../../errors.ts"
import { visible } from "../../model/visible.ts"
import { secretFinder } from "./finder.ts"
import type { Range } from "./grams.ts"
import { blank, blankNamed, holdsSecrets } from "./mask.ts"

/** A secret, wrapped or bare. */
export type Secret = string | Redacted.Redacted<string>

/** Takes known secrets out of whatever is about to be shown. */
export interface Redactor {
  /** The text with every secret, and every value under a field name that holds secrets, replaced by `<redacted>`. */
  readonly text: (text: string) => string
  /** The same over parsed JSON; numbers, booleans and shapes stay. */
  readonly json: (value: unknown) => unknown
  /**
   * The same over every field of an error; its cause becomes a plain Error with a message and a code. The message is one
   * line: what a terminal would obey is written as an escape, see {@link visible}.
   */
  readonly error: <E extends GpuError>(error: E) => E
}

const memoize = <A>(make: () => A): (() => A) => {
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

/** The text of one secret; plain JavaScript may give anything. Anything else holds no secret. */
const textsOf = (secret: unknown): ReadonlyArray<string> => {
  if (!Redacted.isRedacted(secret)) return typeof secret === "object" ? [] : stringsIn(secret)
  try {
    return textsOf(Redacted.value(secret))
  } catch {
    return []
  }
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype

/** The text with these parts of it replaced, and each blank that is there already left whole. */
const without = (shown: string, ranges: ReadonlyArray<Range>): string => {
  if (ranges.length === 0) return shown
  const blanks = Array.from(shown.matchAll(new RegExp(blank, "g")), ({ index }): Range => [index, index + blank.length])
  let text = ""
  let [from, to] = [0, 0]
  const close = (): void => {
    if (to > from) text += blank
  }
  let end = 0
  for (const [next, until] of [...ranges, ...blanks].sort((a, b) => a[0] - b[0])) {
    if (next > to || to === from) {
      close()
      text += shown.slice(end, next)
      ;[from, to] = [next, until]
    } else to = Math.max(to, until)
    end = to
  }
  close()
  return text + shown.slice(end)
}

/** The texts of secrets, each once. */
const bareOf = (secrets: Iterable<Secret>): ReadonlyArray<string> => {
  const bare = new Set<string>()
  for (const secret of secrets) {
    if (typeof secret === "string") bare.add(secret.trim())
    else for (const text of textsOf(secret)) bare.add(text.trim())
  }
  return [...bare]
}

/** What is secret besides keys. */
export interface OtherSecrets {
  /** Secrets that may hold words of natural language, paths and addresses: variables, scripts, commands. */
  readonly texts?: Iterable<Secret>
  /** Parts of long secrets. */
  readonly words?: () => Iterable<string>
}

/**
 * Makes the redactor of some secrets: of keys, tokens and passwords, and of others.
 *
 * - Finds each secret as it is, in any case, and as URLs, JSON, HTML, quotes of programming languages, base64 and
 *   hexadecimal digits write it, also broken into lines, and digits with blanks, colons, commas and hyphens between them.
 * - Finds every part of a key of eight characters or more. Of other secrets such a part has to hold a digit or to be half
 *   of it or 24 characters; of those with several words always half or 24. Addresses among the keys are as the others,
 *   and so are keys of several words, each of which is a key of its own. Among the others what looks random is a key.
 * - Of four to seven characters only the beginning where a text was cut off: at its end, or before dots.
 * - Finds a secret of four to seven characters as it is, one of two or three only as a word of its own, and a single
 *   character not at all.
 * - Takes time that grows with the text and with the secrets, and costs nothing until it is used.
 */
export const makeRedactor = (keys: Iterable<Secret>, { texts = [], words }: OtherSecrets = {}): Redactor => {
  const finder = memoize(() =>
    secretFinder({ keys: bareOf(keys), texts: bareOf(texts), parts: [...new Set(words?.() ?? [])] })
  )

  const text = (shown: string): string => blankNamed(without(shown, finder().find(shown, true)))
  const name = (shown: string): string => blankNamed(without(shown, finder().find(shown, false)))

  const json = (value: unknown): unknown => {
    if (typeof value === "string") return text(value)
    if (Array.isArray(value)) return value.map(json)
    if (!isPlain(value)) return value
    return Object.fromEntries(
      Object.entries(value).map(([field, inner]) => [name(field), holdsSecrets(field) && inner ? blank : json(inner)])
    )
  }

  const plainCause = (cause: unknown): Error | undefined => {
    if (cause === undefined) return undefined
    const message = cause instanceof Error ? cause.message : typeof cause === "string" ? cause : "not an Error"
    const plain = new Error(text(message))
    const code = typeof cause === "object" && cause !== null && "code" in cause ? cause.code : undefined
    return typeof code === "string" ? Object.assign(plain, { code: text(code) }) : plain
  }

  const shownIssue = ({ path, problem }: Issue): Issue => ({
    path: visible(text(path)),
    problem: visible(text(problem))
  })

  return {
    text,
    json,
    error: (error) => {
      const { http, requestId } = error
      const fields: Partial<ErrorFields> & { readonly issues?: unknown; readonly path?: unknown } = {
        message: visible(text(error.message)),
        requestId: requestId === undefined ? undefined : text(requestId),
        http: http === undefined ? undefined : { ...http, url: text(http.url) },
        cause: plainCause(error.cause),
        ...("issues" in error ? { issues: error.issues.map(shownIssue) } : {}),
        ...("path" in error ? { path: text(error.path) } : {})
      }
      return withContext(error, fields)
    }
  }
}
