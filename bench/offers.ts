import { openMarket } from "./market.ts"
import { compare, inMillis } from "./measure.ts"
import { byHand, withSdk } from "./search.ts"

/*
 * What the SDK costs over doing it by hand: the offers of one cloud fetched, checked, normalised, filtered and sorted,
 * against undici, JSON.parse, filter and sort on the same bytes.
 *
 * Vast's rows hold a few "®". Node makes a text of two bytes a character of that, and the SDK one of one byte, which
 * is read faster: with ASCII alone both read the body in the same way.
 *
 *   offers.ts         31 rounds of each
 *   offers.ts 101     more of them
 */

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
