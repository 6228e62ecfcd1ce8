import type { Call } from "../kit/door.ts"
import { ok, type Reply } from "../kit/http.ts"
import type { Rates } from "../kit/meter.ts"
import { hourlyMoney as money } from "../kit/money.ts"
import { problem } from "./answers.ts"
import type { World } from "./world.ts"

/** What one pod or network volume came to in one hour, in units; `hour` is its beginning. Plain data. */
export interface Bill {
  readonly hour: number
  readonly of: string
  readonly sort: "gpu" | "cpu" | "standard" | "highPerformance"
  compute: bigint
  storage: bigint
}

const hour = 3_600_000

/** What is charged, and how its hours are sorted. */
interface Charged {
  readonly id: string
  readonly sort: Bill["sort"]
  readonly rates: Rates
}

/** Writes down what a stretch of time costs, by the hours that it touches. */
export const book = ({ state }: World, charged: readonly Charged[], ms: number): void => {
  const until = state.at + ms
  for (const { id: of, sort, rates } of charged) {
    if (rates.compute + rates.storage === 0n) continue
    for (let from = state.at; from < until; ) {
      const begins = Math.floor(from / hour) * hour
      const to = Math.min(until, begins + hour)
      const bill = state.bills[`${begins}/${of}`] ?? { hour: begins, of, sort, compute: 0n, storage: 0n }
      bill.compute += rates.compute * BigInt(to - from)
      bill.storage += rates.storage * BigInt(to - from)
      state.bills[`${begins}/${of}`] = bill
      from = to
    }
  }
}

const day = 24 * hour
/** The first Monday of the epoch: on which day weeks begin is not documented. */
const monday = 4 * day

const startOfMonth = (at: number, months: number): number => {
  const date = new Date(at)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months)
}

/** The beginning of the bucket that a moment is in, or of one so many later. */
const buckets: Readonly<Record<string, (at: number, more: number) => number>> = {
  hour: (at, more) => (Math.floor(at / hour) + more) * hour,
  day: (at, more) => (Math.floor(at / day) + more) * day,
  week: (at, more) => (Math.floor((at - monday) / (7 * day)) + more) * 7 * day + monday,
  month: startOfMonth,
  year: (at, more) => Date.UTC(new Date(at).getUTCFullYear() + more, 0)
}

interface Span {
  readonly from: number
  readonly until: number
  readonly size: string
}

/** The time that is asked for, cut outwards to whole buckets; 30 days without. Source: Runpod API v2, listBilling. */
const spanIn = ({ query, world: { state } }: Call<World>): Span | Reply => {
  const [size, start, end, lastN] = ["bucketSize", "startTime", "endTime", "lastN"].map((name) => query.get(name))
  const bucket = buckets[size ?? "day"]
  const invalid = (field: string) => problem(422, "Request validation failed.", [`$.${field}: invalid value`])
  if (bucket === undefined) return invalid("bucketSize")
  if (lastN && (start || end)) return problem(400, "lastN excludes startTime and endTime")
  if (lastN && !/^[1-9]\d*$/.test(lastN)) return invalid("lastN")
  const last = end ? Date.parse(end) : state.at
  const first = start ? Date.parse(start) : last - 30 * day
  if (Number.isNaN(first) || Number.isNaN(last)) return invalid("startTime")
  const from = lastN ? bucket(state.at, 1 - Number(lastN)) : bucket(first, 0)
  return { from, until: bucket(last - 1, 1), size: size ?? "day" }
}

type Sums = Readonly<Record<string, bigint>>

const add = (all: Sums, more: Sums): Sums =>
  Object.fromEntries(Object.entries(more).map(([name, units]) => [name, (all[name] ?? 0n) + units]))

const amounts = (sums: Sums) =>
  Object.fromEntries(Object.entries(sums).map(([name, units]) => [name, money.toDollars(units)]))

/** How a route sums bills up: which ones, by what besides time, and into which amounts. */
interface View {
  readonly shows: (bill: Bill) => boolean
  /** The name of the id in records and in the query, where records are of one thing each. */
  readonly id?: "podId" | "networkVolumeId"
  readonly unique?: string
  readonly sums: (bill?: Bill) => Sums
}

const iso = (at: number): string => new Date(at).toISOString()

const showing =
  ({ shows, id, unique, sums }: View) =>
  (call: Call<World>): Reply => {
    const span = spanIn(call)
    if ("status" in span) return span
    const { from, until, size } = span
    const wanted = id === undefined ? null : call.query.get(id)
    const bills = Object.values(call.world.state.bills).filter(
      (bill) => shows(bill) && bill.hour >= from && bill.hour < until && (wanted === null || bill.of === wanted)
    )
    const startOf = (at: number, more = 0) => buckets[size]?.(at, more) ?? at
    const groups = Map.groupBy(bills, (bill) => `${startOf(bill.hour)}/${id === undefined ? "" : bill.of}`)
    const records = [...groups.values()].flatMap((group) => {
      const [first] = group
      if (first === undefined) return []
      const time = { startTime: iso(startOf(first.hour)), endTime: iso(startOf(first.hour, 1)) }
      const total = group.reduce((sum, bill) => add(sum, sums(bill)), sums())
      return [{ ...time, ...(id !== undefined && { [id]: first.of }), ...amounts(total) }]
    })
    const query = {
      startTime: iso(from),
      endTime: iso(until),
      bucketSize: size,
      ...(wanted !== null && { [id ?? ""]: wanted })
    }
    const totals = amounts(bills.reduce((sum, bill) => add(sum, sums(bill)), sums()))
    const kinds = unique === undefined ? {} : { [unique]: new Set(bills.map(({ of }) => of)).size }
    return ok({
      records: records.toSorted((a, b) => a.startTime.localeCompare(b.startTime)),
      metadata: { query, recordCount: records.length, totals, ...kinds }
    })
  }

const computeOf = (sort: Bill["sort"], bill?: Bill): bigint => (bill?.sort === sort ? bill.compute : 0n)
const storageOf = (sorts: readonly Bill["sort"][], bill?: Bill): bigint =>
  bill && sorts.includes(bill.sort) ? bill.storage : 0n
const totalOf = (bill?: Bill): bigint => (bill ? bill.compute + bill.storage : 0n)
const isPod = ({ sort }: Bill): boolean => sort === "gpu" || sort === "cpu"

/** What is not simulated costs nothing: serverless, endpoints, clusters. */
const others = ["serverlessGpuAmount", "serverlessCpuAmount", "serverlessDiskAmount", "serverlessFeeAmount"]
  .concat(["endpointAmount", "clusterGpuAmount", "clusterDiskAmount", "clusterNetworkingAmount"])
  .map((name) => [name, 0n] as const)

/** The routes of spend history. Source: Runpod API v2, Billing. That hours without a charge have no record is chosen here. */
export const billingRoutes = [
  [
    "GET /v2/billing",
    showing({
      shows: () => true,
      sums: (bill) => ({
        ...{ totalAmount: totalOf(bill), podGpuAmount: computeOf("gpu", bill), podCpuAmount: computeOf("cpu", bill) },
        ...{ podDiskAmount: storageOf(["gpu", "cpu"], bill), storageStandardAmount: storageOf(["standard"], bill) },
        ...{ storageHighPerformanceAmount: storageOf(["highPerformance"], bill), ...Object.fromEntries(others) }
      })
    })
  ],
  [
    "GET /v2/billing/pods",
    showing({
      ...{ shows: isPod, id: "podId", unique: "uniquePodCount" },
      sums: (bill) => ({
        ...{ totalAmount: totalOf(bill), gpuAmount: computeOf("gpu", bill), cpuAmount: computeOf("cpu", bill) },
        diskAmount: storageOf(["gpu", "cpu"], bill)
      })
    })
  ],
  [
    "GET /v2/billing/network-volumes",
    showing({
      ...{ shows: (bill) => !isPod(bill), id: "networkVolumeId", unique: "uniqueNetworkVolumeCount" },
      sums: (bill) => ({
        ...{ totalAmount: totalOf(bill), standardAmount: storageOf(["standard"], bill) },
        highPerformanceAmount: storageOf(["highPerformance"], bill)
      })
    })
  ]
] as const
