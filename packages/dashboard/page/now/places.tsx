import { useMemo } from "preact/hooks"
import type { EntryOf } from "../../src/protocol/index.ts"
import { amountText } from "../../src/view/amount.ts"
import { about } from "../data/about.ts"
import { useEntries } from "../data/live.ts"
import { address } from "../data/route.ts"
import { useStore } from "../data/store.ts"
import { Cloud } from "../parts/cloud.tsx"
import { Panel } from "../parts/panel.tsx"
import { Ago } from "../parts/time.tsx"

type Place = EntryOf<"place">

const worst = ["failed", "incomplete", "asking", "answered"] as const

/** How old what is shown of each cloud is, what went wrong there, and what its account can spend. */
export const Places = () => {
  const [places, balances] = [useEntries("place"), useEntries("balance")]
  const byCloud = useMemo(
    () => [...Map.groupBy(places, ({ provider }) => provider)].sort(([a], [b]) => (a < b ? -1 : 1)),
    [places]
  )
  return (
    <Panel title="Clouds" end={<a href={address("clouds")}>Health, what they can do</a>}>
      <table>
        <caption>How old what is shown of each cloud is</caption>
        <thead>
          <tr>
            <th scope="col">Cloud</th>
            <th scope="col">Answered</th>
            <th scope="col" class="right">
              Balance
            </th>
          </tr>
        </thead>
        <tbody>
          {byCloud.map(([cloud, some]) => (
            <PlaceOfCloud
              key={cloud}
              cloud={cloud}
              places={some}
              balance={balances.find(({ provider }) => provider === cloud)}
            />
          ))}
        </tbody>
      </table>
    </Panel>
  )
}

interface PlaceProps {
  readonly cloud: string
  readonly places: ReadonlyArray<Place>
  readonly balance: EntryOf<"balance"> | undefined
}

/** What one cloud says of itself: the worst of its kinds, and the oldest. */
const PlaceOfCloud = ({ cloud, places, balance }: PlaceProps) => (
  <tr>
    <th scope="row">
      <Cloud cloud={cloud} />
    </th>
    <td>
      <Answered places={places} />
    </td>
    <td class="right nowrap">
      <Balance cloud={cloud} balance={balance} />
    </td>
  </tr>
)

/** How old the answers of a cloud are; of one that failed also why. */
export const Answered = ({ places }: { readonly places: ReadonlyArray<Place> }) => {
  const state = worst.find((one) => places.some((place) => place.state === one)) ?? "asking"
  const times = places.flatMap(({ answeredAt }) => (answeredAt === null ? [] : [Date.parse(answeredAt)]))
  const age = times.length === 0 ? "never" : <Ago at={Math.min(...times)} />
  const said = new Set([
    ...places.flatMap(({ error }) => error?.message ?? []),
    ...places.flatMap(({ problems }) => problems.map(({ part, error }) => `missing: ${part}: ${error.message}`))
  ])
  return (
    <>
      {state === "asking" ? <span class="soft">asking…</span> : age}
      {state === "failed" && <strong class="bad"> failed</strong>}
      {state === "incomplete" && <strong class="warn"> in part</strong>}
      {[...said].map((text) => (
        <div class="small soft wrap" key={text}>
          {text}
        </div>
      ))}
    </>
  )
}

interface BalanceProps {
  readonly cloud: string
  readonly balance: EntryOf<"balance"> | undefined
}

/** What an account can spend, where its cloud says so. */
export const Balance = ({ cloud, balance }: BalanceProps) => {
  const kinds = useStore(about)?.clouds.find(({ name }) => name === cloud)?.kinds ?? []
  if (balance?.available) return <>{amountText(balance.available)}</>
  if (balance?.error) return <span class="bad">failed</span>
  const gives = !balance && kinds.some(({ capabilities }) => capabilities.includes("balance"))
  return <span class="soft">{gives ? "asking…" : "gives none"}</span>
}
