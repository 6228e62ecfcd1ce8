import { z } from "zod"
import { errorShape } from "../error-shape.ts"
import { machineShape } from "../machine.ts"
import { time } from "../parts.ts"

/** What one round of a pool came to. */
export const poolShape = z.object({
  name: z.string(),
  at: time,
  machines: z
    .array(
      z.object({
        place: z.int(),
        ref: z.string(),
        machine: machineShape.nullable().describe("null: it could not be read, and may be there")
      })
    )
    .describe("those that are there after the round, by their places"),
  launched: z.array(z.string()).describe("those of them that were rented in it"),
  replaced: z
    .array(z.object({ ref: z.string(), because: z.string().describe("its status: interrupted, failed, terminated") }))
    .describe("what was lost: ended, and seen gone, before another one was rented"),
  ended: z.array(z.string()).describe("what was more than the size"),
  missing: z
    .array(z.object({ place: z.int(), error: errorShape }))
    .describe("places without a machine, or with one that could not be read, held or ended: the next round tries again")
})

/** A round of a pool in JSON. */
export type PoolJson = z.output<typeof poolShape>
