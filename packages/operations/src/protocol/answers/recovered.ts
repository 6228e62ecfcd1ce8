import { z } from "zod"
import { errorShape } from "../error-shape.ts"
import { launchRecord } from "../launch-record.ts"
import { listing } from "../listing.ts"
import { machineShape } from "../machine.ts"

/** What came of launches that were cut off. */
export const recoveredShape = z.object({
  adopted: z.array(machineShape).describe("they were made, and are remembered from now on"),
  absent: z.array(launchRecord).describe("no machine came of them"),
  unsettled: z.array(launchRecord).describe("it is still not known: look again"),
  late: z
    .array(z.object({ ref: z.string(), error: errorShape.nullable().describe("null: it is ended and gone") }))
    .describe("came when their launch had been given up; one with an error may still cost money"),
  ...listing
})

/** What settling came to in JSON. */
export type RecoveredJson = z.output<typeof recoveredShape>
