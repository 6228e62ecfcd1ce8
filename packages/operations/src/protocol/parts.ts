import { z } from "zod"

/** An amount. */
export const money = z
  .object({ amount: z.string().describe("exact, as a decimal"), currency: z.enum(["USD", "USDC"]) })
  .meta({ id: "Money" })

/** The GPUs of a machine. */
export const gpu = z
  .object({
    model: z.string().describe("the canonical name"),
    known: z.boolean().describe("false: the cloud's own name, which is in no table"),
    vendor: z.string(),
    count: z.int(),
    vramMiB: z.number().nullable().describe("of one GPU"),
    interface: z.enum(["sxm", "pcie", "nvl"]).nullable()
  })
  .meta({ id: "Gpu" })

/** Where it stands. */
export const location = z
  .object({
    country: z.string().nullable(),
    region: z.string().nullable(),
    native: z.string().nullable().describe("as the cloud wrote it")
  })
  .meta({ id: "Location" })

/** A moment. */
export const time = z.iso.datetime().describe("in UTC")

/** Money in JSON. */
export type MoneyJson = z.output<typeof money>
