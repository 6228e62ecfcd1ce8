import * as Result from "effect/Result"
import * as z from "zod"
import { pathText, typeAt, wanted } from "./issue-text.ts"
import { markUnread, type Unread } from "./unread.ts"

type Path = ReadonlyArray<PropertyKey>

/** One thing that is wrong with a row: where, and what. */
interface Fault {
  readonly path: Path
  readonly issue: z.core.$ZodIssue
}

/** Each round takes what is wrong one step further out; rows are not deeper than this. */
const mostRounds = 24

/** A decimal that says exactly one number: no exponent, no leading zeros, no more digits than a number keeps. */
const exactText = /^-?(0|[1-9]\d*)(\.\d+)?$/
const exactDigits = 15

const numberIn = (value: unknown): number | undefined =>
  typeof value === "string" && exactText.test(value) && value.replace(/[-.]/g, "").length <= exactDigits
    ? Number(value)
    : undefined

/** The faults of an issue: of a choice of shapes those of the first shape that the value has at its top. */
const faultsOf = (issue: z.core.$ZodIssue, at: Path = []): ReadonlyArray<Fault> => {
  const path = [...at, ...issue.path]
  if (issue.code !== "invalid_union") return [{ path, issue }]
  const nearest = issue.errors.find((issues) => issues.length > 0 && issues.every((one) => one.path.length > 0))
  return nearest ? nearest.flatMap((one) => faultsOf(one, path)) : [{ path, issue }]
}

type Holder = Record<PropertyKey, unknown>

const holderAt = (root: unknown, path: Path): Holder | undefined => {
  const found = path.slice(0, -1).reduce<unknown>((at, key) => Object(at)[key], root)
  return typeof found === "object" && found !== null ? (found as Holder) : undefined
}

const bare = (schema: unknown): unknown => {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return bare(schema.def.innerType)
  return schema instanceof z.ZodPipe ? bare(schema.def.in) : schema
}

/** What a schema says of a key: its own schema, or null where the cloud makes keys up. */
const childOf = (schema: unknown, key: PropertyKey): unknown => {
  const at = bare(schema)
  if (at instanceof z.ZodArray && typeof key === "number") return at.def.element
  if (at instanceof z.ZodObject) return at.def.shape[String(key)] ?? null
  if (at instanceof z.ZodRecord) return { made: at.def.valueType }
  if (at instanceof z.ZodUnion) return at.def.options.map((one) => childOf(one, key)).find(Boolean) ?? null
  return null
}

/** The path for people. Keys that no schema names are the cloud's own words, which may hold anything: `*`. */
const shownPath = (schema: unknown, path: Path): string => {
  const shown: PropertyKey[] = []
  let at: unknown = schema
  for (const key of path) {
    const child = childOf(at, key)
    const isMadeUp = typeof child === "object" && child !== null && "made" in child
    shown.push(typeof key === "number" || (child && !isMadeUp) ? key : "*")
    at = isMadeUp ? child.made : child
  }
  return pathText(shown)
}

const isWithin = (path: Path, other: Path): boolean =>
  path.length <= other.length && path.every((key, index) => other[index] === key)

/** What was done about each place: read as a number, made null, taken out; after that what holds it is at fault. */
type Steps = Map<string, "number" | "null" | "out">

/** Takes the next step at a place; the places that were taken out of lists are done at the end, from the last on. */
const step = (root: unknown, path: Path, fault: Fault, steps: Steps, out: Path[]): Path | null => {
  const holder = holderAt(root, path)
  const key = path.at(-1)
  if (key === undefined) return null
  // Its parent has become null in this round: the next one shows whether that is enough.
  if (holder === undefined) return []
  const name = JSON.stringify(path.map(String))
  const before = steps.get(name)
  const number = before === undefined && isNumberWanted(fault.issue) ? numberIn(holder[key]) : undefined
  if (number !== undefined) {
    holder[key] = number
    steps.set(name, "number")
    return []
  }
  if (before === "out") return step(root, path.slice(0, -1), fault, steps, out)
  if (before === "null") {
    steps.set(name, "out")
    if (Array.isArray(holder)) out.push(path)
    else delete holder[key]
    return path
  }
  steps.set(name, "null")
  holder[key] = null
  return path
}

const isNumberWanted = (issue: z.core.$ZodIssue): boolean =>
  issue.code === "invalid_type" && (issue.expected === "number" || issue.expected === "int")

/** Notes a field, in place of those that are lost within it. */
const note = (unread: Map<string, Unread>, one: Unread): void => {
  const within = [...unread.values()].filter(
    ({ field }) => /^[.[]/.test(field.slice(one.field.length)) && field.startsWith(one.field)
  )
  for (const { field } of within) unread.delete(field)
  const { found } = within[0] ?? unread.get(one.field) ?? one
  unread.set(one.field, { field: one.field, found })
}

/** Takes elements out of their lists, the last ones first, so that the others keep their places. */
const takeOut = (root: unknown, paths: ReadonlyArray<Path>, steps: Steps): void => {
  for (const path of paths.toSorted((a, b) => Number(b.at(-1)) - Number(a.at(-1)))) {
    const holder = holderAt(root, path)
    if (Array.isArray(holder)) holder.splice(Number(path.at(-1)), 1)
  }
  // The elements behind them have moved: what was done about places of that list says nothing any more.
  for (const path of paths) {
    const list = JSON.stringify(path.slice(0, -1).map(String)).slice(0, -1)
    for (const name of steps.keys()) if (name.startsWith(`${list},`)) steps.delete(name)
  }
}

type Parsed<A> = { readonly success: true; readonly data: A } | { readonly success: false; readonly error: z.ZodError }

/** What a schema says of a value; one that throws refuses it. */
export const parseSafely = <A>(schema: z.ZodType<A>, value: unknown): Parsed<A> => {
  try {
    return schema.safeParse(value)
  } catch {
    const message = "is beyond what its schema can read"
    return { success: false, error: new z.ZodError([{ code: "custom", path: [], message, input: value }]) }
  }
}

/**
 * Reads a row of which a schema accepts not every field: what it does not accept becomes null, and is said.
 *
 * - A text that is exactly one number (`"17001"`, `"0.41"`) is read as that number where one is wanted, and is no
 *   fault.
 * - What cannot be null is taken out of what holds it; what cannot do without it becomes null itself, and so on
 *   outwards.
 * - Fails with the schema's own issues where the id, or what holds it, cannot be read, or the row cannot do without a
 *   field.
 */
export const readLeniently = <A>(schema: z.ZodType<A>, raw: unknown, id: Path): Result.Result<A, z.ZodError> => {
  const first = parseSafely(schema, raw)
  if (first.success) return Result.succeed(first.data)
  if (typeof raw !== "object" || raw === null) return Result.fail(first.error)
  const copy = structuredClone(raw)
  const unread = new Map<string, Unread>()
  const steps: Steps = new Map()
  let error: z.ZodError = first.error
  for (let round = 0; round < mostRounds; round++) {
    const out: Path[] = []
    for (const fault of error.issues.flatMap((issue) => faultsOf(issue))) {
      const found = `expected ${wanted(fault.issue)}, received ${typeAt(copy, fault.path)}`
      const lost = step(copy, fault.path, fault, steps, out)
      if (lost === null || (lost.length > 0 && isWithin(lost, id))) return Result.fail(first.error)
      const field = shownPath(schema, lost)
      if (lost.length > 0) note(unread, { field, found })
    }
    takeOut(copy, out, steps)
    const next = parseSafely(schema, copy)
    if (next.success) return Result.succeed(markUnread(next.data, [...unread.values()]))
    error = next.error
  }
  return Result.fail(first.error)
}

/**
 * A schema for a row inside an answer: fields that it does not accept become null and are said where the row is shown,
 * as `Caller.rows` has it for lists.
 *
 * - `id`: the path of the id, without which the row cannot be used; null where no field is needed.
 */
export const lenient = <S extends z.ZodType>(schema: S, id: string | null = "id"): z.ZodType<z.output<S>> =>
  z.unknown().transform((raw, context) => {
    const read = readLeniently(schema as z.ZodType<z.output<S>>, raw, id?.split(".") ?? [])
    if (Result.isSuccess(read)) return read.success
    for (const issue of read.failure.issues) context.issues.push({ ...issue, input: raw } as z.core.$ZodRawIssue)
    return z.NEVER
  }) as unknown as z.ZodType<z.output<S>>
