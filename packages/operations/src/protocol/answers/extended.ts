import { z } from "zod"
import { time } from "../parts.ts"

/** A machine whose end was moved. */
export const extendedShape = z.object({
  ref: z.string(),
  until: time.describe("when it ends now"),
  before: time.describe("when it would have ended; the same where it lasted long enough already")
})

/** A machine whose end was moved, in JSON. */
export type ExtendedJson = z.output<typeof extendedShape>
