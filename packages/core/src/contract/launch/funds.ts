import * as Effect from "effect/Effect"
import { OutOfFunds } from "../../errors.ts"
import { neededAtLaunch } from "../../model/estimate.ts"
import { formatMoney } from "../../model/money.ts"
import type { Offer } from "../../model/offer.ts"
import type { Operations } from "../definition.ts"

/** What a definition says of the account's money. */
interface Funded<N> {
  readonly operations: Partial<Operations<N>>
  readonly balancePays?: boolean
}

/**
 * Refuses a launch that the account cannot pay for, where the offer's terms name a floor and the cloud gives the
 * balance.
 *
 * - A balance that cannot be read decides nothing: the cloud itself does.
 */
export const checkFunds = <N>(
  { operations: { balance }, balancePays = true }: Funded<N>,
  { provider, terms }: Pick<Offer, "provider" | "terms">
): Effect.Effect<void, OutOfFunds> => {
  const needed = terms && neededAtLaunch(terms)
  if (!balance || !balancePays || !needed || needed.micros === 0) return Effect.void
  return Effect.result(balance()).pipe(
    Effect.flatMap((read) => {
      if (read._tag === "Failure") return Effect.void
      const available = read.success
      if (available.currency !== needed.currency || available.micros >= needed.micros) return Effect.void
      return Effect.fail(
        new OutOfFunds({
          message:
            `${provider} wants ${formatMoney(needed)} on the account for this launch, and there is ` +
            `${formatMoney(available)}: add money and launch again; nothing was sent`,
          retry: "permanent",
          needed,
          available
        })
      )
    })
  )
}
