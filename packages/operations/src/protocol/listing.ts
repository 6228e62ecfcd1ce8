import { z } from "zod"
import { problemShape } from "./error-shape.ts"
import { time } from "./parts.ts"

/** What every listing has besides its rows. */
export const listing = {
  complete: z.boolean().describe("false: something is missing, and problems says what; the exit code is 13"),
  problems: z.array(problemShape),
  observedAt: time
}
