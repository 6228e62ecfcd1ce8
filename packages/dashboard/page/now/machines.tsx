import { billingTexts, enderTexts, shortRef } from "@anygpu/operations/words"
import { amountsText, priceText } from "../../src/view/amount.ts"
import { useAllowed } from "../data/about.ts"
import { useNow } from "../data/clock.ts"
import { costNow, type Machine } from "../data/machine.ts"
import { address, go } from "../data/route.ts"
import { useSearch } from "../data/search.ts"
import { Swatch } from "../parts/cloud.tsx"
import { Panel } from "../parts/panel.tsx"
import { Rows } from "../parts/rows.tsx"
import { Ago, Until } from "../parts/time.tsx"

/** What of a machine can be searched for. */
const textOf = ({ ref, name, gpu, status, place, owner, tags }: Machine): string =>
  [ref, name, gpu, status, place, owner, ...tags].join(" ")

interface MachinesProps {
  readonly machines: ReadonlyArray<Machine>
  readonly filter: string
  readonly onEnd: (machine: Machine) => void
}

/** All machines on all accounts. */
export const Machines = ({ machines, filter, onEnd }: MachinesProps) => {
  const mayEnd = useAllowed()("terminate")
  const shown = useSearch(machines, filter, textOf)
  const search = (
    <input
      class="filter"
      type="search"
      aria-label="Find machines"
      placeholder="Find machines"
      value={filter}
      onInput={(event) => go("now", { find: event.currentTarget.value || null }, true)}
    />
  )
  const count = filter === "" ? `${machines.length}` : `${shown.length} of ${machines.length}`
  return (
    <Panel
      title="Machines"
      note={machines.length > 0 && `${count} on all accounts`}
      end={machines.length > 0 && search}
    >
      {machines.length === 0 ? (
        <NoMachines />
      ) : (
        <Rows
          caption="Machines on all accounts"
          class="two-lines fixed"
          height={56}
          head={<Head acts={mayEnd} />}
          items={shown}
          row={(machine) => <MachineRow key={machine.ref} machine={machine} onEnd={mayEnd ? onEnd : null} />}
        />
      )}
    </Panel>
  )
}

const NoMachines = () => (
  <div class="empty">
    <p class="strong">No machine runs, and nothing is paid.</p>
    <p>
      <a href={address("market")}>See what a job costs on the market</a>, or launch one with <code>anygpu launch</code>.
    </p>
  </div>
)

const Head = ({ acts }: { readonly acts: boolean }) => (
  <tr>
    <th scope="col">Machine</th>
    <th scope="col" class="col-gpu tablet-only">
      GPU, place
    </th>
    <th scope="col" class="col-status">
      Status, billed
    </th>
    <th scope="col" class="col-money right">
      Per hour
    </th>
    <th scope="col" class="col-time tablet-only">
      Ends
    </th>
    <th scope="col" class="col-age right tablet-only">
      Age
    </th>
    <th scope="col" class="col-owner wide-only">
      Owner, for
    </th>
    {acts && (
      <th scope="col" class="col-act tablet-only">
        <span class="hidden">End</span>
      </th>
    )}
  </tr>
)

interface RowProps {
  readonly machine: Machine
  readonly onEnd: ((machine: Machine) => void) | null
}

/** One machine in two lines. */
const MachineRow = ({ machine, onEnd }: RowProps) => {
  const { ref, provider, name, gpu, place, status, tone, billing, pricePerHour, createdAt, owner, tags } = machine
  const price =
    billing === "compute" || pricePerHour === null ? priceText(pricePerHour) : `(${priceText(pricePerHour)})`
  return (
    <tr>
      <th scope="row">
        <span class="line">
          <button type="button" class="plain strong" onClick={() => go("now", { machine: ref })}>
            {name}
          </button>
        </span>
        <span class="line">
          <Swatch cloud={provider} />
          {shortRef(ref)}
        </span>
      </th>
      <td class="tablet-only">
        <span class="line">{gpu}</span>
        <span class="line">{place}</span>
      </td>
      <td>
        <span class={`line ${tone}`}>
          <i class="dot" aria-hidden="true" />
          {status}
        </span>
        <span class="line">{billingTexts[billing]}</span>
      </td>
      <td class="right">
        <span class="line">{price}</span>
        <span class="line">
          <SoFar machine={machine} />
        </span>
      </td>
      <td class="tablet-only">
        <Ends machine={machine} />
      </td>
      <td class="right tablet-only">{createdAt === null ? "?" : <Ago at={createdAt} bare />}</td>
      <td class="wide-only">
        <span class="line">{owner ?? "-"}</span>
        <span class="line">{tags.join(", ")}</span>
      </td>
      {onEnd && (
        <td class="right tablet-only">
          <button type="button" class="tiny end-it" aria-label={`End ${name}`} onClick={() => onEnd(machine)}>
            End
          </button>
        </td>
      )}
    </tr>
  )
}

/** What it has cost so far, as it grows. */
const SoFar = ({ machine }: { readonly machine: Machine }) => {
  const now = useNow()
  return <>{amountsText(costNow(machine, now), "-")} so far</>
}

/** When it ends, and by whom. */
const Ends = ({ machine: { leaseUntil, endedBy } }: { readonly machine: Machine }) =>
  leaseUntil === null ? (
    <span class="soft">no end</span>
  ) : (
    <>
      <span class="line">
        <Until at={leaseUntil} />
      </span>
      <span class="line">{endedBy !== null && `by ${enderTexts[endedBy]}`}</span>
    </>
  )
