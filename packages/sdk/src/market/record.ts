import type { AnyProvider, GpuError, Ledger, Listing, Offer, PriceLook, PriceNews, Problem } from "@anygpu/core"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { type AskOptions, askedFor, gatherAnswers } from "../client/gather.ts"

/** What a look at the prices of all offers came to. */
export interface RecordedPrices extends PriceNews {
  /** When it was looked. */
  readonly at: DateTime.Utc
  /** Offers that name no price: they are not written down. */
  readonly unpriced: number
  /** Machines without a GPU: they are not written down. */
  readonly withoutGpu: number
  /** Whether every cloud answered in full: of one that did not, nothing is concluded about what is missing. */
  readonly complete: boolean
  readonly problems: ReadonlyArray<Problem>
}

/** What can be rented now, or of which nobody knows. */
const isOnOffer = ({ availability }: Offer): boolean => availability !== "unavailable"

const lookOf = (
  { provider, kind }: AnyProvider,
  interruptible: boolean,
  { items, complete }: Listing<Offer>
): PriceLook => ({
  ...{ provider, kind, interruptible, complete },
  offers: items
    .filter(isOnOffer)
    .flatMap(({ id, gpu, pricePerHour: price }) =>
      gpu === null || price === null ? [] : [{ offer: id, gpu: gpu.model, gpuCount: gpu.count, price }]
    )
})

/** The offers of a cloud: those that it may take away are asked for apart, since both may be the same machine at two prices. */
interface Stall {
  readonly provider: AnyProvider["provider"]
  readonly kind: AnyProvider["kind"]
  readonly asked: AnyProvider
  readonly interruptible: boolean
}

/**
 * Looks at the offers of all clouds, and writes down in the ledger what has changed since the last look: a price that stays is
 * not written again.
 */
export const recordPricesWith = (providers: ReadonlyArray<AnyProvider>, ledger: Ledger) =>
  Effect.fnUntraced(function* (options: AskOptions = {}): Effect.fn.Return<RecordedPrices, GpuError> {
    const at = yield* DateTime.now
    const stalls = askedFor(providers, undefined).flatMap(
      (asked): ReadonlyArray<Stall> =>
        [false, true].map((interruptible) => ({ provider: asked.provider, kind: asked.kind, asked, interruptible }))
    )
    const question = { ...options, operation: "offers", part: "offers" }
    const { answers, problems } = yield* gatherAnswers(stalls, question, ({ asked, interruptible }) =>
      asked.offers({ interruptible })
    )
    const looks = answers.map(({ provider: { asked, interruptible }, answer }) => lookOf(asked, interruptible, answer))
    const news = yield* ledger.recordPrices(looks, at.epochMilliseconds)
    const offers = answers.flatMap(({ answer }) => answer.items.filter(isOnOffer))
    return {
      ...{ at, ...news },
      unpriced: offers.filter(({ gpu, pricePerHour }) => gpu !== null && pricePerHour === null).length,
      withoutGpu: offers.filter(({ gpu }) => gpu === null).length,
      complete: problems.length === 0 && answers.every(({ answer }) => answer.complete),
      problems: [...problems, ...answers.flatMap(({ answer }) => answer.problems)]
    }
  })
