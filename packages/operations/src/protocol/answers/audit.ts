import { z } from "zod"
import { launchRecord } from "../launch-record.ts"
import { listing } from "../listing.ts"
import { machineShape } from "../machine.ts"
import { money } from "../parts.ts"

/** `anygpu audit --json`, and `anygpu sweep --dry-run --json`. */
export const auditShape = z.object({
  claimed: z.array(z.object({ machine: machineShape, launch: launchRecord })).describe("launched with this ledger"),
  unclaimed: z.array(machineShape).describe("launched by others, or with another ledger"),
  overdue: z.array(z.object({ ref: z.string(), launch: launchRecord })).describe("their time is over: sweep ends them"),
  doubles: z
    .array(z.object({ ref: z.string(), launch: launchRecord }))
    .describe("their launch was given up or ended: nobody uses them, and they cost money"),
  lost: z.array(z.object({ ref: z.string(), launch: launchRecord })).describe("launched, and no longer on the account"),
  elsewhere: z
    .array(z.object({ ref: z.string(), launch: launchRecord }))
    .describe("launched on another account, or with another key: nothing is known of them by this one"),
  unsettled: z.array(launchRecord).describe("it is not known whether a machine came of them"),
  perHour: z.object({ all: z.array(money), unclaimed: z.array(money), uncounted: z.array(z.string()) }),
  ...listing
})

/** An audit in JSON. */
export type AuditJson = z.output<typeof auditShape>
