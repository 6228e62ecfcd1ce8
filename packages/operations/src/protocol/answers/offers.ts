import { z } from "zod"
import { listing } from "../listing.ts"
import { offerShape } from "../offer.ts"

/** `anygpu offers --json`. */
export const offersShape = z.object({
  offers: z.array(offerShape).describe("cheapest first"),
  total: z.int().describe("how many fit; offers has at most --limit of them"),
  excluded: z.record(z.string(), z.int()).describe("how many a filter left out, by filter"),
  ...listing
})

/** The offers in JSON. */
export type OffersJson = z.output<typeof offersShape>
