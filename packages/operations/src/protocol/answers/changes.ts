import { z } from "zod"
import { watchShape } from "../change.ts"
import { time } from "../parts.ts"

/** What changed while it was watched. */
export const changesShape = z.object({
  changes: z.array(watchShape).describe("in the order in which they were seen"),
  cut: z.boolean().describe("true: it ended after as many changes as were asked for, and there may be more"),
  until: time.describe("how far it watched")
})

/** Changes in JSON. */
export type ChangesJson = z.output<typeof changesShape>
