import { z } from "zod"
import { gpu, location, money, time } from "./parts.ts"

/** An offer. */
export const offerShape = z
  .object({
    ref: z.string().describe("what launch and cost take: provider/kind/id"),
    provider: z.string(),
    kind: z.string(),
    id: z.string(),
    gpu: gpu.nullable(),
    vcpus: z.number().nullable(),
    memoryMiB: z.number().nullable(),
    diskMiB: z.number().nullable().describe("the disk in the price, which a launch gets without --disk"),
    storageMiB: z.number().nullable().describe("the largest disk that can be had"),
    location,
    pricePerHour: money.nullable().describe("of the whole machine with that disk; null: the cloud names none"),
    minimumBid: money.nullable(),
    availability: z.enum(["available", "unavailable", "unknown"]),
    interruptible: z.boolean(),
    reliability: z.number().nullable().describe("0 to 1"),
    host: z.string().nullable(),
    observedAt: time
  })
  .meta({ id: "Offer" })

/** An offer in JSON. */
export type OfferJson = z.output<typeof offerShape>
