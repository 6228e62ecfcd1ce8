import {
  errorShape,
  launchRecord,
  leasedShape,
  money,
  problemShape,
  spentSumShape,
  time
} from "@anygpu/operations/protocol"
import { z } from "zod"
import { limitsShape } from "./about.ts"

const place = z.object({
  key: z.string(),
  is: z.literal("place"),
  provider: z.string(),
  kind: z.string(),
  state: z
    .enum(["asking", "answered", "incomplete", "failed"])
    .describe("asking: it has not answered yet; incomplete: parts are missing; failed: what is shown is of answeredAt"),
  askedAt: time,
  answeredAt: time.nullable().describe("of the last whole list: what is shown is as old as that"),
  error: errorShape.nullable(),
  problems: z.array(problemShape)
})

const machine = z.object({
  key: z.string(),
  is: z.literal("machine"),
  ref: z.string(),
  ledger: z
    .object({
      provider: z.string(),
      kind: z.string(),
      id: z.string(),
      name: z.string().nullable(),
      owner: z.string().nullable(),
      tags: z.record(z.string(), z.string()),
      account: z.string().nullable(),
      marker: z.string(),
      launchedAt: time,
      leaseUntil: time.nullable(),
      pricePerHour: money.nullable().describe("as it was last seen, or launched for"),
      billing: z
        .enum(["compute", "storage", "none", "unknown"])
        .nullable()
        .describe("as it was last seen; null: never"),
      intent: z.string().nullable().describe("what was last asked of it: stop, terminate, ...")
    })
    .nullable()
    .describe("what the ledger knows of it; null: another ledger launched it, or nobody did"),
  machine: leasedShape.nullable().describe("as its cloud lists it; null: that has not answered yet"),
  cost: spentSumShape.nullable().describe("so far; null: nothing was seen"),
  costAt: time
})

const spent = z.object({
  key: z.literal("spent"),
  is: z.literal("spent"),
  at: time,
  today: spentSumShape.describe("the present day of UTC"),
  month: spentSumShape.describe("the present calendar month of UTC")
})

const amount = money
  .nullable()
  .describe("held or spent, what is to come until its end or that of its leases too; null: not known")

const budget = z.object({
  key: z.string(),
  is: z.literal("budget"),
  name: z.string(),
  limits: limitsShape,
  perHour: amount,
  today: amount,
  month: amount,
  total: amount
})

const keeper = z.object({
  key: z.string(),
  is: z.literal("keeper"),
  id: z.string(),
  host: z.string(),
  since: time,
  places: z.array(z.string()).describe("the clouds and kinds that it can end machines of")
})

const launch = z.object({
  key: z.string(),
  is: z.literal("launch"),
  launch: launchRecord,
  ref: z.string().nullable().describe("its machine"),
  owner: z.string().nullable(),
  tags: z.record(z.string(), z.string()),
  pricePerHour: money.nullable()
})

const balance = z.object({
  key: z.string(),
  is: z.literal("balance"),
  provider: z.string(),
  account: z.string().nullable().describe("what the account is called; null where it has no name"),
  available: money.nullable(),
  observedAt: time.nullable(),
  error: errorShape.nullable()
})

const ledger = z.object({
  key: z.literal("ledger"),
  is: z.literal("ledger"),
  state: z.enum(["read", "failed"]),
  readAt: time.nullable().describe("when it was read last: what comes from it is as old as that"),
  error: errorShape.nullable()
})

/** One entry of the live state; it is always sent whole. */
export const entryShape = z
  .discriminatedUnion("is", [ledger, place, machine, spent, budget, keeper, launch, balance])
  .meta({ id: "Entry" })

/** The data of an event `entries` of `GET /api/v1/live`. */
export const entriesShape = z
  .object({
    full: z.boolean().describe("true: this is everything, forget what was there"),
    at: time.describe("the server's clock"),
    set: z.array(entryShape),
    removed: z.array(z.string()).describe("keys of entries that are gone")
  })
  .meta({ id: "Entries" })

/** One entry of the live state. */
export type Entry = z.output<typeof entryShape>

/** The data of an event `entries`. */
export type EntriesJson = z.output<typeof entriesShape>

/** The entry of one sort: `EntryOf<"machine">`. */
export type EntryOf<Is extends Entry["is"]> = Extract<Entry, { readonly is: Is }>
