import type { MarketQuery, PriceLook, PriceQuery } from "@anygpu/core"
import type { Chance } from "./random.ts"
import { amountIn, places } from "./values.ts"

const offers = ["1", "2 é\u0000/x", "3"] as const
const gpus = ["H100", "RTX é"] as const

/** A moment: a few minutes around an hour, far enough apart now and then that changes are forgotten. */
const momentIn = (chance: Chance): number =>
  (50 + chance.below(20)) * 60_000 + (chance.once(12) ? 401 : chance.below(2) * 200) * 86_400_000

const lookIn = (chance: Chance): PriceLook => {
  const [provider, kind] = chance.pick(places)
  return {
    ...{ provider, kind, interruptible: chance.once(3), complete: !chance.once(3) },
    offers: chance.some([...offers, ...offers]).map((offer) => ({
      ...{ offer, gpu: chance.once(5) ? gpus[1] : gpus[0], gpuCount: chance.once(6) ? 3 : 1, price: amountIn(chance) }
    }))
  }
}

/** What is recorded of prices. */
export const priceLooksIn = (chance: Chance): readonly [ReadonlyArray<PriceLook>, number] => [
  Array.from({ length: 1 + chance.below(2) }, () => lookIn(chance)),
  momentIn(chance)
]

const rangeIn = (chance: Chance) => ({
  ...(chance.once(3) && { from: momentIn(chance) }),
  ...(chance.once(3) && { to: momentIn(chance) })
})

/** An offer whose changes are asked for. */
export const priceQueryIn = (chance: Chance): PriceQuery => {
  const [provider, kind] = chance.pick(places)
  return { provider, kind, offer: chance.pick(offers), ...rangeIn(chance) }
}

/** An offer whose changes are read in the end. */
export const pricedOffer: PriceQuery = { provider: "north", kind: "vm", offer: "1" }

/** Which hours of the market are asked for. */
export const marketQueryIn = (chance: Chance): MarketQuery => ({
  ...(chance.once(2) && { gpus: chance.some(gpus) }),
  ...(chance.once(3) && { provider: "north" }),
  ...rangeIn(chance)
})
