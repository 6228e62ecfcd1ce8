import { endedShape, errorShape, problemShape } from "@anygpu/operations/protocol"
import { z } from "zod"

/** `anygpu terminate --json`. */
export const terminateShape = z.object({
  ended: z.array(endedShape.omit({ observedAt: true })),
  failed: z
    .array(z.object({ ref: z.string(), error: errorShape }))
    .describe("they may still cost money, unless the error is NotFound"),
  complete: z.boolean().describe("of --all. false: there may be more machines, and problems says where"),
  problems: z.array(problemShape)
})

/** Ends in JSON. */
export type TerminateJson = z.output<typeof terminateShape>
