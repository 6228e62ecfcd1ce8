import { decimalOf, type Money, type Offer, type Problem } from "anygpu"
import { errorJson } from "../failure.ts"
import type { MoneyJson, OfferJson, ProblemJson } from "./shapes.ts"

/** An amount, exact. */
export const moneyJson = (money: Money): MoneyJson => ({ amount: decimalOf(money), currency: money.currency })

/** An amount, or null where there is none. */
export const moneyOrNull = (money: Money | null): MoneyJson | null => money && moneyJson(money)

/** A moment as ISO 8601 in UTC. */
export const timeJson = ({ epochMilliseconds }: { readonly epochMilliseconds: number }): string =>
  new Date(epochMilliseconds).toISOString()

/** How an offer is named on the command line. */
export const offerRef = ({ provider, kind, id }: Pick<Offer, "provider" | "kind" | "id">): string =>
  `${provider}/${kind}/${id}`

/** An offer without the cloud's own row. */
export const offerJson = (offer: Offer): OfferJson => {
  const { provider, kind, id, gpu, vcpus, memoryMiB, storageMiB, location } = offer
  const { price, minimumBid, availability, interruptible, reliability, host, observedAt } = offer
  return {
    ...{ ref: offerRef(offer), provider, kind, id, gpu, vcpus, memoryMiB, storageMiB, location },
    pricePerHour: moneyOrNull(price),
    minimumBid: moneyOrNull(minimumBid),
    ...{ availability, interruptible, reliability, host: host ?? null, observedAt: timeJson(observedAt) }
  }
}

/** A part that could not be had. */
export const problemJson = ({ provider, kind, part, error }: Problem): ProblemJson => ({
  provider,
  kind: kind ?? null,
  part,
  error: errorJson(error, false)
})
