import { useMemo } from "preact/hooks"
import type { AboutJson, EntryOf } from "../../src/protocol/index.ts"
import { about } from "../data/about.ts"
import { useEntries } from "../data/live.ts"
import { useStore } from "../data/store.ts"
import { Answered, Balance } from "../now/places.tsx"
import { Cloud } from "../parts/cloud.tsx"
import { Panel } from "../parts/panel.tsx"
import { Ago } from "../parts/time.tsx"
import { Capabilities } from "./capabilities.tsx"
import { Doctor } from "./doctor.tsx"

/** The accounts, whether all is well with them, and what each cloud can do. */
export const CloudsScreen = () => (
  <>
    <Accounts />
    <Doctor />
    <Keepers />
    <Capabilities />
  </>
)

const Accounts = () => {
  const clouds = useStore(about)?.clouds ?? []
  const [balances, places, machines] = [useEntries("balance"), useEntries("place"), useEntries("machine")]
  const counts = useMemo(
    () =>
      Map.groupBy(
        machines.filter(({ machine }) => machine?.status !== "terminated"),
        ({ ref }) => ref.split("/")[0]
      ),
    [machines]
  )
  return (
    <Panel title="Accounts" note={`${clouds.length} clouds`}>
      <table>
        <caption>The accounts at each cloud</caption>
        <thead>
          <tr>
            <th scope="col">Cloud</th>
            <th scope="col" class="tablet-only">
              Kinds
            </th>
            <th scope="col">Answered</th>
            <th scope="col" class="right">
              Machines
            </th>
            <th scope="col" class="right">
              Balance
            </th>
          </tr>
        </thead>
        <tbody>
          {clouds.map((cloud) => (
            <Account
              key={`${cloud.name}${cloud.account}`}
              cloud={cloud}
              places={places.filter(({ provider }) => provider === cloud.name)}
              balance={balances.find((one) => one.provider === cloud.name && one.account === cloud.account)}
              machines={counts.get(cloud.name)?.length ?? 0}
            />
          ))}
        </tbody>
      </table>
    </Panel>
  )
}

interface AccountProps {
  readonly cloud: AboutJson["clouds"][number]
  readonly places: ReadonlyArray<EntryOf<"place">>
  readonly balance: EntryOf<"balance"> | undefined
  readonly machines: number
}

const Account = ({ cloud, places, balance, machines }: AccountProps) => (
  <tr>
    <th scope="row">
      <Cloud cloud={cloud.name} account={cloud.account} />
    </th>
    <td class="soft tablet-only">{cloud.kinds.map(({ kind }) => kind).join(", ")}</td>
    <td>
      <Answered places={places} />
    </td>
    <td class="right">{machines}</td>
    <td class="right nowrap">
      <Balance cloud={cloud.name} balance={balance} />
    </td>
  </tr>
)

const Keepers = () => {
  const keepers = useEntries("keeper")
  return (
    <Panel title="Keepers" note="they end machines in time, also when every laptop is shut">
      {keepers.length === 0 ? (
        <div class="empty">
          <p>
            No keeper is awake. Start one where a computer stays on: <code>anygpu keeper</code>
          </p>
        </div>
      ) : (
        <table>
          <caption>Keepers that are awake</caption>
          <thead>
            <tr>
              <th scope="col">Host</th>
              <th scope="col">Since</th>
              <th scope="col">Ends machines of</th>
            </tr>
          </thead>
          <tbody>
            {keepers.map(({ id, host, since, places }) => (
              <tr key={id}>
                <th scope="row">{host}</th>
                <td>
                  <Ago at={Date.parse(since)} />
                </td>
                <td class="soft">{places.join(", ")}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  )
}
