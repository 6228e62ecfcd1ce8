import { z } from "zod"

/** `anygpu ssh --json`, which prints where to log in and does not. */
export const sshShape = z.object({
  ref: z.string(),
  host: z.string(),
  port: z.int(),
  user: z.string(),
  command: z.string()
})

/** Where to log in, in JSON. */
export type SshJson = z.output<typeof sshShape>
