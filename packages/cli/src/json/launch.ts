import {
  costShape,
  errorShape,
  jobShape,
  leasedShape,
  money,
  offerShape,
  problemShape
} from "@anygpu/operations/protocol"
import { z } from "zod"

/** What a launch was said to cost before it was made. */
export const quoteShape = z
  .object({
    offer: offerShape,
    job: jobShape,
    cost: costShape,
    diskMiB: z.number().nullable().describe("the disk that the machine gets, which the cost includes"),
    perHour: money.nullable().describe("while it runs, with its disk and its bid"),
    next: z.array(z.object({ offer: z.string(), total: money })).describe("tried when it is gone, in this order"),
    maxTotal: money.describe("more than this for the job is refused"),
    maxPerHour: money.nullable().describe("more than this per hour is refused"),
    ttlSeconds: z.number().nullable(),
    sshKeys: z
      .array(z.string())
      .describe("the files of the public keys that may log in; empty: this launch lets nobody in by ssh")
  })
  .meta({ id: "Quote" })

/** `anygpu launch --json`. */
export const launchShape = z.object({
  machine: leasedShape,
  quote: quoteShape
    .nullable()
    .describe("null: an earlier launch with the same key answers, and nothing was rented now"),
  ssh: z.string().nullable().describe("the command to log in; null: not possible, or not yet"),
  trail: z
    .array(
      z.object({
        offer: z.string(),
        outcome: z
          .string()
          .describe("ready, no-capacity, gone, too-dear, unreachable, refused, not-ready, lost-race, ..."),
        reach: z.enum(["here", "cloud", "everywhere"]).nullable().describe("whether the next offer would meet it too"),
        ref: z.string().nullable(),
        spent: money.nullable(),
        error: errorShape.nullable()
      })
    )
    .describe("what was tried"),
  spent: z.array(money).describe("what the tries that came to nothing cost together"),
  leftoverErrors: z.array(errorShape).describe("what may cost money besides; the exit code is 12"),
  problems: z.array(problemShape).describe("clouds that could not be asked when the offers were compared")
})

/** A launch in JSON. */
export type LaunchJson = z.output<typeof launchShape>

/** A quote in JSON. */
export type QuoteJson = z.output<typeof quoteShape>
