import { z } from "zod"

/** `anygpu logs --json` and `anygpu events --json`, a line each. */
export const logLineShape = z.discriminatedUnion("type", [
  z.object({ type: z.literal("line"), line: z.string() }),
  z.object({
    type: z.literal("gap"),
    message: z.string().describe("lines before the next may be missing or repeated")
  }),
  z.object({ type: z.literal("end"), status: z.string().describe("of the machine: nothing follows") })
])

/** A line of a log in JSON. */
export type LogLineJson = z.output<typeof logLineShape>
