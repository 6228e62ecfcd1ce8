import { readPart } from "./cloud-parts.ts"
import { openMarket } from "./market.ts"

/*
 * One search in a process of its own, all offers in one answer, so that nothing measured before counts. It tells what
 * it measured as JSON.
 *
 *   once.ts <"sdk" or "hand"> <number of offers>
 */

/** How the offers are asked for. */
export type Way = "sdk" | "hand"

/** What one search took. */
export interface Measured {
  readonly millis: number
  /** The size of the answer. */
  readonly bytes: number
  /**
   * By how many bytes the process grew at most while it searched: the kernel's high-water mark of its memory, less what
   * it held before.
   */
  readonly peak: number
}

const [way, count] = [process.argv[2] as Way, Number(process.argv[3])]
const { withSdk, byHand } = await readPart("search")
const make = { sdk: withSdk, hand: byHand }[way]

// The code is loaded and warm before the search that counts.
const small = await openMarket(2_000)
const warm = make(small)
for (let round = 0; round < 15; round++) await warm()
small.close()

const market = await openMarket(count, "whole")
const search = make(market)
const before = process.memoryUsage.rss()
const start = performance.now()
await search()
const millis = performance.now() - start
const peak = process.resourceUsage().maxRSS * 1024 - before
market.close()
console.log(JSON.stringify({ millis, bytes: market.bytes, peak } satisfies Measured))
