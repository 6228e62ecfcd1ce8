import { z } from "zod"

/** `anygpu ledger move --json`. */
export const ledgerMoveShape = z.object({
  from: z.string(),
  to: z.string(),
  moved: z
    .string()
    .nullable()
    .describe(
      "what was brought over, in words; null: an earlier call had brought everything, and this one has ended it"
    )
})

/** A move in JSON. */
export type LedgerMoveJson = z.output<typeof ledgerMoveShape>
