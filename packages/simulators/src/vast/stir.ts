import type { Random } from "../random.ts"
import { wake } from "./lifecycle.ts"
import { availabilityOf, changePrice, holdersOf } from "./market.ts"
import { askOf, type World } from "./world.ts"

/** The share of offers whose prices move at once, and by how much at most. */
const [movingShare, mostMove] = [0.15, 0.06]

/** Prices stay within these multiples of what they began with. */
const [lowest, highest] = [0.7, 1.5]

/** The share of offers that others have at most, and of those that are taken or given back at once. */
const [mostTaken, turnover] = [0.2, 0.04]

/** Lets some prices move, some offers go and some come back; what somebody rents here stays his. */
export const stirMarket = (world: World, random: Random): void => {
  const offers = [...world.offers.values()]
  const holders = holdersOf(world)
  let taken = offers.filter(({ id }) => world.state.asks[id]?.taken).length
  for (const offer of offers) {
    if (random.next() < movingShare) {
      const factor = random.between(1 - mostMove, 1 + mostMove)
      const moved = askOf(world, offer.id).factor * factor
      if (moved >= lowest && moved <= highest) changePrice(world, offer.id, factor)
    }
    if (random.next() >= turnover) continue
    const ask = askOf(world, offer.id)
    if (ask.taken) {
      ask.taken = false
      taken -= 1
      wake(world, offer.id)
    } else if (taken < offers.length * mostTaken && availabilityOf(world, offer, holders) === "free") {
      ask.taken = true
      taken += 1
    }
  }
}
