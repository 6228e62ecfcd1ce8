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
    host: z.string().nullable().describe("the physical machine, where the cloud names it"),
    supplier: z.string().nullable().describe("who rents it out, where the cloud names them"),
    maxCuda: z.string().nullable().describe("the newest CUDA that its driver takes"),
    computeCapability: z.string().nullable(),
    downloadMbps: z.number().nullable().describe("megabits per second from the internet"),
    uploadMbps: z.number().nullable().describe("megabits per second to the internet"),
    openPorts: z.number().nullable().describe("how many ports a launch can open, besides that of ssh"),
    datacenter: z.boolean().nullable().describe("whether it stands in a data centre"),
    account: z.string().nullable().describe("the name of the account that it is offered to; null where that has none"),
    observedAt: time
  })
  .meta({ id: "Offer" })

/** An offer in JSON. */
export type OfferJson = z.output<typeof offerShape>
