import { enderTexts } from "@anygpu/operations/words"
import type { ComponentChildren } from "preact"
import type { EntryOf } from "../../src/protocol/index.ts"
import { amountsText, amountText, microsOf, sumsOf } from "../../src/view/amount.ts"
import { useEntries } from "../data/live.ts"
import { hourly, type Machine } from "../data/machine.ts"
import { Until } from "../parts/time.tsx"

/** The figures that matter first. */
export const Figures = ({ machines }: { readonly machines: ReadonlyArray<Machine> }) => {
  const [spent] = useEntries("spent")
  const [budget] = useEntries("budget")
  const { prices, billed, uncounted } = hourly(machines)
  const noted = uncounted > 0 ? `, ${uncounted} not counted` : ""
  return (
    <dl class="figures">
      <Figure
        label="Paid per hour now"
        value={prices.length === 0 ? "$0.00" : amountsText(sumsOf(prices), "-", 3)}
        note={
          billed === 0 && uncounted === 0 ? "no machine is billed" : `${billed} of ${machines.length} billed${noted}`
        }
      />
      <Figure
        label="Spent today"
        value={spent ? amountsText(spent.today.cost, "$0.00") : "…"}
        note={spent ? `${amountsText(spent.month.cost, "$0.00")} this month, by UTC` : "reading the ledger"}
      />
      {budget ? <Budget budget={budget} /> : <Figure label="Budget" value="none" note="this server rents nothing" />}
      <NextEnd machines={machines} />
    </dl>
  )
}

const Figure = ({ label, value, note, children }: FigureProps) => (
  <div class="figure">
    <dt>{label}</dt>
    <dd class="value">{value}</dd>
    {children}
    <dd class="note">{note}</dd>
  </div>
)

interface FigureProps {
  readonly label: string
  readonly value: ComponentChildren
  readonly note: ComponentChildren
  readonly children?: ComponentChildren
}

const spans = [
  ["perDay", "today", "today"],
  ["perMonth", "month", "this month"],
  ["total", "total", "in all"],
  ["perHour", "perHour", "per hour"]
] as const

/** The tightest limit of a budget that is known, and what is held of it. */
const tightest = ({ limits, ...amounts }: EntryOf<"budget">) =>
  spans
    .flatMap(([limit, amount, text]) => {
      const [most, held] = [limits[limit], amounts[amount]]
      return most && held ? [{ most, held, text, share: microsOf(held) / Math.max(1, microsOf(most)) }] : []
    })
    .sort((a, b) => b.share - a.share)[0]

const Budget = ({ budget }: { readonly budget: EntryOf<"budget"> }) => {
  const known = tightest(budget)
  if (!known) return <Figure label={`Budget ${budget.name}`} value="?" note="what it holds is not known" />
  const { most, held, text, share } = known
  return (
    <Figure
      label={`Budget ${budget.name}`}
      value={amountText(held)}
      note={`of ${amountText(most)} ${text}, with what is set aside until machines end`}
    >
      <dd>
        <svg class="bar" aria-hidden="true">
          <rect class="track" width="100%" height="6" rx="3" />
          <rect class="used" width={`${Math.min(100, share * 100).toFixed(1)}%`} height="6" rx="3" />
        </svg>
      </dd>
    </Figure>
  )
}

const NextEnd = ({ machines }: { readonly machines: ReadonlyArray<Machine> }) => {
  const ending = machines.filter(({ leaseUntil, billing }) => leaseUntil !== null && billing !== "none")
  const [next] = ending.sort((a, b) => (a.leaseUntil ?? 0) - (b.leaseUntil ?? 0))
  const endless = machines.filter(({ leaseUntil, billing }) => leaseUntil === null && billing !== "none").length
  if (!next?.leaseUntil) {
    return <Figure label="Next end" value="-" note={endless > 0 ? `${endless} without an end` : "no machine runs"} />
  }
  const by = next.endedBy === null ? "" : `, by ${enderTexts[next.endedBy]}`
  return (
    <Figure
      label="Next end"
      value={<Until at={next.leaseUntil} />}
      note={`${next.name}${by}${endless > 0 ? `; ${endless} without an end` : ""}`}
    />
  )
}
