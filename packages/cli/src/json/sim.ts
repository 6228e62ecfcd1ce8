import { z } from "zod"

/** `anygpu sim --json`: one line for each cloud. */
export const simShape = z.object({
  provider: z.string(),
  url: z.string().describe("for <PROVIDER>_BASE_URL"),
  apiKey: z.string().describe("the key that is let in; it opens nothing else")
})

/** One simulated cloud in JSON. */
export type SimJson = z.output<typeof simShape>
