import { z } from "zod"

/** A schema without what is around it: what may be missing, what is made of it afterwards. */
const bare = (schema: unknown): unknown => {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return bare(schema.def.innerType)
  return schema instanceof z.ZodPipe ? bare(schema.def.in) : schema
}

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const isOf = (schema: unknown, ...classes: ReadonlyArray<abstract new (...args: never[]) => unknown>): boolean =>
  classes.some((Class) => schema instanceof Class)

/** Those of a union that may hold the value: lists for a list, and so on. */
const alternatives = (schema: z.ZodUnion, value: unknown): ReadonlyArray<unknown> =>
  schema.def.options
    .map(bare)
    .filter((option) =>
      isOf(option, z.ZodUnknown, z.ZodUnion, ...(Array.isArray(value) ? [z.ZodArray] : [z.ZodObject, z.ZodRecord]))
    )

const once = (texts: Iterable<string>): ReadonlyArray<string> => [...new Set(texts)]

/**
 * The fields of a value that its schema does not know, each by its path and once: `offers[].new_field`.
 *
 * - What the schema takes as it comes (`unknown`) is not looked into. In a union a field counts as known when one of the
 *   alternatives knows it.
 */
export const unknownFields = (schema: unknown, value: unknown, path = ""): ReadonlyArray<string> => {
  const known = bare(schema)
  if (known instanceof z.ZodUnion) {
    const [first = [], ...more] = alternatives(known, value).map((option) => unknownFields(option, value, path))
    return first.filter((field) => more.every((other) => other.includes(field)))
  }
  if (known instanceof z.ZodArray) {
    const items: ReadonlyArray<unknown> = Array.isArray(value) ? value : []
    return once(items.flatMap((item) => unknownFields(known.element, item, `${path}[]`)))
  }
  if (!isFields(value)) return []
  if (known instanceof z.ZodRecord) {
    return once(Object.values(value).flatMap((item) => unknownFields(known.def.valueType, item, `${path}.*`)))
  }
  if (!(known instanceof z.ZodObject)) return []
  return once(
    Object.entries(value).flatMap(([name, field]) => {
      const at = path === "" ? name : `${path}.${name}`
      const inner: unknown = known.def.shape[name]
      return inner === undefined ? [at] : unknownFields(inner, field, at)
    })
  )
}

/** The texts at a path such as `instances[].actual_status`, each once. */
export const textsAt = (value: unknown, path: string): ReadonlyArray<string> => {
  const steps = path
    .replaceAll("[]", ".[]")
    .split(".")
    .filter((step) => step !== "")
  const found = steps.reduce<ReadonlyArray<unknown>>(
    (values, step) =>
      values.flatMap((one): ReadonlyArray<unknown> => {
        if (step === "[]") return Array.isArray(one) ? one : []
        return isFields(one) ? [one[step]] : []
      }),
    [value]
  )
  return once(found.filter((one) => typeof one === "string"))
}
