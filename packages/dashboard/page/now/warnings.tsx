import type { EntryOf } from "../../src/protocol/index.ts"
import { useNow } from "../data/clock.ts"
import { useEntries } from "../data/live.ts"
import type { Machine } from "../data/machine.ts"
import { address } from "../data/route.ts"
import { Ago } from "../parts/time.tsx"

const list = (names: ReadonlyArray<string>): string =>
  names.length <= 3 ? names.join(", ") : `${names.slice(0, 3).join(", ")} and ${names.length - 3} more`

/** What needs somebody: machines over their time, launches of unknown outcome, a ledger that cannot be read. */
export const Warnings = ({ machines }: { readonly machines: ReadonlyArray<Machine> }) => {
  const now = useNow()
  const launches = useEntries("launch")
  const [ledger] = useEntries("ledger")
  const places = useEntries("place").filter(({ state }) => state === "failed")
  const failed = Map.groupBy(places, ({ provider }) => provider)
  const overdue = machines.filter(
    ({ leaseUntil, billing }) => leaseUntil !== null && leaseUntil <= now && billing !== "none"
  )
  const unsettled = launches.filter(({ launch }) => launch.state === "unsettled")
  const noticed = machines.filter(({ notice }) => notice !== null)
  return (
    <>
      {ledger?.state === "failed" && (
        <div class="notice failed" role="alert">
          <strong>The ledger cannot be read</strong>
          <p>{ledger.error?.message}</p>
        </div>
      )}
      {[...failed].map(([cloud, places]) => (
        <FailedCloud key={cloud} cloud={cloud} places={places} />
      ))}
      {overdue.length > 0 && (
        <div class="notice">
          <strong>
            {overdue.length === 1 ? "A machine is over its time" : `${overdue.length} machines are over their time`}
          </strong>
          <p>{list(overdue.map(({ name }) => name))}: end them here, or with anygpu sweep</p>
        </div>
      )}
      {unsettled.length > 0 && (
        <div class="notice">
          <strong>Not known whether a machine came of {unsettled.length === 1 ? "a launch" : "launches"}</strong>
          <p>
            {list(unsettled.map(({ launch }) => launch.name))}: <a href={address("trail")}>see the trail</a>, and look
            with anygpu audit --recover
          </p>
        </div>
      )}
      {noticed.map(({ ref, name, notice }) => (
        <div class="notice" key={ref}>
          <strong>{name}</strong>
          <p>{notice}</p>
        </div>
      ))}
    </>
  )
}

interface FailedProps {
  readonly cloud: string
  readonly places: ReadonlyArray<EntryOf<"place">>
}

/** A cloud that cannot be asked: what is shown of it is old. */
const FailedCloud = ({ cloud, places }: FailedProps) => {
  const answered = places.flatMap(({ answeredAt }) => (answeredAt === null ? [] : [Date.parse(answeredAt)]))
  return (
    <div class="notice failed">
      <strong>{cloud} could not be asked</strong>
      <p>
        {places[0]?.error?.message}{" "}
        {answered.length === 0 ? (
          "Its machines are shown as the ledger knows them."
        ) : (
          <>
            Its machines are shown as they were <Ago at={Math.min(...answered)} />.
          </>
        )}
      </p>
    </div>
  )
}
