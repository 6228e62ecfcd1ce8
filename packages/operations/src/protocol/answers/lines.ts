import { z } from "zod"
import { time } from "../parts.ts"

/** The last lines of a log. */
export const linesShape = z.object({
  ref: z.string(),
  lines: z.array(z.string()).describe("oldest first"),
  observedAt: time
})

/** Lines in JSON. */
export type LinesJson = z.output<typeof linesShape>
