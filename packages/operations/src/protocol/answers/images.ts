import { z } from "zod"
import { listing } from "../listing.ts"

/** `anygpu images --json`. */
export const imagesShape = z.object({
  images: z.array(z.object({ provider: z.string(), kind: z.string(), id: z.string(), name: z.string() })),
  lacking: z.array(z.string()).describe("clouds that list none"),
  ...listing
})

/** The images in JSON. */
export type ImagesJson = z.output<typeof imagesShape>
