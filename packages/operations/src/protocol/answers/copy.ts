import { z } from "zod"

const count = z.int().nonnegative()

/** `anygpu cp --json`. */
export const copyShape = z.object({
  ref: z.string(),
  direction: z.enum(["up", "down"]).describe("to the machine, or from it"),
  to: z.string(),
  files: count.describe("files and links that were copied"),
  bytes: count,
  unchanged: count.describe("files that were the same on both sides"),
  skipped: z.array(z.object({ path: z.string(), reason: z.string() })).describe("what was left out")
})

/** What a copy did, in JSON. */
export type CopyJson = z.output<typeof copyShape>
