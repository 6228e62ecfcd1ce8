import { z } from "zod"
import { errorShape, listing, money, problemShape, time } from "./parts.ts"
import { costShape, jobShape, leasedShape, machineShape, offerShape } from "./shapes.ts"

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

/** A machine that a command was to end. */
const ended = z.object({
  ref: z.string(),
  alreadyGone: z.boolean(),
  leftovers: z.array(z.string()).describe("what stays on the account and may still cost money")
})

/** `anygpu terminate --json`. */
export const terminateShape = z.object({
  ended: z.array(ended),
  failed: z
    .array(z.object({ ref: z.string(), error: errorShape }))
    .describe("they may still cost money, unless the error is NotFound"),
  complete: z.boolean().describe("of --all. false: there may be more machines, and problems says where"),
  problems: z.array(problemShape)
})

const leased = z.object({
  ref: z.string().nullable().describe("null: it is not known whether there is a machine"),
  marker: z.string(),
  until: time
})

/** `anygpu sweep --json`. */
export const sweepShape = z.object({
  ended: z.array(ended),
  failed: z.array(leased.extend({ error: errorShape })).describe("they may still cost money: sweep again"),
  kept: z.array(leased).describe("their time has not run out"),
  ...listing
})

/** A launch as the ledger holds it. */
export const launchRecord = z
  .object({
    marker: z.string(),
    key: z.string().nullable(),
    name: z.string(),
    provider: z.string(),
    kind: z.string(),
    offer: z.string(),
    state: z.enum(["open", "created", "refused", "absent", "unsettled"]),
    at: time,
    until: time.nullable().describe("when its ttl runs out"),
    note: z.string().nullable()
  })
  .meta({ id: "Launch" })

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

/** `anygpu logs --json` and `anygpu events --json`, a line each. */
export const logLineShape = z.discriminatedUnion("type", [
  z.object({ type: z.literal("line"), line: z.string() }),
  z.object({
    type: z.literal("gap"),
    message: z.string().describe("lines before the next may be missing or repeated")
  }),
  z.object({ type: z.literal("end"), status: z.string().describe("of the machine: nothing follows") })
])

/** `anygpu watch --json`, a line each. */
export const watchShape = z.discriminatedUnion("type", [
  z.object({
    type: z.enum(["appeared", "status", "endpoints", "billing", "price", "vanished"]),
    at: time,
    machine: machineShape,
    before: machineShape.nullable()
  }),
  z.object({
    type: z.enum(["stale", "incomplete", "resumed"]),
    at: time,
    provider: z.string(),
    kind: z.string(),
    since: time,
    errors: z.array(errorShape)
  })
])

/** `anygpu ssh --json`, which prints where to log in and does not. */
export const sshShape = z.object({
  ref: z.string(),
  host: z.string(),
  port: z.int(),
  user: z.string(),
  command: z.string()
})

/** A launch in JSON. */
export type LaunchJson = z.output<typeof launchShape>
/** A quote in JSON. */
export type QuoteJson = z.output<typeof quoteShape>
/** Ends in JSON. */
export type TerminateJson = z.output<typeof terminateShape>
/** A sweep in JSON. */
export type SweepJson = z.output<typeof sweepShape>
/** An audit in JSON. */
export type AuditJson = z.output<typeof auditShape>
/** A launch of the ledger in JSON. */
export type LaunchRecordJson = z.output<typeof launchRecord>
/** A line of a log in JSON. */
export type LogLineJson = z.output<typeof logLineShape>
/** A change in JSON. */
export type WatchJson = z.output<typeof watchShape>
/** Where to log in, in JSON. */
export type SshJson = z.output<typeof sshShape>
