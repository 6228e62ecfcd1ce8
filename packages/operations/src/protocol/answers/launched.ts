import { z } from "zod"
import { costShape, jobShape } from "../cost.ts"
import { errorShape, problemShape } from "../error-shape.ts"
import { leasedShape } from "../machine.ts"
import { offerShape } from "../offer.ts"
import { money } from "../parts.ts"
import { verificationShape } from "./verified.ts"

/** What a launch costs, as it was shown before it was made. */
export const quoteShape = z
  .object({
    offer: offerShape,
    job: jobShape,
    cost: costShape.describe("total of the whole job, per hour, and what must be on the account up front"),
    diskMiB: z.number().nullable().describe("the disk that the machine gets, which the cost includes"),
    perHour: money.nullable().describe("while it runs, with its disk and its bid"),
    next: z.array(z.object({ offer: z.string(), total: money })).describe("tried when it is gone, in this order"),
    maxTotal: money.describe("more than this for the job is refused"),
    maxPerHour: money.nullable().describe("more than this per hour is refused"),
    ttlSeconds: z.number().nullable().describe("how long after the launch `sweep` ends it; null: it has no end")
  })
  .meta({ id: "Quote" })

/** What was tried, one offer an entry. */
const attemptShape = z.object({
  offer: z.string(),
  outcome: z
    .string()
    .describe("ready, no-capacity, gone, too-dear, unreachable, refused, not-ready, not-as-offered, lost-race, ..."),
  reach: z.enum(["here", "cloud", "everywhere"]).nullable().describe("whether the next offer would meet it too"),
  ref: z.string().nullable(),
  spent: money.nullable(),
  error: errorShape.nullable()
})

/** A machine that a launch rented, or an earlier launch with the same key. */
export const launchedShape = z.object({
  machine: leasedShape.describe("as it is now; without waiting it is mostly not ready yet"),
  quote: quoteShape
    .nullable()
    .describe("null: an earlier launch with the same key answers, and nothing was rented now"),
  ssh: z.string().nullable().describe("the command to log in; null: not possible, or not yet"),
  verification: verificationShape
    .nullable()
    .describe("how it compares with its offer; null: that was not asked, or an earlier launch answers"),
  trail: z.array(attemptShape).describe("what was tried"),
  spent: z.array(money).describe("what the tries that came to nothing cost together"),
  leftoverErrors: z.array(errorShape).describe("what may cost money besides; the exit code is 12"),
  problems: z.array(problemShape).describe("clouds that could not be asked when the offers were compared")
})

/** What a launch would rent. */
export const quotedShape = z.object({
  quote: quoteShape.nullable().describe("null: an earlier launch with the same key has a machine"),
  machine: leasedShape.nullable().describe("of an earlier launch with the same key; null: a launch would rent")
})

/** What a launch would rent, in JSON. */
export type QuotedJson = z.output<typeof quotedShape>

/** A launched machine in JSON. */
export type LaunchedJson = z.output<typeof launchedShape>

/** A quote in JSON. */
export type QuoteJson = z.output<typeof quoteShape>
