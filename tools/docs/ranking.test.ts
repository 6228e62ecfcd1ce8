import { expect, test } from "vitest"
import { costReasons } from "../../packages/sdk/src/index.ts"
import { documentedPrices } from "./documented.ts"
import { cheapest, jobs } from "./ranking.ts"

const all = await documentedPrices()
const tables = await Promise.all(jobs.map((job) => cheapest(all, job)))

/** Where each of the three jobs is cheapest on a card. */
const placesOf = (card: string) =>
  tables.map((rows) => rows.find(({ gpu }) => gpu === card)?.candidate.offer.provider ?? null)

test("the same card is cheapest elsewhere for a trial than for a month, by the rules of the bill", () => {
  expect(placesOf("A100 PCIE, 80 GB")).toEqual(["runpod", "runpod", "fluence"])
  expect(placesOf("H100 PCIE, 80 GB")).toEqual(["runpod", "runpod", "runpod"])
  expect(placesOf("A10, 24 GB")).toEqual(["lambda", "lambda", "lambda"])
})

test("the order of the clouds for ten minutes is that of what is charged, not of the price per hour", () => {
  const [trial] = tables
  const row = trial?.find(({ gpu }) => gpu === "A100 PCIE, 80 GB")
  const [job] = jobs
  if (!row || !job) throw new Error("the card is missing")
  const clouds = [row.candidate, ...row.others]
  expect(clouds.map(({ offer }) => offer.provider)).toEqual(["runpod", "fluence"])
  // $1.07 an hour is less than $1.19, and costs ten times as much for ten minutes.
  expect(clouds.map(({ offer }) => offer.terms?.compute.perHour.micros)).toEqual([1_190_000, 1_070_000])
  expect(clouds.map(({ cost }) => cost.total.micros)).toEqual([199_584, 2_140_000])
  expect(costReasons(row.candidate.offer, job)).toEqual([
    "charged by the second",
    "$0.00125 of it for the disk",
    "traffic is free",
    "$1.19 must be on the account, which is not spent"
  ])
  expect(costReasons(clouds[1]?.offer ?? row.candidate.offer, job)).toEqual([
    "charged by the clock, each hour that is touched: 2h for 10m",
    "the disk is in the price",
    "what traffic costs no document says",
    "3.21 USDC must be on the account, which is not spent"
  ])
})

test("every card of the documents has a name of the table", () => {
  const offers = tables
    .flat()
    .flatMap(({ candidate, others }) => [candidate, ...others])
    .map(({ offer }) => offer)
  expect(offers.filter(({ gpu }) => !gpu?.known).map(({ provider, gpu }) => `${provider} ${gpu?.model}`)).toEqual([])
})

test("every cloud that documents prices is in some row, with a source", () => {
  const seen = new Set(
    tables
      .flat()
      .flatMap(({ candidate, others }) => [candidate, ...others])
      .map((one) => one.offer.provider)
  )
  for (const { cloud, sources } of all)
    expect([cloud, seen.has(cloud), sources.length > 0]).toEqual([cloud, true, true])
})
