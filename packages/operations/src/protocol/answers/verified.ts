import type { Verification } from "anygpu"
import { z } from "zod"

/** How a machine compares with its offer. */
export const verificationShape = z
  .object({
    outcome: z
      .enum(["as-offered", "not-as-offered", "unclear"])
      .describe("not-as-offered: something is wrong or faulty; unclear: its GPUs could not be read"),
    checks: z.array(
      z.object({
        subject: z.string().describe("gpu-count, gpu-model, gpu-memory, driver, cores, memory, disk, ..."),
        verdict: z.enum(["ok", "wrong", "faulty", "slow", "note", "unknown"]),
        message: z.string(),
        offered: z.string().nullable().describe("null: the offer says nothing"),
        found: z.string().nullable().describe("null: the machine shows nothing")
      })
    )
  })
  .meta({ id: "Verification" })

/** `anygpu verify --json`. */
export const verifiedShape = z.object({ ref: z.string(), verification: verificationShape })

/** How a machine compares with its offer, in JSON. */
export type VerificationJson = z.output<typeof verificationShape>

/** A machine that was verified, in JSON. */
export type VerifiedJson = z.output<typeof verifiedShape>

/** A verification in JSON. */
export const verificationJson = ({ outcome, checks }: Verification): VerificationJson => ({
  outcome,
  checks: checks.map(({ subject, verdict, message, offered, found }) => ({ subject, verdict, message, offered, found }))
})
