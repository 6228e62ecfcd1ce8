import { z } from "zod"
import { time } from "./parts.ts"

/** A launch as the ledger holds it. */
export const launchRecord = z
  .object({
    marker: z.string(),
    key: z.string().nullable(),
    name: z.string(),
    provider: z.string(),
    kind: z.string(),
    offer: z.string(),
    state: z.enum(["open", "created", "refused", "absent", "lapsed", "unsettled"]),
    at: time,
    until: time.nullable().describe("when its ttl runs out"),
    note: z.string().nullable()
  })
  .meta({ id: "Launch" })

/** A launch of the ledger in JSON. */
export type LaunchRecordJson = z.output<typeof launchRecord>
