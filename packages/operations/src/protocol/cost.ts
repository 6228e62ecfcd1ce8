import { z } from "zod"
import { money, time } from "./parts.ts"

/** What a job costs. */
export const costShape = z
  .object({
    total: money,
    lines: z.array(z.object({ item: z.enum(["compute", "storage", "traffic"]), amount: money, note: z.string() })),
    upfront: money.describe("what must be on the account at the launch"),
    refundable: money,
    perHour: money.describe("the total, per hour of the job"),
    exact: z.boolean().describe("false: assumptions says what was left out or assumed"),
    assumptions: z.array(z.string())
  })
  .meta({ id: "Cost" })

/** The job that costs are for. */
export const jobShape = z
  .object({
    seconds: z.number(),
    startAt: time.nullable(),
    storageMiB: z.number().nullable(),
    egressGiB: z.number().nullable(),
    ingressGiB: z.number().nullable()
  })
  .meta({ id: "Job" })

/** An estimate in JSON. */
export type CostJson = z.output<typeof costShape>

/** A job in JSON. */
export type JobJson = z.output<typeof jobShape>
