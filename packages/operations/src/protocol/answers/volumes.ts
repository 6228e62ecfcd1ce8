import { z } from "zod"
import { listing } from "../listing.ts"
import { location, money } from "../parts.ts"

/** `anygpu volumes --json`. */
export const volumesShape = z.object({
  volumes: z.array(
    z.object({
      provider: z.string(),
      id: z.string().describe("what --attach takes after the cloud"),
      name: z.string().nullable(),
      sizeMiB: z
        .number()
        .nullable()
        .describe("null where the cloud does not say, or where it grows with what is in it"),
      type: z.string().nullable().describe("the cloud's own word for what it is made of"),
      location,
      pricePerHour: money
        .nullable()
        .describe("of the whole of it, while it exists; null where no document has the price"),
      attachedTo: z.array(z.string()).nullable().describe("ids of machines; null where the cloud does not say")
    })
  ),
  lacking: z.array(z.string()).describe("clouds that list none"),
  ...listing
})

/** The volumes in JSON. */
export type VolumesJson = z.output<typeof volumesShape>
