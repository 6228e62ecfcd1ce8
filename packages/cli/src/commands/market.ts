import { type InputOf, marketRecord, marketShow } from "@anygpu/operations"
import type { MarketShowJson } from "@anygpu/operations/protocol"
import { bucketsOf, type MarketBucket } from "@anygpu/operations/run"
import { decimalOf, formatMoney, type Market, type RecordedPrices } from "anygpu"
import * as DateTime from "effect/DateTime"
import { chartText } from "../chart.ts"
import { again } from "../command/again.ts"
import { answering, print } from "../command/answering.ts"
import type { marketFields } from "../command/fields.ts"
import type { Context } from "../context.ts"
import { timeText } from "../format.ts"
import type { Output } from "../output.ts"
import { Usage } from "../own-errors.ts"
import { plain } from "../plain.ts"
import { type Column, tableText } from "../table.ts"
import { writeReport } from "../write-report.ts"

type Input = InputOf<typeof marketFields>

const recordText = ({ changed, gone, same }: RecordedPrices): string =>
  `${changed} prices are new or changed, ${gone} offers are gone, ${same} prices are as before`

const leftOutNote = ({ unpriced, withoutGpu }: RecordedPrices): ReadonlyArray<string> => {
  const parts = [
    ...(unpriced > 0 ? [`${unpriced} offers that name no price`] : []),
    ...(withoutGpu > 0 ? [`${withoutGpu} machines without a GPU`] : [])
  ]
  return parts.length === 0 ? [] : [`left out: ${parts.join(" and ")}`]
}

const recordView = (recorded: RecordedPrices) => ({
  text: () => recordText(recorded),
  notes: leftOutNote(recorded),
  gathered: recorded
})

/** One look. */
const once = answering(marketRecord, (_, recorded: RecordedPrices) => recordView(recorded))

const leastEvery = 60_000

/** A look again and again, a line for each; one that fails altogether is said, and the next one follows. */
const looks = async (context: Context, every: number): Promise<number> => {
  if (every < leastEvery) throw new Usage("--every is less than a minute: prices are kept to the minute")
  const { out, signal } = context
  const { run, encode } = await marketRecord.load()
  const look = async () => {
    const recorded = await run(context, {})
    out.event({
      json: () => encode(recorded, signal.aborted),
      text: () => `${timeText(recorded.at.epochMilliseconds)}  ${recordText(recorded)}`
    })
    for (const { provider, part, error } of recorded.problems) out.warn(plain(`${provider}, ${part}: ${error.message}`))
  }
  const failed = (error: unknown) => out.warn(plain(error instanceof Error ? error.message : String(error)))
  return await again(context, every, look, failed)
}

const usd = (micros: number): string => formatMoney({ micros, currency: "USD" }, 2)

/** A price in a chart, which takes two dollar signs for a style. */
const bare = (micros: number | null): string => (micros === null ? "-" : usd(micros).slice(1))

const dayHour = (at: number): string => {
  const [day = "", time = ""] = new Date(at).toISOString().split("T")
  return `${day.slice(5)} ${time.slice(0, 5)}`
}

/** So many times and clouds fit onto a terminal of 24 lines, with their remarks. */
const mostBars = 10
const mostRows = 8

const barText = ({ looked, min, typical, max, offers }: MarketBucket): string => {
  if (!looked) return "nobody looked"
  return min === null ? "none on offer" : `${bare(min)}  ${bare(typical)}  ${bare(max)}  ${offers}`
}

/** What one cloud has of a model. */
interface CloudRow {
  /** Its lowest price now, in micros; of what is not on offer now, none is lower. */
  readonly now: number
  readonly cloud: string
  readonly gpu: string
  readonly latest: string
  readonly range: string
  readonly offers: number
}

/** The cheapest now come first. */
const cloudRows = ({ hours }: Market): ReadonlyArray<CloudRow> =>
  Array.from(
    Map.groupBy(hours, ({ provider, kind, gpu, min }) => JSON.stringify([provider, kind, gpu, min?.currency])).values()
  )
    .flatMap((rows) => {
      const [latest, all] = [rows.at(-1), rows.flatMap(({ min, max }) => [min?.micros ?? [], max?.micros ?? []].flat())]
      if (latest === undefined || all.length === 0) return []
      const { provider, kind, gpu, min, count, hour } = latest
      const price = count === 0 || min === null ? "none" : formatMoney(min, 2)
      const [least, most] = [Math.min(...all), Math.max(...all)]
      return [
        {
          ...{ cloud: plain(`${provider} ${kind}`), gpu: plain(gpu), offers: count },
          now: count === 0 || min === null ? Number.POSITIVE_INFINITY : min.micros,
          latest: `${price}, ${dayHour(hour)}`,
          range: least === most ? usd(least) : `${usd(least)} to ${usd(most)}`
        }
      ]
    })
    .sort((a, b) => a.now - b.now)

const columns: ReadonlyArray<Column<CloudRow>> = [
  { head: "cloud", cell: ({ cloud }) => cloud, spare: 0 },
  { head: "GPU", cell: ({ gpu }) => gpu, spare: 0, paint: (text, _, colors) => colors.cyan(text) },
  { head: "cheapest, last seen", cell: ({ latest }) => latest, right: true, spare: 0 },
  { head: "in this time", cell: ({ range }) => range, right: true, spare: 1 },
  { head: "offers", cell: ({ offers }) => String(offers), right: true, spare: 2 }
]

const chartOf = (out: Output, market: Market): string => {
  const buckets = bucketsOf(market, mostBars)
  const bars = buckets.map((bucket) => ({
    ...{ label: dayHour(bucket.from), value: bucket.min ?? 0, text: barText(bucket) }
  }))
  return chartText(bars, Math.min(out.width, 80))
}

/** The market from the first look on: what comes before would be empty. */
const fromFirstLook = (market: Market): Market => {
  const first = market.looked.reduce((least, { hour }) => Math.min(least, hour), market.to.epochMilliseconds)
  const isLater = market.from === null || market.from.epochMilliseconds < first
  return isLater ? { ...market, from: DateTime.makeUnsafe(first) } : market
}

const showText = (out: Output, market: Market, chart: boolean): string => {
  if (market.hours.length === 0) {
    return market.looked.length === 0
      ? "No price was written down in this time: `anygpu market record` does that."
      : "Clouds were looked at in this time, and none had it on offer."
  }
  const drawn = chart ? chartOf(out, fromFirstLook(market)) : ""
  return [drawn && out.colors.cyan(drawn), tableText(out, columns, cloudRows(market).slice(0, mostRows))]
    .filter((part) => part !== "")
    .join("\n\n")
}

const showNotes = (market: Market): ReadonlyArray<string> => {
  const { from } = fromFirstLook(market)
  const isCut = from !== null && market.from !== null && from.epochMilliseconds > market.from.epochMilliseconds
  const more = cloudRows(market).length - mostRows
  return [
    `USD per GPU and hour, UTC: lowest, typical, highest, and how many offers`,
    ...(isCut ? [`nobody looked before ${dayHour(from.epochMilliseconds)}`] : []),
    ...(more > 0 ? [`${more} more clouds and models are dearer: --csv and --json have all`] : [])
  ]
}

const amount = (money: Market["hours"][number]["min"]): string => (money === null ? "" : decimalOf(money))

/** A row for each hour, cloud, kind and model. */
const csvText = ({ hours, interruptible }: Market): string =>
  [
    "hour,cloud,kind,gpu,interruptible,min,median,max,currency,offers",
    ...hours.map(({ hour, provider, kind, gpu, min, median, max, count }) =>
      [
        ...[new Date(hour).toISOString(), provider, kind, gpu, String(interruptible)],
        ...[amount(min), amount(median), amount(max), min?.currency ?? "", String(count)]
      ]
        .map((cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
        .join(",")
    )
  ].join("\n")

/** What was written down. */
const show = async (context: Context, { gpu = [], csv, html, chart = true, ...input }: Input): Promise<number> => {
  if (gpu.length === 0) throw new Usage("name the GPU to show: anygpu market show h100")
  if (csv && context.settings.json) throw new Usage("--csv and --json cannot both be had")
  if (csv && html !== undefined) throw new Usage("--csv and --html cannot both be had")
  const { since, from, to, interruptible } = input
  const { run, encode } = await marketShow.load()
  const cloud = context.settings.clouds ?? undefined
  const market = await run(context, { gpu, since, from, to, interruptible, ...(cloud && { cloud }) })
  if (html !== undefined) {
    // It is what its own codec has written.
    const json = encode(market, context.signal.aborted) as MarketShowJson
    await writeReport(html, (await import("@anygpu/dashboard/report")).marketReport(json))
    return print(context, { text: () => `${plain(html)} shows what ${plain(gpu.join(", "))} has cost` }, () => json)
  }
  const view = {
    text: () => (csv ? csvText(market) : showText(context.out, market, chart)),
    notes: csv || market.hours.length === 0 ? [] : showNotes(market)
  }
  return print(context, view, () => encode(market, context.signal.aborted))
}

/** `anygpu market`: what GPUs have cost over time. */
export const run = async (context: Context, input: Input): Promise<number> => {
  const { action, every } = input
  if (action === "show") {
    if (every !== undefined) throw new Usage("--every is for `market record`")
    return await show(context, input)
  }
  if (input.html !== undefined) throw new Usage("--html is for `market show`")
  if ((input.gpu ?? []).length > 0) throw new Usage("`market record` looks at all offers: name no GPU")
  return every === undefined ? await once(context, {}) : await looks(context, every)
}
