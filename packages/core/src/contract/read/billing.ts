import * as Effect from "effect/Effect"
import { CurrentLedger } from "../../ledger/current-ledger.ts"
import { type BillingLook, isBillingNews } from "../../ledger/history.ts"
import type { MachineRecord } from "../../ledger/ledger.ts"
import type { Instance } from "../../model/instance.ts"

const lookOf = ({ ref, billing, pricePerHour, gpu, marker, createdAt }: Instance): BillingLook => ({
  ...{ ref, billing, pricePerHour, gpu },
  launchedAt: marker === null ? null : (createdAt?.epochMilliseconds ?? null)
})

/**
 * Writes down what machines were seen to cost, where that is news.
 *
 * - Reading goes on when the ledger cannot be written: what it misses now, it notes at the next look.
 */
export const noteBilling = (
  seen: ReadonlyArray<readonly [instance: Instance, known: MachineRecord | null | undefined]>,
  at: number
): Effect.Effect<void> => {
  const news = seen.flatMap(([instance, known]) => {
    const look = lookOf(instance)
    return isBillingNews(known?.paid, look, at) ? [look] : []
  })
  if (news.length === 0) return Effect.void
  return Effect.flatMap(CurrentLedger, (ledger) => Effect.ignore(ledger.billed(news, at)))
}
