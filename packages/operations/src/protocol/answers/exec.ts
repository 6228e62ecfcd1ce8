import { z } from "zod"

const bytes = z.int().nonnegative()

/** `anygpu exec --json`. */
export const execShape = z.object({
  ref: z.string(),
  code: z.int().nullable().describe("its exit code; null where a signal ended it"),
  signal: z.string().nullable(),
  timedOut: z.boolean().describe("its time was over, and it was ended"),
  stdout: z.string(),
  stderr: z.string(),
  leftOut: z.object({ stdout: bytes, stderr: bytes }).describe("bytes left out before the shown part")
})

/** What came of a command, in JSON. */
export type ExecJson = z.output<typeof execShape>
