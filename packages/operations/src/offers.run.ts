import type { Offer } from "anygpu"
import type { OperationContext } from "./context.ts"
import type { InputOf } from "./input/field.ts"
import { filterOf } from "./input/filter.ts"
import type { offersInput } from "./offers.ts"
import type { OffersJson } from "./protocol/answers/offers.ts"
import { type Gathered, gatheredJson, offerJson } from "./protocol/model.ts"

/** The offers that fit. */
export interface FoundOffers extends Gathered {
  /** The cheapest ones, as many as were asked for. */
  readonly offers: ReadonlyArray<Offer>
  readonly total: number
  /** How many a filter left out, by filter. */
  readonly excluded: Readonly<Record<string, number>>
}

/** Asks all clouds for offers. */
export const run = async (
  context: OperationContext,
  { limit = 20, interruptible = false, ...filter }: InputOf<typeof offersInput>
): Promise<FoundOffers> => {
  const { out, signal } = context
  const gpu = await context.gpu()
  const { items, ...found } = await out.during("asking for offers", () =>
    gpu.offers({ ...filterOf(filter), interruptible, signal })
  )
  return { ...found, offers: limit === 0 ? items : items.slice(0, limit), total: items.length }
}

/** The offers in JSON. */
export const encode = ({ offers, total, excluded, ...found }: FoundOffers): OffersJson => ({
  ...{ offers: offers.map(offerJson), total, excluded: { ...excluded } },
  ...gatheredJson(found)
})
