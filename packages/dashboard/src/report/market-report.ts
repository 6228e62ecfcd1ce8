import type { MarketShowJson } from "@anygpu/operations/protocol"
import { h } from "preact"
import { amountText, microsOf, microsText } from "../view/amount.ts"
import { type Line, lineChart, valueAt } from "../view/line-chart.ts"
import { marketLines } from "../view/market-lines.ts"
import { documentOf } from "./document.ts"
import { type Column, momentText, panelOf, swatchOf, tableOf } from "./elements.ts"

const usd = (micros: number): string => microsText(micros, "USD", 3)

const tickText = (at: number, span: number): string => {
  const [day = "", time = ""] = new Date(at).toISOString().split("T")
  return span <= 36 * 3_600_000 ? time.slice(0, 5) : day.slice(5)
}

/** What one cloud has of a model. */
interface Row {
  readonly place: string
  readonly gpu: string
  readonly latest: string
  readonly range: string
  readonly offers: number
}

const rowsOf = (hours: MarketShowJson["hours"]): ReadonlyArray<Row> =>
  [...Map.groupBy(hours, ({ provider, kind, gpu }) => JSON.stringify([provider, kind, gpu])).values()].flatMap(
    (rows) => {
      const last = rows.at(-1)
      const prices = rows.flatMap(({ min, max }) => [min, max].flatMap((one) => (one ? [one] : [])))
      const sorted = prices.toSorted((a, b) => microsOf(a) - microsOf(b))
      const [least, most] = [sorted[0], sorted.at(-1)]
      if (!last || !least || !most) return []
      return [
        {
          ...{ place: `${last.provider} ${last.kind}`, gpu: last.gpu, offers: last.count },
          latest: last.min === null || last.count === 0 ? "none" : `${amountText(last.min)}, ${momentText(last.hour)}`,
          range: microsOf(least) === microsOf(most) ? amountText(least) : `${amountText(least)} to ${amountText(most)}`
        }
      ]
    }
  )

const columns: ReadonlyArray<Column<Row>> = [
  { head: "Cloud", cell: ({ place }) => place },
  { head: "GPU", cell: ({ gpu }) => gpu },
  { head: "Cheapest, last seen", cell: ({ latest }) => latest, class: "right" },
  { head: "In this time", cell: ({ range }) => range, class: "right tablet-only" },
  { head: "Offers", cell: ({ offers }) => String(offers), class: "right tablet-only" }
]

const legendOf = (lines: ReadonlyArray<Line>, to: number) =>
  h(
    "ul",
    { class: "legend" },
    lines.map((line) => {
      const value = valueAt(line, to)
      return h("li", null, [swatchOf(line.color), line.name, h("b", null, value === null ? "none" : usd(value))])
    })
  )

/** What a GPU has cost over time, as one HTML file: a line for each cloud, and a table with what each has asked. */
export const marketReport = async (market: MarketShowJson): Promise<string> => {
  const { gpus, hours, looked, from, to, interruptible } = market
  const clouds = [...new Set(looked.map(({ provider }) => provider))].sort()
  const lines = marketLines(market, clouds)
  const end = Date.parse(to)
  const begin = Math.max(
    from === null ? 0 : Date.parse(from),
    Math.min(end, ...lines.flatMap(({ points }) => points[0]?.at ?? end))
  )
  const name = gpus.join(", ")
  const chart = lineChart({
    ...{ lines, from: begin, to: end, width: 1240, height: 320, valueText: usd, timeText: tickText, offset: 0 },
    label: `The lowest price of ${name} per GPU and hour, a line for each cloud. The table below has its numbers.`
  })
  const nothing = looked.length === 0 ? "No price was written down in this time." : "None was on offer in this time."
  return await documentOf({
    title: `What ${gpus[0] ?? "a GPU"} has cost`,
    subtitle: `${momentText(new Date(begin).toISOString())} to ${momentText(to)}${interruptible ? ", what clouds may take away" : ""}`,
    body:
      hours.length === 0
        ? h("div", { class: "empty" }, nothing)
        : [
            panelOf(
              "Lowest price",
              `${name}, per GPU and hour`,
              h("div", { class: "body" }, [chart, legendOf(lines, end)])
            ),
            panelOf("Clouds", "what they have asked", tableOf("Prices by cloud", columns, rowsOf(hours)))
          ]
  })
}
