import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import type { Issue } from "../errors.ts"
import { likeNames } from "../model/spelling.ts"

/** What is wrong with the shape of a value that is called `path`; callers in plain JavaScript pass anything. */
export type Shape = (path: string, value: unknown) => ReadonlyArray<Issue>

/** What a value is, for people. The value itself is never shown: it may be a secret in the wrong place. */
export const whatIs = (value: unknown): string => {
  if (value === null || value === undefined) return String(value)
  if (Array.isArray(value)) return "a list"
  if (typeof value === "string") return "a text"
  if (typeof value === "boolean") return `${value}`
  if (typeof value !== "object") return `a ${typeof value}`
  return isFields(value) ? "an object" : "a special object"
}

/** Whether a value is an object with fields: no list, and nothing that keeps its content elsewhere, as a Map does. */
export const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  Object.prototype.toString.call(value) === "[object Object]"

/** The object without the fields that are explicitly undefined, which count as absent; everything else as it is. */
export const present = (value: unknown): unknown =>
  isFields(value) && Object.values(value).includes(undefined)
    ? Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined))
    : value

const simple =
  (what: string, fits: (value: unknown) => boolean): Shape =>
  (path, value) =>
    fits(value) ? [] : [{ path, problem: `must be ${what}, not ${whatIs(value)}` }]

export const text = simple("a text", (value) => typeof value === "string")
export const number = simple("a number", (value) => typeof value === "number")
export const flag = simple("true or false", (value) => typeof value === "boolean")
export const callback = simple("a function", (value) => typeof value === "function")

export const date = simple("a Date", (value) => value instanceof Date && !Number.isNaN(value.getTime()))

/** Fields by any name, whose values are checked elsewhere. */
export const anyFields = simple("an object of texts", isFields)

/** A time as Effect reads it: milliseconds, a Duration, or a text with a unit. */
export const duration = simple('a time such as "5 minutes" or a number of milliseconds', (value) => {
  if (Number.isNaN(value)) return false
  return Option.isSome(Duration.fromInput(value as Duration.Input))
})

export const optional =
  (shape: Shape): Shape =>
  (path, value) =>
    value === undefined ? [] : shape(path, value)

export const nullable =
  (shape: Shape): Shape =>
  (path, value) =>
    value === null ? [] : shape(path, value)

/** A moment in any form that `DateTime.make` takes. */
export const moment = simple("a Date, epoch milliseconds or a text such as 2026-11-30T12:00:00Z", (value) => {
  const isInput = DateTime.isDateTime(value) || value instanceof Date || ["number", "string"].includes(typeof value)
  return isInput && Option.isSome(DateTime.make(value as DateTime.DateTime.Input))
})

/** The same fields, none of which has to be there. */
export const optionals = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).map(([name, shape]) => [name, optional(shape)]))

/** One of a few texts or flags. */
export const oneOf =
  (...words: ReadonlyArray<string | boolean>): Shape =>
  (path, value) =>
    words.some((word) => word === value)
      ? []
      : [
          {
            path,
            problem: `must be ${words.join(" or ")}, not ${typeof value === "string" ? "another text" : whatIs(value)}`
          }
        ]

/** A list of the same things. */
export const listOf =
  (what: string, each: Shape): Shape =>
  (path, value) =>
    Array.isArray(value)
      ? value.flatMap((item: unknown, index) => each(`${path}[${index}]`, item))
      : [{ path, problem: `must be a list of ${what}, not ${whatIs(value)}` }]

export const texts = listOf("texts", text)

/** One text, or a list of them. */
export const textOrTexts: Shape = (path, value) =>
  typeof value === "string" || Array.isArray(value)
    ? texts(path, [value].flat()).map((issue) => (Array.isArray(value) ? issue : { ...issue, path }))
    : [{ path, problem: `must be a text or a list of texts, not ${whatIs(value)}` }]

const inside = (prefix: string, value: Readonly<Record<string, unknown>>, fields: Readonly<Record<string, Shape>>) =>
  Object.entries(fields).flatMap(([name, shape]) => shape(prefix + name, value[name]))

/** The names that are not known, as issues that say what there is: what is misspelt is not passed over. */
export const unknownNames = (
  names: ReadonlyArray<string>,
  known: ReadonlyArray<string>,
  problem = "is no option here",
  prefix = ""
): ReadonlyArray<Issue> =>
  names.flatMap((name) => {
    if (known.includes(name)) return []
    const meant = likeNames(name, known).join(" or ")
    const there = known.length > 0 ? `expected ${known.join(", ")}` : "it takes none"
    return [{ path: prefix + name, problem: `${problem}${meant ? `: did you mean ${meant}?` : ";"} ${there}` }]
  })

/** The names of an object's fields; one that is explicitly undefined counts as absent. */
const namesIn = (value: Readonly<Record<string, unknown>>): ReadonlyArray<string> =>
  Object.keys(value).filter((name) => value[name] !== undefined)

/** The shapes of fields, by their names. */
export type Fields = Readonly<Record<string, Shape>>

const misfit = (path: string, what: string, value: unknown): ReadonlyArray<Issue> => [
  { path, problem: `must be ${what}, not ${whatIs(value)}` }
]

/** An object with these fields, made elsewhere; others are not looked at. */
export const object =
  (what: string, fields: Fields): Shape =>
  (path, value) =>
    isFields(value) ? inside(`${path}.`, value, fields) : misfit(path, what, value)

/** An object that callers write, with these fields and no others. */
export const only =
  (what: string, fields: Fields, strange?: string): Shape =>
  (path, value) =>
    isFields(value)
      ? [
          ...unknownNames(namesIn(value), Object.keys(fields), strange, `${path}.`),
          ...inside(`${path}.`, value, fields)
        ]
      : misfit(path, what, value)

/** Options that are an argument by themselves: called by their bare names, and no others. */
export const argument =
  (fields: Fields, strange?: string): Shape =>
  (path, value) =>
    isFields(value)
      ? [...unknownNames(namesIn(value), Object.keys(fields), strange), ...inside("", value, fields)]
      : misfit(path, "an object", value)

/** Some fields of an argument; the code that uses it judges the others. */
export const partOfArgument =
  (fields: Fields): Shape =>
  (path, value) =>
    isFields(value) ? inside("", value, fields) : misfit(path, "an object", value)

/** An amount; whether it can be one is checked with its use. */
export const amount = object("an amount made by money()", { micros: number, currency: oneOf("USD", "USDC") })
