import type { CompareJson } from "@anygpu/operations/protocol"
import { Panel } from "../parts/panel.tsx"

/** What the filters ask, by the names that rules have. */
const ruleTexts: Readonly<Record<string, string>> = {
  gpu: "another GPU",
  gpuCount: "another count of GPUs",
  minVramMiB: "too little memory",
  minDiskMiB: "too small a disk",
  storageMiB: "no disk of that size",
  diskMiB: "no disk of that size",
  countries: "another place",
  interruptible: "the cloud may take it away",
  availability: "not to be had now",
  price: "names no price"
}

interface Rule {
  readonly rule: string
  readonly count: number
  readonly clouds: ReadonlyArray<string>
}

const rulesOf = (excluded: CompareJson["excluded"]): ReadonlyArray<Rule> =>
  [...Map.groupBy(excluded, ({ rule }) => rule)]
    .map(([rule, rows]) => ({
      rule,
      count: rows.reduce((sum, { count }) => sum + count, 0),
      clouds: [...new Set(rows.map(({ provider }) => provider))].sort()
    }))
    .sort((a, b) => b.count - a.count)

/** What did not fit, and why. */
export const LeftOut = ({ answer }: { readonly answer: CompareJson | null }) => {
  const rules = answer ? rulesOf(answer.excluded) : []
  const count = rules.reduce((sum, rule) => sum + rule.count, 0)
  return (
    <Panel
      title="Left out"
      note={answer && (count === 0 ? "nothing" : `${count} offers, by the first rule that they break`)}
    >
      {rules.length > 0 && (
        <table>
          <caption>Offers that do not fit, by the reason</caption>
          <thead>
            <tr>
              <th scope="col">Because</th>
              <th scope="col">Clouds</th>
              <th scope="col" class="right">
                Offers
              </th>
            </tr>
          </thead>
          <tbody>
            {rules.map(({ rule, count: offers, clouds }) => (
              <tr key={rule}>
                <th scope="row">{ruleTexts[rule] ?? rule}</th>
                <td class="soft small">{clouds.join(", ")}</td>
                <td class="right">{offers}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  )
}
