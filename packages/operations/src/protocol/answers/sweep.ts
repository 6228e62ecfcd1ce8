import { z } from "zod"
import { errorShape } from "../error-shape.ts"
import { listing } from "../listing.ts"
import { time } from "../parts.ts"
import { endedShape } from "./ended.ts"

const leased = z.object({
  ref: z.string().nullable().describe("null: it is not known whether there is a machine"),
  marker: z.string(),
  until: time
})

/** `anygpu sweep --json`. */
export const sweepShape = z.object({
  ended: z.array(endedShape.omit({ observedAt: true })),
  failed: z.array(leased.extend({ error: errorShape })).describe("they may still cost money: sweep again"),
  underWay: z.array(leased).describe("another process is ending them at this moment"),
  kept: z.array(leased).describe("their time has not run out"),
  ...listing
})

/** A sweep in JSON. */
export type SweepJson = z.output<typeof sweepShape>
