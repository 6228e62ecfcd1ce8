import { type AnyProvider, byPrice, type OfferFilter, resolveFilter, shape } from "@anygpu/core"
import * as Effect from "effect/Effect"
import { type AskOptions, askedFor, gather } from "./gather.ts"
import type { Gpu } from "./gpu.ts"

/** A filter without how long the clouds may take, which no cloud is asked for; what is no filter at all stays. */
const withoutTime = (given: OfferFilter & AskOptions): { readonly filter: OfferFilter; readonly ask: AskOptions } => {
  if (!shape.isFields(given)) return { filter: given, ask: {} }
  const { within, ...filter }: OfferFilter & AskOptions = given
  return { filter, ask: within === undefined ? {} : { within } }
}

/** The offers of several providers, the cheapest first; see {@link Gpu.offers}. */
export const offersWith = (all: ReadonlyArray<AnyProvider>): Gpu["offers"] =>
  Effect.fnUntraced(function* (given: OfferFilter & AskOptions = {}) {
    const { filter, ask } = withoutTime(given)
    const { limit } = yield* resolveFilter(filter)
    const asked = askedFor(all, filter.kind)
    const question = { ...ask, operation: "offers", part: "offers" }
    const found = yield* gather(asked, question, (provider) => provider.offers(filter))
    return found.with([...found.items].sort(byPrice).slice(0, limit ?? found.items.length))
  })
