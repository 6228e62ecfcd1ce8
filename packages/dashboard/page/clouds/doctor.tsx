import type { DoctorJson } from "@anygpu/operations/protocol"
import { useState } from "preact/hooks"
import { useAnswer } from "../data/answers.ts"
import { Panel } from "../parts/panel.tsx"
import { Problem } from "../parts/problem.tsx"

/** Keys, network, clock and ledger, and what the clouds have changed: asked for when somebody wants to know. */
export const Doctor = () => {
  const [wanted, setWanted] = useState(false)
  const { answer, error, asking, again } = useAnswer<DoctorJson>("doctor", wanted ? {} : null)
  const look = (
    <button type="button" class="tiny" disabled={asking} onClick={() => (wanted ? again() : setWanted(true))}>
      {asking ? "Checking…" : answer ? "Check again" : "Check"}
    </button>
  )
  const bad = answer?.checks.filter(({ state }) => state === "bad") ?? []
  const ok = answer?.checks.filter(({ state }) => state === "ok").length ?? 0
  return (
    <Panel
      title="Health and drift"
      note={
        answer
          ? `${ok} checks are ok, ${bad.length} are not`
          : "keys, network, clock, ledger, and what the clouds changed"
      }
      end={look}
    >
      {error && (
        <div class="body">
          <Problem what="It could not be checked" error={error} again={again} />
        </div>
      )}
      {bad.length > 0 && (
        <table>
          <caption>What is not well</caption>
          <thead>
            <tr>
              <th scope="col">About</th>
              <th scope="col">Check</th>
              <th scope="col">Found</th>
            </tr>
          </thead>
          <tbody>
            {bad.map(({ about, check, found, advice }) => (
              <tr key={about + check}>
                <th scope="row">{about}</th>
                <td class="bad">{check}</td>
                <td>
                  {found} {advice && <span class="soft">{advice}</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {answer && <Drift drift={answer.drift} />}
    </Panel>
  )
}

const Drift = ({ drift }: { readonly drift: DoctorJson["drift"] }) =>
  drift.length === 0 ? (
    <div class="empty">
      <p>The clouds answer nothing that their adapters do not know.</p>
    </div>
  ) : (
    <table>
      <caption>What the clouds answer and the adapters do not know</caption>
      <thead>
        <tr>
          <th scope="col">Cloud</th>
          <th scope="col">Field</th>
          <th scope="col" class="tablet-only">
            Answer to
          </th>
          <th scope="col">New</th>
        </tr>
      </thead>
      <tbody>
        {drift.map(({ provider, request, path, value }) => (
          <tr key={provider + request + path + value}>
            <th scope="row">{provider}</th>
            <td class="mono">{path}</td>
            <td class="mono soft tablet-only">{request}</td>
            <td>{value === null ? "the field itself" : value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
