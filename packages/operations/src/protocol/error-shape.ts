import { z } from "zod"
import { money } from "./parts.ts"

/** One try of a launch, in an error. */
const tryShape = z
  .object({
    offer: z.string(),
    outcome: z.string(),
    reach: z.enum(["here", "cloud", "everywhere"]).nullable().describe("whether the next offer would meet it too"),
    ref: z.string().nullable(),
    spent: money.nullable().describe("until it was ended"),
    message: z.string().nullable()
  })
  .meta({ id: "Try" })

/** What is known of an error by itself. */
const errorFields = z
  .object({
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
    reason: z
      .string()
      .optional()
      .describe("of Network: why the connection failed, such as name-not-found, refused, tls-expired"),
    needed: money.optional().describe("of OutOfFunds: what it would have come to"),
    available: money.optional().describe("of OutOfFunds: what there is, or the limit that it is above"),
    ownLimit: z
      .boolean()
      .optional()
      .describe("true: a limit of this side, such as --max-total, or the rate limit that this client keeps"),
    retryAfterSeconds: z.number().optional().describe("of RateLimited: when the next call is possible"),
    leftovers: z.array(z.string()).optional().describe("machines that may cost money"),
    issues: z.array(z.object({ path: z.string(), problem: z.string() })).optional(),
    trail: z.array(tryShape).optional().describe("what a launch tried")
  })
  .meta({ id: "ErrorFields" })

/** A part of an answer that could not be had. */
export const problemShape = z
  .object({
    provider: z.string(),
    kind: z.string().nullable(),
    part: z.string().describe("what is missing"),
    error: errorFields
  })
  .meta({ id: "Problem" })

/** An error, as it stands on standard error. */
export const errorShape = errorFields
  .extend({
    problems: z.array(problemShape).describe("clouds that could not be asked, and parts that could not be had")
  })
  .meta({ id: "Error" })

/** An error in JSON. */
export type ErrorJson = z.output<typeof errorShape>

/** An error in JSON without the problems behind it. */
export type ErrorFieldsJson = z.output<typeof errorFields>

/** A problem in JSON. */
export type ProblemJson = z.output<typeof problemShape>
