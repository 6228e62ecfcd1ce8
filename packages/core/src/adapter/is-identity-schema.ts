import * as z from "zod"

const leaves: ReadonlySet<unknown> = new Set([z.ZodString, z.ZodNumber, z.ZodNumberFormat, z.ZodBoolean])

const isLeaf = (schema: unknown): boolean =>
  schema instanceof z.ZodOptional || schema instanceof z.ZodNullable
    ? isLeaf(schema.def.innerType)
    : schema instanceof z.ZodType && leaves.has(schema.constructor) && isBare(schema)

/** What only looks at a value; other checks may change it. */
const looking: ReadonlySet<unknown> = new Set(["greater_than", "less_than", "number_format"])

const isLook = (check: z.core.$ZodCheck<never>): boolean => looking.has(check._zod.def.check)

/** Without checks that may change what they look at, and without coercion. */
const isBare = ({ def }: z.ZodType): boolean =>
  (def.checks ?? []).every((check) => isLook(check)) && !("coerce" in def && def.coerce)

/**
 * Whether what a schema accepts comes out of it as it went in, so that it need not be copied.
 *
 * - So it is for loose objects whose fields are texts, numbers and flags. False for any other schema proves nothing.
 */
export const isIdentitySchema = (schema: z.ZodType): boolean =>
  schema instanceof z.ZodObject &&
  schema.def.catchall instanceof z.ZodUnknown &&
  isBare(schema) &&
  Object.values(schema.def.shape).every(isLeaf)
