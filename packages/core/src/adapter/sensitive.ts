import type { Endpoint } from "./endpoint.ts"
import { stringsIn } from "./redact/redact.ts"

/** What a path leads to in a value: through a list, in each of its items. */
const valuesAt = (value: unknown, [name, ...rest]: ReadonlyArray<string>): ReadonlyArray<unknown> => {
  if (name === undefined) return [value]
  if (Array.isArray(value)) return value.flatMap((item) => valuesAt(item, [name, ...rest]))
  const isThere = typeof value === "object" && value !== null && Object.hasOwn(value, name)
  return isThere ? valuesAt((value as Record<string, unknown>)[name], rest) : []
}

/** The texts in this body that the endpoint calls sensitive. */
export const sensitiveIn = (body: unknown, { sensitive = [] }: Endpoint): ReadonlyArray<string> =>
  sensitive.flatMap((path) => valuesAt(body, path.split(".")).flatMap(stringsIn))
