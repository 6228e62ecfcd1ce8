import { amountsText } from "../../src/view/amount.ts"
import { address } from "../data/route.ts"
import { useSpent } from "../data/spent.ts"
import { Panel } from "../parts/panel.tsx"
import { Problem } from "../parts/problem.tsx"
import { SpentChart } from "../spend/spent-chart.tsx"

/** What was spent in the last days, by cloud. */
export const Spent = () => {
  const { steps, answers, rows, colorOf, total, error, again } = useSpent("cloud", "7d")
  return (
    <Panel
      title="Spent in a week"
      note={total && `${amountsText(total, "nothing")} in all`}
      end={<a href={address("spend")}>By GPU, tag, owner</a>}
    >
      <div class="body">
        {error && <Problem what="The ledger could not be read" error={error} again={again} />}
        <SpentChart {...{ steps, answers, rows, colorOf, by: "cloud" }} />
      </div>
    </Panel>
  )
}
