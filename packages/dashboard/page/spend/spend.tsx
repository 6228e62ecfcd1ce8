import type { SpentJson } from "@anygpu/operations/protocol"
import { durationText } from "@anygpu/operations/words"
import { amountsText } from "../../src/view/amount.ts"
import { csvOf, download } from "../data/csv.ts"
import { go } from "../data/route.ts"
import { type Span, spans } from "../data/spans.ts"
import { useSpent } from "../data/spent.ts"
import { Segments } from "../parts/field.tsx"
import { Panel } from "../parts/panel.tsx"
import { Problem } from "../parts/problem.tsx"
import { SpentChart } from "./spent-chart.tsx"

const groupings = [
  ["cloud", "Cloud"],
  ["gpu", "GPU"],
  ["tag", "Tag"],
  ["owner", "Owner"],
  ["account", "Account"],
  ["machine", "Machine"]
] as const

type By = (typeof groupings)[number][0]

/** What was spent, over time and by what it was for. */
export const SpendScreen = ({ params }: { readonly params: URLSearchParams }) => {
  const by = groupings.map(([one]) => one).find((one) => one === params.get("by")) ?? "cloud"
  const span = (Object.keys(spans) as Span[]).find((one) => one === params.get("since")) ?? "7d"
  const { steps, answers, rows, colorOf, total, error, again } = useSpent(by, span)
  const choices = (
    <>
      <Segments label="By" value={by} values={groupings} onChange={(one: By) => go("spend", { by: one })} />
      <Segments
        label="How far back"
        value={span}
        values={(Object.keys(spans) as Span[]).map((one) => [one, spans[one].text] as const)}
        onChange={(one) => go("spend", { since: one })}
      />
    </>
  )
  return (
    <>
      <Panel title="Spent" note={total && `${amountsText(total, "nothing")} in all`} end={choices}>
        <div class="body">
          {error && <Problem what="The ledger could not be read" error={error} again={again} />}
          <SpentChart {...{ steps, answers, rows, colorOf, by }} />
        </div>
      </Panel>
      <Table by={by} rows={rows} colorOf={colorOf} ready={total !== null} />
    </>
  )
}

interface TableProps {
  readonly by: By
  readonly rows: SpentJson["rows"]
  readonly colorOf: (of: string) => string
  readonly ready: boolean
}

const time = (seconds: number): string => (seconds === 0 ? "-" : durationText(seconds * 1000))

const Table = ({ by, rows, colorOf, ready }: TableProps) => {
  const keep = () =>
    download(
      `anygpu-spent-by-${by}.csv`,
      csvOf([
        [by, "amount", "currency", "paid_seconds", "unobserved_seconds", "unpriced_seconds"],
        ...rows.flatMap(({ of, cost, paidSeconds, unobservedSeconds, unpricedSeconds }) =>
          (cost.length === 0 ? [{ amount: "", currency: "" }] : cost).map(({ amount, currency }) => [
            ...[of, amount, currency, `${paidSeconds}`, `${unobservedSeconds}`, `${unpricedSeconds}`]
          ])
        )
      ])
    )
  const save = (
    <button type="button" class="tiny" onClick={keep}>
      Save as CSV
    </button>
  )
  const title = groupings.find(([one]) => one === by)?.[1] ?? by
  return (
    <Panel
      title={`By ${title === "GPU" ? title : title.toLowerCase()}`}
      note="an estimate by what was seen: the clouds' own invoices count"
      end={rows.length > 0 && save}
    >
      {rows.length === 0 ? (
        <div class="empty">
          <p>{ready ? "Nothing was spent, as far as this ledger knows." : "reading the ledger…"}</p>
        </div>
      ) : (
        <table>
          <caption>What was spent, by {by}</caption>
          <thead>
            <tr>
              <th scope="col">{title}</th>
              <th scope="col" class="right">
                Cost
              </th>
              <th scope="col" class="right">
                Paid for
              </th>
              <th scope="col" class="right tablet-only">
                Not looked at
              </th>
              <th scope="col" class="right tablet-only">
                Price not known
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ of, cost, paidSeconds, unobservedSeconds, unpricedSeconds }) => (
              <tr key={of}>
                <th scope="row" class="wrap">
                  <i class={`swatch ${colorOf(of)}`} aria-hidden="true" />
                  {of}
                </th>
                <td class="right nowrap strong">{amountsText(cost)}</td>
                <td class="right nowrap">{time(paidSeconds)}</td>
                <td class="right nowrap tablet-only">{time(unobservedSeconds)}</td>
                <td class="right nowrap tablet-only">{time(unpricedSeconds)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  )
}
