import { z } from "zod"
import { costShape, jobShape } from "../cost.ts"
import { errorShape, problemShape } from "../error-shape.ts"
import { machineShape } from "../machine.ts"
import { offerShape } from "../offer.ts"
import { time } from "../parts.ts"

/** A machine that was rented for a time. */
export const launchedShape = z.object({
  machine: machineShape.describe("as it is now, which is mostly not ready yet"),
  quote: z
    .object({
      offer: offerShape,
      job: jobShape,
      cost: costShape.describe("total of the whole job, per hour, and what must be on the account up front")
    })
    .nullable()
    .describe("null: an earlier call with this key has rented the machine, and nothing was rented now"),
  endsAt: time.nullable().describe("when its time is over, and `sweep` ends it; null: no time of it is known here"),
  passedOver: z
    .array(z.object({ offer: z.string(), error: errorShape }))
    .describe("cheaper offers that were not to be had"),
  problems: z.array(problemShape).describe("clouds that could not be asked for offers")
})

/** A rented machine in JSON. */
export type LaunchedJson = z.output<typeof launchedShape>
