import { z } from "zod"
import { problemShape } from "../error-shape.ts"

/** `anygpu doctor --json`. */
export const doctorShape = z.object({
  well: z.boolean().describe("every check is ok, or had nothing to look at"),
  checks: z.array(
    z.object({
      about: z.string().describe("this computer, or a cloud"),
      check: z.string(),
      state: z.enum(["ok", "bad", "skipped"]),
      found: z.string().describe("for people"),
      advice: z.string().nullable().describe("what to do about it")
    })
  ),
  drift: z
    .array(
      z.object({
        provider: z.string(),
        request: z.string().describe("whose answer it is in: method and path"),
        path: z.string().describe("the field"),
        value: z.string().nullable().describe("the new word; null: the field itself is new")
      })
    )
    .describe("what the clouds answer and the adapters do not know"),
  complete: z.boolean().describe("whether every cloud with a key could be read in full; problems says what could not"),
  problems: z.array(problemShape)
})

/** What the doctor found, in JSON. */
export type DoctorJson = z.output<typeof doctorShape>
