import { z } from "zod"
import { time } from "../parts.ts"
import { spentSumShape } from "../spent-sum.ts"

/** A machine that was ended. */
export const endedShape = z.object({
  ref: z.string(),
  alreadyGone: z.boolean(),
  leftovers: z.array(z.string()).describe("what stays on the account and may still cost money"),
  cost: spentSumShape.nullable().describe("in all, by what this ledger saw: an estimate; null: it saw nothing"),
  observedAt: time
})

/** The end of a machine in JSON. */
export type EndedJson = z.output<typeof endedShape>
