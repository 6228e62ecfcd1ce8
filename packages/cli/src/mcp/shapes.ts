import {
  costShape,
  errorShape,
  jobShape,
  machineShape,
  money,
  offerShape,
  problemShape,
  time
} from "@anygpu/operations/protocol"
import { z } from "zod"

const quote = z.object({
  offer: offerShape,
  job: jobShape,
  cost: costShape.describe("total of the whole job, per hour, and what must be on the account up front")
})

/** What `launch` answers. */
export const launchedShape = z.object({
  machine: machineShape.describe("as it is now, which is mostly not ready yet"),
  quote: quote
    .nullable()
    .describe("null: an earlier call with this key has rented the machine, and nothing was rented now"),
  limit: money.describe("what all launches of this session may cost together"),
  endsAt: time
    .nullable()
    .describe(
      "when this server ends the machine; should the server be gone by then, `anygpu sweep` does. Null: it does not"
    ),
  passedOver: z
    .array(z.object({ offer: z.string(), error: errorShape }))
    .describe("cheaper offers that were not to be had"),
  problems: z.array(problemShape).describe("clouds that could not be asked for offers")
})

/** What `terminate` answers. */
export const endedShape = z.object({
  ref: z.string(),
  alreadyGone: z.boolean(),
  leftovers: z.array(z.string()).describe("what stays on the account and may still cost money"),
  observedAt: time
})

/** What `start` and `stop` answer. */
export const changedShape = z.object({ machine: machineShape })

/** A quote in JSON. */
export type QuoteJson = z.output<typeof quote>
/** A launch in JSON. */
export type LaunchedJson = z.output<typeof launchedShape>
/** A termination in JSON. */
export type EndedJson = z.output<typeof endedShape>
