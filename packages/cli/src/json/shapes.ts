import { z } from "zod"

/*
 * What `--json` prints, as schemas: docs/cli/json.md is written from them, and tests hold every answer to them.
 * Commands import their types alone, so that printing JSON loads no validation.
 */

const money = z
  .object({ amount: z.string().describe("exact, as a decimal"), currency: z.enum(["USD", "USDC"]) })
  .describe("an amount of money")
const gpu = z.object({
  model: z.string().describe("the canonical name"),
  known: z.boolean().describe("false: the cloud's own name, which is in no table"),
  vendor: z.string(),
  count: z.int(),
  vramMiB: z.number().nullable().describe("of one GPU"),
  interface: z.enum(["sxm", "pcie", "nvl"]).nullable()
})
const location = z.object({
  country: z.string().nullable(),
  region: z.string().nullable(),
  native: z.string().nullable().describe("as the cloud wrote it")
})
const time = z.iso.datetime()

/** An error, as it stands on standard error and in `problems`. */
export const errorShape = z.object({
  tag: z.string().describe("its class, such as OutOfFunds; Usage and Declined for the command's own"),
  message: z.string(),
  exitCode: z.int(),
  retry: z.enum(["permanent", "temporary", "exhausted"]).optional(),
  provider: z.string().optional(),
  kind: z.string().optional(),
  operation: z.string().optional(),
  requestId: z.string().optional(),
  ref: z.string().optional(),
  marker: z.string().optional(),
  leftovers: z.array(z.string()).optional().describe("machines that may cost money"),
  issues: z.array(z.object({ path: z.string(), problem: z.string() })).optional()
})

/** A part of an answer that could not be had. */
export const problemShape = z.object({
  provider: z.string(),
  kind: z.string().nullable(),
  part: z.string().describe("what is missing"),
  error: errorShape
})

/** What every listing has besides its rows. */
const listing = {
  complete: z.boolean().describe("false: something is missing, and problems says what; the exit code is 13"),
  problems: z.array(problemShape),
  observedAt: time
}

/** An offer. */
export const offerShape = z.object({
  ref: z.string().describe("what launch and cost take: provider/kind/id"),
  provider: z.string(),
  kind: z.string(),
  id: z.string(),
  gpu: gpu.nullable(),
  vcpus: z.number().nullable(),
  memoryMiB: z.number().nullable(),
  storageMiB: z.number().nullable(),
  location,
  pricePerHour: money.nullable().describe("of the whole machine; null: the cloud names none"),
  minimumBid: money.nullable(),
  availability: z.enum(["available", "unavailable", "unknown"]),
  interruptible: z.boolean(),
  reliability: z.number().nullable().describe("0 to 1"),
  host: z.string().nullable(),
  observedAt: time
})

/** `anygpu offers --json`. */
export const offersShape = z.object({
  offers: z.array(offerShape).describe("cheapest first"),
  total: z.int().describe("how many fit; offers has at most --limit of them"),
  leftOut: z.record(z.string(), z.int()).describe("how many a filter left out, by filter"),
  ...listing
})

/** Money in JSON. */
export type MoneyJson = z.output<typeof money>
/** An offer in JSON. */
export type OfferJson = z.output<typeof offerShape>
/** The offers in JSON. */
export type OffersJson = z.output<typeof offersShape>
/** An error in JSON. */
export type ErrorJson = z.output<typeof errorShape>
/** A problem in JSON. */
export type ProblemJson = z.output<typeof problemShape>
