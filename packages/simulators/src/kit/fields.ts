import { isObject } from "./http.ts"

/** What came in as JSON. */
export type Json = Readonly<Record<string, unknown>>

/** A field that must be a text with something in it. */
export const textIn = (body: Json, name: string): string | undefined => {
  const value = body[name]
  return typeof value === "string" && value !== "" ? value : undefined
}

/** A list of texts with something in each, or undefined when it is something else. */
export const textsIn = (value: unknown): readonly string[] | undefined =>
  Array.isArray(value) && value.every((one): one is string => typeof one === "string" && one !== "") ? value : undefined

/** The objects of a list, or undefined when it is something else. */
export const objectsIn = (value: unknown): readonly Json[] | undefined =>
  Array.isArray(value) && value.every(isObject) ? value : undefined

/** A whole number of at least one, as sizes are. */
export const isSize = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 1

/** A whole number of at least one in a query, at most `most`; the default when it is missing, malformed or too small. */
export const numberIn = (query: URLSearchParams, name: string, fallback: number, most: number): number => {
  const given = Number(query.get(name) ?? "")
  return Number.isInteger(given) && given >= 1 ? Math.min(given, most) : fallback
}

/** One page of rows by its number in the query, and the number of the next one; null on the last. */
export const pageOf = <Row>(
  rows: readonly Row[],
  query: URLSearchParams,
  { name = "page", size }: { readonly name?: string; readonly size: number }
): { readonly rows: readonly Row[]; readonly next: number | null } => {
  const page = numberIn(query, name, 1, Number.MAX_SAFE_INTEGER)
  return { rows: rows.slice((page - 1) * size, page * size), next: rows.length > page * size ? page + 1 : null }
}

/** `2026-02-07T15:00:00Z`: a moment in UTC and whole seconds. */
export const inSeconds = (at: number): string => new Date(at).toISOString().replace(/\.\d+Z$/, "Z")

/**
 * The same answer with another word in its fields of these names, however deep they lie.
 *
 * - An object that has one of the names is not looked into any deeper.
 */
export const withWord = (json: unknown, names: readonly string[], word: string): unknown => {
  if (Array.isArray(json)) return json.map((row: unknown) => withWord(row, names, word))
  if (!isObject(json)) return json
  const present = names.filter((name) => Object.hasOwn(json, name))
  if (present.length > 0) return { ...json, ...Object.fromEntries(present.map((name) => [name, word])) }
  return Object.fromEntries(Object.entries(json).map(([name, value]) => [name, withWord(value, names, word)]))
}
