import { z } from "zod"
import { listing } from "../listing.ts"
import { money, time } from "../parts.ts"

/** `anygpu balance --json`. */
export const balanceShape = z.object({
  balances: z.array(z.object({ provider: z.string(), available: money, observedAt: time })),
  lacking: z.array(z.string()).describe("clouds that give no balance"),
  ...listing
})

/** The balances in JSON. */
export type BalanceJson = z.output<typeof balanceShape>
