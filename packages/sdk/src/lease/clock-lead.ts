import { currentMoment, type Ledger, type ProviderFault } from "@anygpu/core"
import * as Effect from "effect/Effect"

/**
 * By how many milliseconds the ledger's own clock is ahead of this computer's wall clock; 0 where they are one.
 *
 * - The answer's way is counted as lead of this computer: what is computed by it is some milliseconds early, and never late.
 */
export const clockLead = (ledger: Ledger): Effect.Effect<number, ProviderFault> =>
  Effect.flatMap(ledger.now(), (shown) => Effect.map(currentMoment, ({ wall }) => shown - wall))
