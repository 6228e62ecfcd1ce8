import * as Redacted from "effect/Redacted"
import { type ErrorFields, type GpuError, withContext } from "../errors.ts"

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

const base64 = (bytes: Uint8Array): string => {
  let binary = ""
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}

/** The characters that a secret alone decides, wherever it stands in what was encoded. */
const base64Forms = (secret: string): ReadonlyArray<string> => {
  const bytes = new TextEncoder().encode(secret)
  return [0, 1, 2].flatMap((offset) => {
    const shifted = new Uint8Array(offset + bytes.length)
    shifted.set(bytes, offset)
    const form = base64(shifted).slice(Math.ceil((offset * 8) / 6), Math.floor((shifted.length * 8) / 6))
    return [form, form.replaceAll("+", "-").replaceAll("/", "_")]
  })
}

const asciiJson = (json: string): string =>
  json.replace(/[<>&\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`)

/** Every way a secret is written in messages, URLs, JSON and Basic credentials. */
const formsOf = (secret: string): ReadonlyArray<string> => {
  const wellFormed = secret.toWellFormed()
  const url = encodeURIComponent(wellFormed)
  const json = JSON.stringify(secret).slice(1, -1)
  const written = [
    secret,
    secret.trim(),
    url,
    url.replace(/%[0-9A-F]{2}/g, (byte) => byte.toLowerCase()),
    url.replaceAll("%20", "+"),
    json,
    asciiJson(json)
  ]
  return [...written, ...base64Forms(wellFormed).filter((form) => form.length >= 4)].filter((form) => form.length > 0)
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&")

const memoized = <A>(make: () => A): (() => A) => {
  let made: { readonly value: A } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

/** Every string of at least four characters inside a value: what a sensitive field may give away. */
export const stringsIn = (value: unknown): ReadonlyArray<string> => {
  if (typeof value === "string") return value.length >= 4 ? [value] : []
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(stringsIn) : []
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype

/**
 * Makes the redactor of some secrets.
 *
 * - Finds each secret as it is, URL-encoded, JSON-escaped and base64-encoded at any offset.
 * - Finds the beginning of a secret (four characters or more) at the very end of a text, where an answer was cut off.
 * - Costs nothing until it is used.
 */
export const makeRedactor = (secrets: Iterable<Secret>): Redactor => {
  const compiled = memoized(() => {
    const bare = new Set<string>()
    for (const secret of secrets) bare.add(Redacted.isRedacted(secret) ? Redacted.value(secret) : secret)
    const forms = [...new Set([...bare].flatMap(formsOf))].sort((a, b) => b.length - a.length)
    return { forms, pattern: new RegExp([blank, ...forms.map(escaped)].join("|"), "g") }
  })

  const cutOff = (text: string): string => {
    for (const form of compiled().forms) {
      for (let length = Math.min(form.length - 1, text.length); length >= 4; length--) {
        if (text.endsWith(form.slice(0, length))) return text.slice(0, -length) + blank
      }
    }
    return text
  }

  const text = (shown: string): string => blankNamed(cutOff(shown.replace(compiled().pattern, blank)))

  const json = (value: unknown): unknown => {
    if (typeof value === "string") return text(value)
    if (Array.isArray(value)) return value.map(json)
    if (!isPlain(value)) return value
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [text(name), holdsSecrets(name) && inner ? blank : json(inner)])
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
