import type { CompareJson } from "@anygpu/operations/protocol"
import { leftOut } from "../../src/view/left-out.ts"
import { Panel } from "../parts/panel.tsx"

/** What did not fit, and why. */
export const LeftOut = ({ answer }: { readonly answer: CompareJson | null }) => {
  const rules = answer ? leftOut(answer.excluded) : []
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
            {rules.map(({ text, count: offers, clouds }) => (
              <tr key={text}>
                <th scope="row">{text}</th>
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
