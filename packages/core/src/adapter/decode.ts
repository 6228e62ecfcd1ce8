import * as Result from "effect/Result"
import * as z from "zod"
import { BadResponse } from "../errors.ts"
import type { Kind } from "../model/kind.ts"
import type { Problem } from "../model/listing.ts"
import type { Answer } from "./answer.ts"
import { isKeptAsIs } from "./kept-as-is.ts"

/** `instances[3].id` of `["instances", 3, "id"]`. */
export const pathText = (path: ReadonlyArray<PropertyKey>): string =>
  path.reduce<string>(
    (text, key) => (typeof key === "number" ? `${text}[${key}]` : `${text}${text && "."}${String(key)}`),
    ""
  )

const typeName = (value: unknown): string =>
  value === null ? "null" : value === undefined ? "nothing" : Array.isArray(value) ? "array" : typeof value

const typeAt = (value: unknown, path: ReadonlyArray<PropertyKey>): string =>
  typeName(
    path.reduce<unknown>(
      (at, key) => (typeof at === "object" && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined),
      value
    )
  )

const wanted = (issue: z.core.$ZodIssue): string => {
  switch (issue.code) {
    case "invalid_type":
      return issue.expected
    case "invalid_value":
      return issue.values.map((value) => JSON.stringify(value)).join(" or ")
    case "invalid_format":
      return issue.format
    case "invalid_union":
      return "one of several shapes"
    default:
      return `another value (${issue.code})`
  }
}

/** The first thing a schema found wrong, as an error that names the field and the types and never the value. */
const mismatch = (operation: string, raw: unknown, error: z.ZodError, at: ReadonlyArray<PropertyKey>): BadResponse => {
  const issue = error.issues[0]
  const path = pathText([...at, ...(issue?.path ?? [])])
  const found = `expected ${issue ? wanted(issue) : "another shape"}, received ${typeAt(raw, issue?.path ?? [])}`
  return new BadResponse({
    message: `${operation}: the cloud's answer has changed its shape at ${path || "its top"}: ${found}; look for a newer anygpu`,
    retry: "permanent",
    path
  })
}

/** Compiling takes milliseconds: it pays for a schema that has decoded so many rows, or answers. */
const oftenUsed = 200

interface Use {
  times: number
  compiled?: z.ZodType
}

const uses = new WeakMap<z.ZodType, Use>()

/**
 * The schema, or the same as zod compiles it once it has been used often.
 *
 * - Both say the same of every value: what the compiled one does not accept, it gives to the schema itself.
 */
const quickest = <A>(schema: z.ZodType<A>, times: number): z.ZodType<A> => {
  const use: Use = uses.get(schema) ?? { times: 0 }
  uses.set(schema, use)
  use.times += times
  if (use.times < oftenUsed || z.config().jitless) return schema
  use.compiled ??= z.compile(schema)
  return use.compiled as z.ZodType<A>
}

/** A long answer counts as the many rows that it holds. */
const charactersOfRow = 500

/**
 * Decodes a successful answer.
 *
 * - An empty body is `undefined` to the schema.
 * - Fails with `BadResponse`: what came instead of JSON (`shown` makes what is quoted safe), or which field has
 *   another shape.
 */
export const decode = <A>(
  schema: z.ZodType<A>,
  answer: Answer,
  shown: (text: string) => string
): Result.Result<A, BadResponse> => {
  const { operation, text, json, headers } = answer
  if (json === undefined && text.trim() !== "") {
    const start = shown(text).trimStart().slice(0, 60)
    const type = shown(headers["content-type"] ?? "no content type")
    return Result.fail(
      new BadResponse({
        message: `${operation}: the cloud's answer is not JSON (${type}, ${text.length} characters, starts with ${JSON.stringify(start)}): check baseUrl`,
        retry: "temporary",
        path: ""
      })
    )
  }
  const parsed = quickest(schema, 1 + text.length / charactersOfRow).safeParse(json)
  return parsed.success ? Result.succeed(parsed.data) : Result.fail(mismatch(operation, json, parsed.error, []))
}

/** The id in a row that cannot be read otherwise; a number only as far as it is exact. */
const idIn = (row: unknown): { readonly id?: string } => {
  const id = typeof row === "object" && row !== null && "id" in row ? row.id : undefined
  if (typeof id === "string" && id !== "") return { id }
  return Number.isSafeInteger(id) ? { id: String(id) } : {}
}

/** A list's readable rows, and a problem for each unreadable one. */
export interface Rows<A> {
  readonly rows: ReadonlyArray<A>
  /** The same rows as they came, with the fields that the schema does not name, in the same places. */
  readonly native: ReadonlyArray<unknown>
  readonly problems: ReadonlyArray<Problem>
}

/** Where rows come from, for the problems among them. */
export interface RowsSource {
  readonly provider: string
  readonly operation: string
  /** The list's name in the answer: `instances`. */
  readonly part: string
  readonly kind?: Kind | undefined
}

/** Decodes a list row by row; fails with `BadResponse` only when it is no list at all. */
export const decodeRows = <A>(
  schema: z.ZodType<A>,
  raw: unknown,
  { provider, operation, part, kind }: RowsSource,
  clean: (error: BadResponse) => BadResponse
): Result.Result<Rows<A>, BadResponse> => {
  if (!Array.isArray(raw)) {
    const message = `${operation}: ${part} in the cloud's answer should be a list and is ${typeName(raw)}`
    return Result.fail(clean(new BadResponse({ message, retry: "permanent", path: part })))
  }
  const rows: Array<A> = []
  const native: Array<unknown> = []
  const problems: Array<Problem> = []
  const fitting = quickest(schema, raw.length)
  const isKept = isKeptAsIs(schema)
  for (const [index, row] of raw.entries()) {
    if (isKept && fitting.validate(row)) {
      rows.push(row as A)
      native.push(row)
      continue
    }
    const parsed = fitting.safeParse(row)
    if (parsed.success) {
      rows.push(parsed.data)
      native.push(row)
      continue
    }
    const error = clean(mismatch(operation, row, parsed.error, [part, index]))
    problems.push({ provider, part: `${part}[${index}]`, ...idIn(row), error, ...(kind === undefined ? {} : { kind }) })
  }
  return Result.succeed({ rows, native, problems })
}
