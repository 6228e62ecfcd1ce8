import { openMarket } from "./market.ts"
import { compare, inMillis } from "./measure.ts"
import { byHand, withSdk } from "./search.ts"

/*
 * What the SDK costs over doing it by hand: the offers of one cloud fetched, checked, normalised, filtered and sorted,
 * against undici, JSON.parse, filter and sort on the same bytes.
 *
 *   offers.ts         31 rounds of each
 *   offers.ts 101     more of them
 */

const rounds = Number(process.argv[2] ?? 31)

const measure = async (count: number) => {
  const market = await openMarket(count)
  const [sdk, hand] = [withSdk(market), byHand(market)]
  const [found, byThem] = [await sdk(), await hand()]
  if (found !== byThem) throw new Error(`the two disagree: ${found} offers with the SDK, ${byThem} by hand`)
  const { ours, theirs, ratio, best } = await compare(sdk, hand, { rounds, warmUps: 10 })
  market.close()
  return {
    offers: count,
    found,
    "with the SDK": inMillis(ours),
    "by hand": inMillis(theirs),
    ratio: ratio.toFixed(2),
    "of the fastest": best.toFixed(2),
    target: "1.15"
  }
}

console.log(`Offers, against undici, JSON.parse, filter and sort; median of ${rounds} rounds`)
console.table([await measure(1_000), await measure(10_000)])
