import type { SpentJson } from "@anygpu/operations/protocol"
import { shortRef } from "@anygpu/operations/words"
import { useMemo, useState } from "preact/hooks"
import type { EntryOf } from "../../src/protocol/index.ts"
import { amountsText, priceText } from "../../src/view/amount.ts"
import { useAnswer } from "../data/answers.ts"
import { useEntries } from "../data/live.ts"
import { address } from "../data/route.ts"
import { useSearch } from "../data/search.ts"
import { Swatch } from "../parts/cloud.tsx"
import { Panel } from "../parts/panel.tsx"
import { Rows } from "../parts/rows.tsx"
import { Ago } from "../parts/time.tsx"

type Launch = EntryOf<"launch">

/** What came of a launch. */
const states: Readonly<Record<Launch["launch"]["state"], readonly [text: string, tone: string]>> = {
  open: ["under way", "warn"],
  created: ["made a machine", "ok"],
  refused: ["refused", "bad"],
  absent: ["no machine came", "soft"],
  lapsed: ["may have ended by itself, unseen", "soft"],
  unsettled: ["not known", "bad"]
}

const textOf = ({ launch, ref, owner, tags }: Launch): string =>
  [launch.name, launch.offer, launch.key, launch.state, launch.note, ref, owner, ...Object.entries(tags).flat()].join(
    " "
  )

/** The latest launches of the ledger: what was tried, what came of it, what it cost. */
export const Launches = () => {
  const [find, setFind] = useState("")
  const entries = useEntries("launch")
  const launches = useMemo(() => entries.toSorted((a, b) => (a.launch.at < b.launch.at ? 1 : -1)), [entries])
  const shown = useSearch(launches, find, textOf)
  const { answer } = useAnswer<SpentJson>("spent", { by: "machine" })
  const costs = useMemo(() => new Map(answer?.rows.map(({ of, cost }) => [of, cost])), [answer])
  const search = (
    <input
      class="filter"
      type="search"
      aria-label="Find launches"
      placeholder="Find launches"
      value={find}
      onInput={(event) => setFind(event.currentTarget.value)}
    />
  )
  return (
    <Panel title="Launches" note="the latest of this ledger, each try by itself" end={launches.length > 0 && search}>
      {launches.length === 0 ? (
        <div class="empty">
          <p>Nothing was launched with this ledger yet.</p>
        </div>
      ) : (
        <Rows
          caption="Launches of this ledger, the latest first"
          class="two-lines fixed"
          height={56}
          items={shown}
          head={
            <tr>
              <th scope="col">Launch</th>
              <th scope="col">Came to</th>
              <th scope="col" class="col-money right">
                Cost
              </th>
              <th scope="col" class="col-time tablet-only">
                When
              </th>
              <th scope="col" class="col-owner wide-only">
                Owner, for
              </th>
            </tr>
          }
          row={(entry) => (
            <LaunchRow key={entry.key} entry={entry} cost={entry.ref === null ? undefined : costs.get(entry.ref)} />
          )}
        />
      )}
    </Panel>
  )
}

interface RowProps {
  readonly entry: Launch
  readonly cost: SpentJson["total"]["cost"] | undefined
}

const LaunchRow = ({ entry: { launch, ref, owner, tags, pricePerHour }, cost }: RowProps) => {
  const [text, tone] = states[launch.state]
  return (
    <tr>
      <th scope="row">
        <span class="line strong">{launch.name}</span>
        <span class="line">
          <Swatch cloud={launch.provider} />
          {shortRef(launch.offer)}
        </span>
      </th>
      <td>
        <span class={`line ${tone}`}>{text}</span>
        <span class="line" title={launch.note ?? undefined}>
          {launch.note ??
            (ref === null ? "" : <a href={address("now", new URLSearchParams({ machine: ref }))}>{shortRef(ref)}</a>)}
        </span>
      </td>
      <td class="right">
        <span class="line">{amountsText(cost ?? [], "-")}</span>
        <span class="line">{priceText(pricePerHour)} /h</span>
      </td>
      <td class="tablet-only">
        <span class="line">
          <Ago at={Date.parse(launch.at)} />
        </span>
        <span class="line">{launch.key === null ? "" : `key ${launch.key}`}</span>
      </td>
      <td class="wide-only">
        <span class="line">{owner ?? "-"}</span>
        <span class="line">
          {Object.entries(tags)
            .map(([name, value]) => `${name}=${value}`)
            .join(", ")}
        </span>
      </td>
    </tr>
  )
}
