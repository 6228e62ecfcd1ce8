import { undiciTransport } from "@anygpu/core/adapter"
import { vast } from "@anygpu/vast"
import { createGpu, money, type OfferFilter } from "anygpu"
import { Agent, request } from "undici"
import { type Market, openMarket } from "./market.ts"

/*
 * What the SDK costs over doing it by hand: the offers of one cloud fetched, checked, normalised, filtered and sorted,
 * against undici, JSON.parse, filter and sort on the same bytes. Both take turns in one process; the median counts.
 *
 *   pnpm bench            31 rounds of each
 *   pnpm bench 101        more of them
 */

const rounds = Number(process.argv[2] ?? 31)
const warmUps = 10
const mostPerHour = 3
const leastVcpus = 8

const filter: OfferFilter = { minVcpus: leastVcpus, maxPricePerHour: money(mostPerHour) }

/** Everything the SDK does. A client of its own each time, as the rate limit of searching would make it wait. */
const withSdk = (market: Market) => {
  const transport = undiciTransport()
  return async (): Promise<number> => {
    const cloud = vast({ apiKey: market.apiKey, baseUrl: market.url, unverified: true, transport })
    const gpu = createGpu({ providers: [cloud] })
    const offers = await gpu.providers.vast.containers.offers(filter)
    if (!offers.complete) throw new Error(`the listing is incomplete: ${offers.problems[0]?.error.message}`)
    return offers.items.length
  }
}

interface Row {
  readonly id: number
  readonly dph_total: number
  readonly cpu_cores_effective: number
}

const pageSize = 5_000

/** The least that gives the same answer: the same pages, no checks, no common model. */
const byHand = (market: Market) => {
  const dispatcher = new Agent()
  return async (): Promise<number> => {
    const found = new Map<number, Row>()
    for (let from: number | undefined; ; ) {
      const price = { ...(from !== undefined && { gte: from }), lte: mostPerHour }
      const body = {
        type: "on-demand",
        limit: pageSize,
        order: [["dph_total", "asc"]],
        cpu_cores_effective: { gte: leastVcpus },
        dph_total: price
      }
      const response = await request(`${market.url}/api/v0/bundles/`, {
        dispatcher,
        method: "POST",
        headers: { authorization: `Bearer ${market.apiKey}`, "content-type": "application/json" },
        body: JSON.stringify(body)
      })
      const { offers } = JSON.parse(await response.body.text()) as { readonly offers: ReadonlyArray<Row> }
      for (const offer of offers) found.set(offer.id, offer)
      if (offers.length < pageSize) break
      from = offers.at(-1)?.dph_total
    }
    return [...found.values()]
      .filter((row) => row.cpu_cores_effective >= leastVcpus && row.dph_total <= mostPerHour)
      .sort((a, b) => a.dph_total - b.dph_total).length
  }
}

const timed = async (run: () => Promise<unknown>): Promise<number> => {
  const start = performance.now()
  await run()
  return performance.now() - start
}

const median = (values: ReadonlyArray<number>): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

const measure = async (count: number) => {
  const market = await openMarket(count)
  const [sdk, hand] = [withSdk(market), byHand(market)]
  const [ours, theirs] = [await sdk(), await hand()]
  if (ours !== theirs) throw new Error(`the two disagree: ${ours} offers with the SDK, ${theirs} by hand`)
  for (let round = 0; round < warmUps; round++) {
    await sdk()
    await hand()
  }
  const times = { sdk: [] as number[], hand: [] as number[] }
  for (let round = 0; round < rounds; round++) {
    const sdkFirst = round % 2 === 0
    if (sdkFirst) times.sdk.push(await timed(sdk))
    times.hand.push(await timed(hand))
    if (!sdkFirst) times.sdk.push(await timed(sdk))
  }
  await market.close()
  const [a, b] = [median(times.sdk), median(times.hand)]
  const ms = (value: number) => `${value.toFixed(1)} ms`
  return { offers: count, found: ours, "with the SDK": ms(a), "by hand": ms(b), ratio: (a / b).toFixed(2) }
}

console.log(`Node ${process.version}, ${new Date().toISOString().slice(0, 10)}, median of ${rounds} rounds`)
console.table([await measure(1_000), await measure(10_000)])
