import type { AuditJson } from "@anygpu/operations/protocol"
import { shortRef } from "@anygpu/operations/words"
import { amountsText } from "../../src/view/amount.ts"
import { useAnswer } from "../data/answers.ts"
import { Panel } from "../parts/panel.tsx"
import { Problem } from "../parts/problem.tsx"
import { Ago } from "../parts/time.tsx"

/** One line of an audit. */
interface Finding {
  readonly what: string
  readonly ref: string
  readonly name: string
  readonly note: string
}

/** What needs somebody, worst first; what is in order is only counted. */
const findingsOf = (audit: AuditJson): ReadonlyArray<Finding> => {
  const of = (what: string, all: AuditJson["lost"], note: string): ReadonlyArray<Finding> =>
    all.map(({ ref, launch }) => ({ what, ref, name: launch.name, note }))
  return [
    ...of("Overdue", audit.overdue, "its time is over: end it, or run anygpu sweep"),
    ...of("Left over", audit.doubles, "its launch was given up or ended: nobody uses it"),
    ...audit.unsettled.map(({ marker, name, note }) => ({
      ...{ what: "Not known", ref: marker, name, note: note ?? "look with anygpu audit --recover" }
    })),
    ...of("Lost", audit.lost, "launched, not ended from here, and no longer on the account"),
    ...of("Elsewhere", audit.elsewhere, "launched on another account, or with another key"),
    ...audit.unclaimed.map(({ ref, name }) => ({
      ...{ what: "Of others", ref, name: name ?? "no name", note: "launched by others, or with another ledger" }
    }))
  ]
}

/** The ledger compared with the accounts. */
export const Audit = () => {
  const { answer, error, asking, again } = useAnswer<AuditJson>("audit", {})
  const findings = answer ? findingsOf(answer) : []
  const note = answer && (
    <>
      {answer.claimed.length} in order, {amountsText(answer.perHour.all, "nothing", 3)} per hour
      {answer.perHour.uncounted.length > 0 && `, ${answer.perHour.uncounted.length} not counted`},{" "}
      <Ago at={Date.parse(answer.observedAt)} />
    </>
  )
  const look = (
    <button type="button" class="tiny" disabled={asking} onClick={again}>
      {asking ? "Comparing…" : "Compare again"}
    </button>
  )
  return (
    <Panel title="Audit" note={note ?? "comparing the ledger with the accounts"} end={look}>
      {error && (
        <div class="body">
          <Problem what="The accounts could not be compared" error={error} again={again} />
        </div>
      )}
      {answer?.problems.map(({ provider, kind, part, error: failed }) => (
        <div class="body" key={`${provider}${kind}${part}`}>
          <Problem what={`missing: ${part} of ${provider}`} error={{ ...failed, problems: [] }} />
        </div>
      ))}
      {answer && findings.length === 0 && (
        <div class="empty">
          <p>Ledger and accounts agree{answer.complete ? "" : ", as far as the clouds answered"}.</p>
        </div>
      )}
      {findings.length > 0 && <Findings findings={findings} />}
    </Panel>
  )
}

const Findings = ({ findings }: { readonly findings: ReadonlyArray<Finding> }) => (
  <table>
    <caption>What ledger and accounts do not agree on</caption>
    <thead>
      <tr>
        <th scope="col">What</th>
        <th scope="col">Machine</th>
        <th scope="col" class="tablet-only">
          Because
        </th>
      </tr>
    </thead>
    <tbody>
      {findings.map(({ what, ref, name, note }) => (
        <tr key={what + ref}>
          <th scope="row" class="warn nowrap">
            {what}
          </th>
          <td class="wrap">
            {name} <span class="soft small">{shortRef(ref)}</span>
          </td>
          <td class="soft tablet-only">{note}</td>
        </tr>
      ))}
    </tbody>
  </table>
)
