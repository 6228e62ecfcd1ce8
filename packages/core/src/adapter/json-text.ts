import * as z from "zod"

/** A schema for JSON that travels as a text inside JSON; an empty text is an empty list. */
export const jsonText = <S extends z.ZodType>(schema: S) =>
  z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text || "[]") as unknown
      } catch {
        context.addIssue({ code: "custom", message: "is not JSON" })
        return z.NEVER
      }
    })
    .pipe(schema)
