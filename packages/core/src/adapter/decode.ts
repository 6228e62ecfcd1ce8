import * as Result from "effect/Result"
import * as z from "zod"
import { BadResponse } from "../errors.ts"
import type { Kind } from "../model/kind.ts"
import type { Problem } from "../model/listing.ts"
import type { Answer } from "./answer.ts"
import type { Endpoint } from "./endpoint.ts"
import { isIdentitySchema } from "./is-identity-schema.ts"
import { pathText, typeAt, typeName, wanted } from "./issue-text.ts"
import { parseSafely, readLeniently } from "./lenient.ts"
import { fieldProblem, idIn, unreadIn } from "./unread.ts"

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
 * - A body that is not JSON is its text to the schema where the endpoint answers in bare text, too.
 * - Fails with `BadResponse`: what came instead of JSON (`shown` makes what is quoted safe), or which field has
 *   another shape.
 */
export const decode = <A>(
  { answer: schema, bareText }: Pick<Endpoint<string, unknown, unknown, A>, "answer" | "bareText">,
  answer: Answer,
  shown: (text: string) => string
): Result.Result<A, BadResponse> => {
  const { operation, text, headers } = answer
  const json = answer.json === undefined && bareText ? text.trim() || undefined : answer.json
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

/** So many rows of a list are named for one field that cannot be read; the others are counted. */
const mostNamed = 50

/** A list's readable rows, and a problem for each unreadable one, and for each field of the others that is unreadable. */
export interface Rows<A> {
  /** What of a row cannot be read is null in it; only a row without a readable id is missing. */
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
  /** The path of the id in a row, `id` by default: all that a row cannot do without. */
  readonly id?: string | undefined
}

/** The problems of fields, each field's first ones by the row's name and the rest in one. */
const fieldProblems = ({ provider, operation, part, kind }: RowsSource, clean: (error: BadResponse) => BadResponse) => {
  const problems: Problem[] = []
  const counts = new Map<string, number>()
  const place = { provider, kind, operation, clean }
  const add = (row: unknown, id: string) => {
    for (const unread of unreadIn(row)) {
      const count = (counts.get(unread.field) ?? 0) + 1
      counts.set(unread.field, count)
      if (count <= mostNamed) problems.push(fieldProblem(id, unread, place))
    }
  }
  const all = (): ReadonlyArray<Problem> => {
    const rest = [...counts].filter(([, count]) => count > mostNamed)
    const found = "it has another shape"
    const summed = rest.map(([field, count]) => {
      const { id: _, ...problem } = fieldProblem(`${count - mostNamed} more ${part}`, { field, found }, place)
      return problem
    })
    return [...problems, ...summed]
  }
  return { add, all }
}

/**
 * Decodes a list row by row; fails with `BadResponse` only when it is no list at all.
 *
 * - A field that cannot be read is null, and costs nothing else; see {@link readLeniently}.
 */
export const decodeRows = <A>(
  schema: z.ZodType<A>,
  raw: unknown,
  source: RowsSource,
  clean: (error: BadResponse) => BadResponse
): Result.Result<Rows<A>, BadResponse> => {
  const { provider, operation, part, kind, id: idPath = "id" } = source
  if (!Array.isArray(raw)) {
    const message = `${operation}: ${part} in the cloud's answer should be a list and is ${typeName(raw)}`
    return Result.fail(clean(new BadResponse({ message, retry: "permanent", path: part })))
  }
  const rows: Array<A> = []
  const native: Array<unknown> = []
  const problems: Array<Problem> = []
  const fitting = quickest(schema, raw.length)
  const isKept = isIdentitySchema(schema)
  const path = idPath.split(".")
  const fields = fieldProblems(source, clean)
  for (const [index, row] of raw.entries()) {
    if (isKept && fitting.validate(row)) {
      rows.push(row as A)
      native.push(row)
      continue
    }
    const whole = parseSafely(fitting, row)
    if (whole.success) {
      rows.push(whole.data)
      native.push(row)
      continue
    }
    const id = idIn(row, path)
    const read = readLeniently(schema, row, path)
    if (Result.isSuccess(read)) {
      rows.push(read.success)
      native.push(row)
      fields.add(read.success, id ?? `${part}[${index}]`)
      continue
    }
    const error = clean(mismatch(operation, row, read.failure, [part, index]))
    // An id that its schema refuses may be anything, a key among them.
    const shownId = id && clean(new BadResponse({ message: id, retry: "permanent", path: "" })).message
    const named = { ...(shownId === undefined ? {} : { id: shownId }), ...(kind === undefined ? {} : { kind }) }
    problems.push({ provider, part: `${part}[${index}]`, ...named, error })
  }
  return Result.succeed({ rows, native, problems: [...problems, ...fields.all()] })
}
