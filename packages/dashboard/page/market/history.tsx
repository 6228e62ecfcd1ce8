import type { MarketShowJson } from "@anygpu/operations/protocol"
import { useMemo, useState } from "preact/hooks"
import { microsText } from "../../src/view/amount.ts"
import { frameOf, type Line, lineChart, momentAt, valueAt } from "../../src/view/line-chart.ts"
import { marketLines } from "../../src/view/market-lines.ts"
import { useClouds } from "../data/about.ts"
import { useAnswer } from "../data/answers.ts"
import { Numbers, tickText, useWidth, zoneOffset } from "../parts/chart.tsx"
import { Segments } from "../parts/field.tsx"
import { Panel } from "../parts/panel.tsx"
import { Problem } from "../parts/problem.tsx"
import { momentText } from "../parts/time.tsx"

const spans = [
  ["24h", "Day"],
  ["7d", "Week"],
  ["30d", "Month"]
] as const

const usd = (micros: number): string => microsText(micros, "USD", 3)

/** What a GPU has cost at each cloud, as far as it was written down. */
export const History = ({ gpu, interruptible }: { readonly gpu: string | null; readonly interruptible: boolean }) => {
  const [since, setSince] = useState<"24h" | "7d" | "30d">("7d")
  const input = gpu === null ? null : { gpu, since, ...(interruptible && { interruptible }) }
  const { answer, error, again } = useAnswer<MarketShowJson>("market-show", input)
  const choice = <Segments label="How far back" value={since} values={spans} onChange={setSince} />
  return (
    <Panel title="Price history" note={gpu && `${gpu}, the lowest price of one GPU and hour`} end={choice}>
      <div class="body">
        {error && <Problem what="The prices could not be read" error={error} again={again} />}
        {answer && answer.hours.length === 0 && <Nothing looked={answer.looked.length > 0} />}
        {answer && answer.hours.length > 0 && <Chart gpu={gpu ?? ""} market={answer} />}
      </div>
    </Panel>
  )
}

const Nothing = ({ looked }: { readonly looked: boolean }) => (
  <div class="empty">
    {looked ? (
      <p>Clouds were looked at in this time, and none had it on offer.</p>
    ) : (
      <p>
        No price was written down in this time: <code>anygpu market record --every 5m</code> does that, and so does a
        keeper.
      </p>
    )}
  </div>
)

const Chart = ({ gpu, market }: { readonly gpu: string; readonly market: MarketShowJson }) => {
  const clouds = useClouds()
  const { box, width } = useWidth()
  const [cursor, setCursor] = useState<number | null>(null)
  const lines = useMemo(() => marketLines(market, clouds), [market, clouds])
  const to = Date.parse(market.to)
  const from = Math.max(
    market.from === null ? 0 : Date.parse(market.from),
    Math.min(...lines.flatMap(({ points }) => points[0]?.at ?? to))
  )
  const base = { lines, from, to, width, height: 220, valueText: usd }
  const point = (event: PointerEvent) => {
    const { left = 0 } = box.current?.getBoundingClientRect() ?? {}
    setCursor(momentAt(base, event.clientX - left, frameOf(base).left))
  }
  return (
    <>
      <div ref={box} onPointerMove={point} onPointerLeave={() => setCursor(null)}>
        {width > 0 &&
          lineChart({
            ...base,
            ...{ cursor, timeText: tickText, offset: zoneOffset(to) },
            label: `The lowest price of ${gpu} per GPU and hour, a line for each cloud. The table below has its numbers.`
          })}
      </div>
      <Legend lines={lines} at={cursor} to={to} />
      <Numbers>
        <Table market={market} />
      </Numbers>
    </>
  )
}

/** The clouds with their price at the cursor, or the latest one. */
const Legend = ({
  lines,
  at,
  to
}: {
  readonly lines: ReadonlyArray<Line>
  readonly at: number | null
  readonly to: number
}) => (
  <ul class="legend">
    {lines.map((line) => {
      const value = valueAt(line, at ?? to)
      return (
        <li key={line.name}>
          <i class={`swatch ${line.color}`} aria-hidden="true" />
          {line.name}
          <b>{value === null ? "none" : usd(value)}</b>
        </li>
      )
    })}
    <li class="soft">{at === null ? "now" : momentText(at)}</li>
  </ul>
)

const Table = ({ market: { hours } }: { readonly market: MarketShowJson }) => (
  <div class="scroll">
    <table>
      <caption>Prices per GPU and hour</caption>
      <thead>
        <tr>
          <th scope="col">Hour</th>
          <th scope="col">Cloud</th>
          <th scope="col" class="right">
            Lowest
          </th>
          <th scope="col" class="right tablet-only">
            Typical
          </th>
          <th scope="col" class="right">
            Offers
          </th>
        </tr>
      </thead>
      <tbody>
        {hours.toReversed().map(({ hour, provider, kind, gpu, min, median, count }) => (
          <tr key={`${hour}${provider}${kind}${gpu}`}>
            <th scope="row" class="nowrap">
              {momentText(Date.parse(hour))}
            </th>
            <td>
              {provider} {kind}
            </td>
            <td class="right">{min ? usd(Math.round(Number(min.amount) * 1e6)) : "-"}</td>
            <td class="right tablet-only">{median ? usd(Math.round(Number(median.amount) * 1e6)) : "-"}</td>
            <td class="right">{count}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
)
