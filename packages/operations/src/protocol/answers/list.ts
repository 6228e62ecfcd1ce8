import { z } from "zod"
import { listing } from "../listing.ts"
import { leasedShape } from "../machine.ts"
import { money } from "../parts.ts"

/** `anygpu list --json`. */
export const listShape = z.object({
  machines: z.array(leasedShape),
  billedPerHour: z.array(money).describe("of machines whose GPU is billed now, one amount for each currency"),
  uncounted: z.int().describe("machines that cost something, or may, and are not in that sum"),
  ...listing
})

/** The machines in JSON. */
export type ListJson = z.output<typeof listShape>
