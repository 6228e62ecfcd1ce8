import type { SpentJson } from "@anygpu/operations/protocol"
import { amountsText, microsAtPar, microsText } from "../../src/view/amount.ts"
import { type Column, columnChart } from "../../src/view/column-chart.ts"
import { Numbers, useWidth } from "../parts/chart.tsx"

interface ChartProps {
  readonly steps: ReadonlyArray<{ readonly from: string }>
  readonly answers: ReadonlyArray<SpentJson | null>
  /** What was spent in all, the dearest first: the order of the parts. */
  readonly rows: SpentJson["rows"]
  readonly colorOf: (of: string) => string
  readonly by: string
}

/** So many parts are told apart; the rest is one. */
const most = 9

const dayText = new Intl.DateTimeFormat("en-US", { month: "short", day: "numeric", timeZone: "UTC" })

const usd = (micros: number): string => microsText(micros, "USD")

/** What was spent over time, a column a day or a week. One USDC is drawn as one USD. */
export const SpentChart = ({ steps, answers, rows, colorOf, by }: ChartProps) => {
  const { box, width } = useWidth()
  const names = rows.slice(0, most).map(({ of }) => of)
  const columns = steps.map(({ from }, index): Column => {
    const spent = new Map(answers[index]?.rows.map(({ of, cost }) => [of, microsAtPar(cost)]))
    const parts = names.map((name) => ({ name, color: colorOf(name), value: spent.get(name) ?? 0 }))
    const others = [...spent].reduce((sum, [of, value]) => (names.includes(of) ? sum : sum + value), 0)
    const rest = { name: "others", color: "c7", value: others }
    return { name: dayText.format(Date.parse(from)), parts: [...parts, rest].filter(({ value }) => value > 0) }
  })
  return (
    <>
      <div ref={box} class="spent-chart">
        {width > 0 &&
          columnChart({
            ...{ columns, width, height: 240, valueText: usd },
            label: `What was spent over time by ${by}. The table below has its numbers.`
          })}
      </div>
      <ul class="legend">
        {names.map((name) => (
          <li key={name}>
            <i class={`swatch ${colorOf(name)}`} aria-hidden="true" />
            {name}
          </li>
        ))}
        {rows.length > most && (
          <li>
            <i class="swatch c7" aria-hidden="true" />
            others
          </li>
        )}
      </ul>
      <Numbers>
        <table>
          <caption>What was spent over time</caption>
          <thead>
            <tr>
              <th scope="col">From (UTC)</th>
              <th scope="col" class="right">
                Cost
              </th>
            </tr>
          </thead>
          <tbody>
            {steps.map(({ from }, index) => (
              <tr key={from}>
                <th scope="row">{dayText.format(Date.parse(from))}</th>
                <td class="right">{amountsText(answers[index]?.total.cost ?? [], "-")}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Numbers>
    </>
  )
}
