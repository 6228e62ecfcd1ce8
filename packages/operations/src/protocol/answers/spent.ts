import { z } from "zod"
import { money } from "../parts.ts"

const sums = {
  cost: z.array(money).describe("one amount for each currency: an estimate"),
  paidSeconds: z.number().describe("for how long machines were paid for, added up"),
  unobservedSeconds: z.number().describe("how much of that nobody looked: taken to have cost what it cost before"),
  unpricedSeconds: z.number().describe("how much of that is in no amount: its price is not known")
}

/** `anygpu spent --json`. */
export const spentShape = z.object({
  by: z.enum(["machine", "cloud", "gpu", "day"]),
  from: z.string().nullable().describe("null: as far as the ledger goes back"),
  to: z.string(),
  rows: z.array(z.object({ of: z.string().describe("a machine, a cloud, a GPU or a day of UTC"), ...sums })),
  total: z.object(sums)
})

/** What was spent in JSON. */
export type SpentJson = z.output<typeof spentShape>
