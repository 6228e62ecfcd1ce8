import { z } from "zod"
import { money } from "./parts.ts"

/** What is said of an amount that was spent, by what the ledger saw. */
export const spentSums = {
  cost: z.array(money).describe("one amount for each currency: an estimate"),
  paidSeconds: z.number().describe("for how long machines were paid for, added up"),
  unobservedSeconds: z.number().describe("how much of that nobody looked: taken to have cost what it cost before"),
  unpricedSeconds: z.number().describe("how much of that is in no amount: its price is not known")
}

/** What one machine has cost. */
export const spentSumShape = z.object(spentSums).meta({ id: "SpentSum" })

/** What one machine has cost, in JSON. */
export type SpentSumJson = z.output<typeof spentSumShape>
