import { z } from "zod"
import { costShape, jobShape } from "../cost.ts"
import { listing } from "../listing.ts"
import { offerShape } from "../offer.ts"

/** `anygpu compare --json`. */
export const compareShape = z.object({
  job: jobShape,
  candidates: z
    .array(
      z.object({
        rank: z.int(),
        offer: offerShape,
        cost: costShape,
        penalty: z.number().describe("by how much it is ranked down because its machine failed lately")
      })
    )
    .describe("the cheapest job first"),
  total: z.int().describe("how many fit; candidates has at most --limit of them"),
  excluded: z.array(z.object({ provider: z.string(), kind: z.string(), rule: z.string(), count: z.int() })),
  ...listing
})

/** A comparison in JSON. */
export type CompareJson = z.output<typeof compareShape>
