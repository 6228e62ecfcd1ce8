import { z } from "zod"
import { listing } from "../listing.ts"
import { money } from "../parts.ts"

/** `anygpu market record --json`. */
export const marketRecordShape = z.object({
  changed: z.int().describe("offers that are new, back, or at another price: written down"),
  gone: z.int().describe("offers that are there no more: written down"),
  same: z.int().describe("offers at the price of before: nothing is written"),
  unpriced: z.int().describe("offers that name no price: left out"),
  withoutGpu: z.int().describe("machines without a GPU: left out"),
  ...listing
})

const place = { hour: z.string().describe("its beginning"), provider: z.string(), kind: z.string() }

/** `anygpu market show --json`. */
export const marketShowShape = z.object({
  gpus: z.array(z.string()).describe("the models that were asked for"),
  interruptible: z.boolean(),
  from: z.string().nullable(),
  to: z.string(),
  hours: z.array(
    z.object({
      ...place,
      gpu: z.string(),
      min: money.nullable().describe("of one GPU per hour, as are the others"),
      median: money.nullable().describe("of the last look of the hour"),
      max: money.nullable(),
      count: z.int().describe("how many offers the last look showed")
    })
  ),
  looked: z.array(z.object(place)).describe("when clouds were looked at: of other hours nothing is known")
})

/** What a look came to, in JSON. */
export type MarketRecordJson = z.output<typeof marketRecordShape>

/** What a GPU has cost, in JSON. */
export type MarketShowJson = z.output<typeof marketShowShape>
