import type * as z from "zod"

/** `instances[3].id` of `["instances", 3, "id"]`. */
export const pathText = (path: ReadonlyArray<PropertyKey>): string =>
  path.reduce<string>(
    (text, key) => (typeof key === "number" ? `${text}[${key}]` : `${text}${text && "."}${String(key)}`),
    ""
  )

/** The type of a JSON value, for people. */
export const typeName = (value: unknown): string =>
  value === null ? "null" : value === undefined ? "nothing" : Array.isArray(value) ? "array" : typeof value

/** The type of what stands at a path. */
export const typeAt = (value: unknown, path: ReadonlyArray<PropertyKey>): string =>
  typeName(
    path.reduce<unknown>(
      (at, key) => (typeof at === "object" && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined),
      value
    )
  )

/** What a schema wanted where it found something else. */
export const wanted = (issue: z.core.$ZodIssue): string => {
  switch (issue.code) {
    case "invalid_type":
      return issue.expected
    case "invalid_value":
      return issue.values.map((value) => JSON.stringify(value)).join(" or ")
    case "invalid_format":
      return issue.format
    case "invalid_union":
      return "one of several shapes"
    case "too_small":
      return `${issue.inclusive === false ? "more than" : "at least"} ${issue.minimum}`
    case "too_big":
      return `${issue.inclusive === false ? "less than" : "at most"} ${issue.maximum}`
    default:
      return `another value (${issue.code})`
  }
}
