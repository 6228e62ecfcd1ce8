import { changes } from "../data/changes.ts"
import { useStore } from "../data/store.ts"
import { Panel } from "../parts/panel.tsx"
import { momentText } from "../parts/time.tsx"
import { Audit } from "./audit.tsx"
import { Launches } from "./launches.tsx"

/** What happened: launches, who pays for what, what changed. */
export const TrailScreen = () => (
  <>
    <Launches />
    <Audit />
    <Changes />
  </>
)

const Changes = () => {
  const seen = useStore(changes)
  return (
    <Panel title="Changes" note="on machines, since this page was opened">
      {seen.length === 0 ? (
        <div class="empty">
          <p>Nothing has changed yet.</p>
        </div>
      ) : (
        <table>
          <caption>Changes on machines since this page was opened</caption>
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">What</th>
              <th scope="col" class="tablet-only">
                Machine
              </th>
            </tr>
          </thead>
          <tbody>
            {seen.map(({ id, at, name, ref, text }) => (
              <tr key={id} class="fresh">
                <td class="nowrap soft">{momentText(at)}</td>
                <td>
                  <strong>{name}</strong> {text}
                </td>
                <td class="mono soft tablet-only">{ref}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  )
}
