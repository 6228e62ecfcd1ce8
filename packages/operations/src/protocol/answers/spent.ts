import { z } from "zod"
import { spentSums } from "../spent-sum.ts"

/** `anygpu spent --json`. */
export const spentShape = z.object({
  by: z.enum(["machine", "cloud", "gpu", "day", "tag", "owner", "account"]),
  from: z.string().nullable().describe("null: as far as the ledger goes back"),
  to: z.string(),
  rows: z.array(
    z.object({
      of: z.string().describe("a machine, a cloud, a GPU, a day of UTC, a tag, an owner or an account"),
      ...spentSums
    })
  ),
  total: z.object(spentSums).describe("of each machine once, also where it stands in the rows of several tags")
})

/** What was spent in JSON. */
export type SpentJson = z.output<typeof spentShape>
