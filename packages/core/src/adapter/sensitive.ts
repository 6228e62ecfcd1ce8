import { imageParts } from "../model/image-login.ts"
import type { Endpoint } from "./endpoint.ts"
import { stringsIn } from "./redact/redact.ts"

/** What a path leads to in a value: through a list, in each of its items. */
const valuesAt = (value: unknown, [name, ...rest]: ReadonlyArray<string>): ReadonlyArray<unknown> => {
  if (name === undefined) return [value]
  if (Array.isArray(value)) return value.flatMap((item) => valuesAt(item, [name, ...rest]))
  const isThere = typeof value === "object" && value !== null && Object.hasOwn(value, name)
  return isThere ? valuesAt((value as Record<string, unknown>)[name], rest) : []
}

/** A longer text is no reference to an image, and so is one with gaps, such as a script or a public key. */
const longestReference = 2_000

/** What lets somebody in, in texts such as `me:password@host/image` and `https://host/image?token=t`. */
const loginsIn = (text: string): ReadonlyArray<string> => {
  const isReference = text.length <= longestReference && !/\s/.test(text)
  const hasLogin = text.includes("@") && text.includes(":")
  if (!isReference || !(hasLogin || text.includes("?"))) return []
  return imageParts(text).secrets.filter(({ length }) => length >= 4)
}

/** What is secret in a body: keys and passwords, and other texts such as variables and scripts. */
export interface SensitiveTexts {
  readonly keys: ReadonlyArray<string>
  readonly texts: ReadonlyArray<string>
}

const keyName = /(key|token|password|secret)$/i

/** The texts in this body that the endpoint calls sensitive, and the logins in all others. */
export const sensitiveIn = (body: unknown, { sensitive = [] }: Endpoint): SensitiveTexts => {
  const textsAt = (path: string): ReadonlyArray<string> => valuesAt(body, path.split(".")).flatMap(stringsIn)
  return {
    keys: [...sensitive.filter((path) => keyName.test(path)).flatMap(textsAt), ...stringsIn(body).flatMap(loginsIn)],
    texts: sensitive.filter((path) => !keyName.test(path)).flatMap(textsAt)
  }
}
