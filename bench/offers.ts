import { readPart } from "./cloud-parts.ts"
import { openMarket } from "./market.ts"
import { compare, inMillis } from "./measure.ts"

/*
 * What the SDK costs over doing it by hand: the offers of one cloud fetched, checked, normalised, filtered and sorted,
 * against undici, JSON.parse, filter and sort on the same bytes.
 *
 * The cloud's rows hold a few "®". Node makes a text of two bytes a character of that, and the SDK one of one byte, which
 * is read faster: with ASCII alone both read the body in the same way.
 *
 * Where the processor's time of 10,000 offers goes without the network, at best, on Node 24:
 *
 *   parse       65 ms   by hand as well, with its filter and sort 66 ms in all
 *   check        3 ms   the validator that zod generates of the schema; no row is copied
 *   normalise    7 ms   offers in the common model
 *   rank         1 ms   filtered, counted, sorted
 *   the rest    about 14 ms of garbage collection: offers live on, so that they are moved where raw rows are just dropped
 *
 * A search of 1,000 has the same parts, and what a client and a call cost weighs more.
 *
 *   offers.ts         31 rounds of each
 *   offers.ts 101     more of them
 */

const { withSdk, byHand } = await readPart("search")
const rounds = Number(process.argv[2] ?? 31)

const measure = async (count: number, characters: "ascii" | "all") => {
  const market = await openMarket(count, "paged", characters)
  const [sdk, hand] = [withSdk(market), byHand(market)]
  const [found, byThem] = [await sdk(), await hand()]
  if (found !== byThem) throw new Error(`the two disagree: ${found} offers with the SDK, ${byThem} by hand`)
  const { ours, theirs, ratio, best } = await compare(sdk, hand, { rounds, warmUps: 10 })
  market.close()
  return {
    offers: count,
    characters,
    found,
    "with the SDK": inMillis(ours),
    "by hand": inMillis(theirs),
    ratio: ratio.toFixed(2),
    "of the fastest": best.toFixed(2),
    target: count === 10_000 ? "at most 1.15" : ""
  }
}

console.log(`Offers, against undici, JSON.parse, filter and sort; median of ${rounds} rounds`)
console.table([
  await measure(1_000, "ascii"),
  await measure(1_000, "all"),
  await measure(10_000, "ascii"),
  await measure(10_000, "all")
])
