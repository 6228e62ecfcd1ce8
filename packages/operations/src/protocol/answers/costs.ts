import { z } from "zod"
import { costShape, jobShape } from "../cost.ts"
import { machineShape } from "../machine.ts"
import { offerShape } from "../offer.ts"
import { money } from "../parts.ts"

/** `anygpu cost --json`: of a job on an offer, or of a machine. */
export const costsShape = z.union([
  z.object({ of: z.literal("offer"), offer: offerShape, job: jobShape, cost: costShape }),
  z.object({
    of: z.literal("machine"),
    machine: machineShape,
    perMonth: money.nullable().describe("730 hours like now; null: the cloud does not say what is paid now"),
    soFar: money.nullable().describe("at most: as if it had been billed at its price since it was made")
  })
])

/** The cost of an offer or a machine in JSON. */
export type CostsJson = z.output<typeof costsShape>
