import type * as Effect from "effect/Effect"
import type { ProviderFault } from "../errors.ts"
import type { Kind } from "../model/kind.ts"
import type { Currency, Money } from "../model/money.ts"

/** Offers that are looked at together: those of one cloud and kind that may be taken away, or those that may not. */
export interface PriceScope {
  readonly provider: string
  readonly kind: Kind
  readonly interruptible: boolean
}

/** What an offer cost at a look. */
export interface PricedOffer {
  /** Its id. */
  readonly offer: string
  /** The canonical model of its GPUs. */
  readonly gpu: string
  readonly gpuCount: number
  /** Per hour, for the whole machine. */
  readonly price: Money
}

/** All offers of a scope as one look showed them. */
export interface PriceLook extends PriceScope {
  readonly offers: ReadonlyArray<PricedOffer>
  /** Whether these are all: of an incomplete list nothing is concluded about offers that are not on it. */
  readonly complete: boolean
}

/** What a record of prices came to, in numbers of offers. */
export interface PriceNews {
  /** New, back, or at another price: written down. */
  readonly changed: number
  /** On offer no more: written down. */
  readonly gone: number
  /** At the price of before: nothing is written. */
  readonly same: number
}

/** From when on an offer cost so much. */
export interface PriceChange extends PriceScope {
  readonly offer: string
  readonly gpu: string
  readonly gpuCount: number
  /** Epoch milliseconds, to the minute. */
  readonly at: number
  /** Per hour, for the whole machine; null: from then on it was not on offer. */
  readonly price: Money | null
}

/** The changes of one offer. */
export interface PriceQuery {
  readonly provider: string
  readonly kind: Kind
  readonly offer: string
  /** Epoch milliseconds: changes from then on, and the one before, which was in force then. */
  readonly from?: number
  /** Epoch milliseconds: changes before it. */
  readonly to?: number
}

/**
 * What a GPU cost in an hour, per GPU, over the offers of a scope.
 *
 * - `min` and `max` are of all looks in that hour, `median` and `count` of its last one.
 * - A row whose `gpu` is null says that the scope was looked at in that hour: its `count` is of all GPUs, and it has no
 *   prices. Where it is missing nobody looked.
 */
export interface MarketHour extends PriceScope {
  readonly gpu: string | null
  /** Epoch milliseconds of its beginning. */
  readonly hour: number
  readonly min: Money | null
  /** Null where the last look showed no offer. */
  readonly median: Money | null
  readonly max: Money | null
  /** How many offers the last look showed. */
  readonly count: number
}

/** Which hours to read; all of them when empty. */
export interface MarketQuery {
  /** Canonical models; the rows that say where a scope was looked at come along. */
  readonly gpus?: ReadonlyArray<string>
  readonly provider?: string
  /** Epoch milliseconds: hours that end after it. */
  readonly from?: number
  /** Epoch milliseconds: hours that begin before it. */
  readonly to?: number
}

/** What a ledger does with the prices of the market, apart from everything that is rented. */
export interface PriceLedger {
  /**
   * Records what offers cost at a moment: a price that stays is not written again.
   *
   * - An offer that is missing from a complete look is on offer no more. A look that is older than the last one of its scope
   *   changes nothing.
   * - Moments are kept to the minute. Changes are kept for 400 days, hours for good.
   */
  recordPrices(looks: ReadonlyArray<PriceLook>, at: number): Effect.Effect<PriceNews, ProviderFault>
  /** What an offer has cost, in the order of time. */
  priceChanges(query: PriceQuery): Effect.Effect<ReadonlyArray<PriceChange>, ProviderFault>
  /** What GPUs have cost by the hour, in the order of time. */
  marketHours(query?: MarketQuery): Effect.Effect<ReadonlyArray<MarketHour>, ProviderFault>
}

/** An offer with the same GPUs and currency, and its last change: what a store keeps of it once. */
export interface PriceSeries extends PriceScope {
  readonly offer: string
  readonly gpu: string
  readonly gpuCount: number
  readonly currency: Currency
  /** Epoch minutes of the last change. */
  readonly minute: number
  /** Per hour, for the whole machine; null when it is on offer no more. */
  readonly micros: number | null
}

/** An hour as a store keeps it: of the row without a GPU, `gpu` and `currency` are empty. */
export interface HourRow extends PriceScope {
  readonly gpu: string
  readonly currency: Currency | ""
  /** Hours since 1970. */
  readonly hour: number
  readonly min: number | null
  readonly median: number | null
  readonly max: number | null
  readonly count: number
}

const minuteMillis = 60_000

/** How many minutes changes are kept: 400 days. */
const keptMinutes = 400 * 24 * 60

/** The minute of a moment. */
export const minuteOf = (at: number): number => Math.floor(at / minuteMillis)

/** The minute before which changes are forgotten. */
export const forgottenBefore = (minute: number): number => minute - keptMinutes

const keyOf = ({ offer, gpu, gpuCount, currency }: Omit<PriceSeries, keyof PriceScope>): string =>
  JSON.stringify([offer, gpu, gpuCount, currency])

/** A scope alone, without what else is there. */
export const scopeOf = ({ provider, kind, interruptible }: PriceScope): PriceScope => ({
  provider,
  kind,
  interruptible
})

/** What became of the prices of a scope by a look. */
export interface PriceOutcome {
  /** What is written down. */
  readonly changes: ReadonlyArray<PriceSeries>
  readonly news: PriceNews
  /** All that is on offer after it, as far as is known. */
  readonly live: ReadonlyArray<PriceSeries>
}

/** What a look says that is not known yet. */
export const priceOutcome = (look: PriceLook, live: ReadonlyArray<PriceSeries>, minute: number): PriceOutcome => {
  const known = new Map(live.map((series) => [keyOf(series), series]))
  const seen = new Map(
    look.offers.map(({ price: { micros, currency }, offer, gpu, gpuCount }) => {
      const series = { ...scopeOf(look), offer, gpu, gpuCount, currency, minute, micros }
      return [keyOf(series), series] as const
    })
  )
  const changed = [...seen].flatMap(([key, series]) => (known.get(key)?.micros === series.micros ? [] : [series]))
  const unseen = [...known].flatMap(([key, series]) => (seen.has(key) ? [] : [series]))
  const gone = look.complete ? unseen.map((series) => ({ ...series, minute, micros: null })) : []
  return {
    changes: [...changed, ...gone],
    news: { changed: changed.length, gone: gone.length, same: seen.size - changed.length },
    live: [...seen.values(), ...(look.complete ? [] : unseen)]
  }
}

/** A series as the change that it ended with. */
export const changeOf = ({ minute, micros, currency, ...series }: PriceSeries): PriceChange => ({
  ...scopeOf(series),
  ...{ offer: series.offer, gpu: series.gpu, gpuCount: series.gpuCount, at: minute * minuteMillis },
  price: micros === null ? null : { micros, currency }
})
