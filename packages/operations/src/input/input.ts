import { InvalidRequest } from "anygpu"
import type { Field, Fields, InputOf } from "./field.ts"
import { inputSchema } from "./input-schema.ts"
import { isParted, isTextType, textsIn } from "./texts.ts"
import { parsers, type Surroundings } from "./values.ts"

/** One value in JSON as the value that it means. */
const readOne = (name: string, field: Field, wire: unknown, around: Surroundings): unknown => {
  const { type } = field
  if (typeof wire !== "string" || type === "variables" || type === "switch") return wire
  if (type === "script" || type === "public-key" || isTextType(type)) return wire
  return parsers[type](wire, name, { ...around, least: field.least })
}

const listOf = (name: string, field: Field, wire: unknown, around: Surroundings): ReadonlyArray<unknown> => {
  const all: ReadonlyArray<unknown> = Array.isArray(wire) ? wire : [wire]
  const parts = all.flatMap(
    (one): ReadonlyArray<unknown> => (typeof one === "string" && isParted(field.type) ? textsIn([one]) : [one])
  )
  return parts.map((one) => readOne(name, field, one, around))
}

/**
 * What an operation gets, of what was written in JSON.
 *
 * - Throws `InvalidRequest` with everything that does not fit the schema, or the first value that means nothing.
 */
export const readInput = <F extends Fields>(fields: F, json: unknown, around: Surroundings): InputOf<F> => {
  const checked = inputSchema(fields).safeParse(json)
  if (!checked.success) {
    throw InvalidRequest.all(
      checked.error.issues.map(({ path, message }) => ({ path: path.join(".") || "input", problem: message }))
    )
  }
  const values = Object.entries(checked.data).flatMap(([name, wire]) => {
    const field = fields[name]
    if (!field || wire === undefined) return []
    return [[name, (field.repeats ? listOf : readOne)(name, field, wire, around)]]
  })
  // The schema and the parsers have made each value what its field says.
  return Object.fromEntries(values) as InputOf<F>
}
