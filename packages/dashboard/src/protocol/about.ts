import { money } from "@anygpu/operations/protocol"
import { z } from "zod"

/** The limits of a budget. */
export const limitsShape = z
  .object({ perHour: money.optional(), perDay: money.optional(), perMonth: money.optional(), total: money.optional() })
  .meta({ id: "Limits" })

/** `GET /api/v1/about`: what this server is, and what may be done through it. */
export const aboutShape = z
  .object({
    simulated: z.boolean().describe("the clouds are simulated: no account, no money"),
    timeRuns: z.number().describe("how many times as fast as real time `at` goes on; 1 but for simulated clouds"),
    allows: z.object({
      changes: z.boolean().describe("false: this server only reads"),
      spending: z
        .object({ budget: z.string(), limits: limitsShape })
        .nullable()
        .describe("null: nothing is rented through this server")
    }),
    operations: z.array(
      z.object({
        name: z.string(),
        title: z.string(),
        summary: z.string(),
        effect: z.enum(["read", "change", "spend", "end"]),
        idempotent: z.boolean(),
        allowed: z.boolean().describe("whether this server runs it")
      })
    ),
    clouds: z.array(
      z.object({
        name: z.string(),
        account: z.string().nullable().describe("what its account is called; null where it has no name"),
        kinds: z.array(
          z.object({
            kind: z.string(),
            capabilities: z.array(z.string()).describe("what it can do beyond offers, launch, list and terminate"),
            launchOptions: z.array(z.string()),
            endsItself: z.boolean().describe("the cloud itself ends a leased machine in time")
          })
        )
      })
    )
  })
  .meta({ id: "About" })

/** What a server is, in JSON. */
export type AboutJson = z.output<typeof aboutShape>

/** The limits of a budget in JSON. */
export type LimitsJson = z.output<typeof limitsShape>
