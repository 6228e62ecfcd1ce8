import { z } from "zod"
import { listing } from "../listing.ts"

/** `anygpu ssh-config --json`. */
export const sshConfigShape = z.object({
  machines: z.array(
    z.object({
      ref: z.string(),
      aliases: z.array(z.string()).describe("what ssh takes for it; the last is always its own"),
      host: z.string(),
      port: z.int(),
      user: z.string(),
      hostKeyAlias: z.string().describe("under which its host key is kept")
    })
  ),
  text: z.string().describe("for ~/.ssh/config"),
  ...listing
})

/** What ssh's configuration needs, in JSON. */
export type SshConfigJson = z.output<typeof sshConfigShape>
