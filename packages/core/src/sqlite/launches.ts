import type { SQLInputValue } from "node:sqlite"
import type { LaunchQuery, LaunchRecord } from "../ledger/ledger.ts"
import type { LaunchTable } from "../ledger/store.ts"
import type { Connection } from "./connection.ts"
import { type Row, toLaunch, whoseValues } from "./values.ts"

const conditionsOf = (
  query: LaunchQuery
): ReadonlyArray<readonly [sql: string, values: ReadonlyArray<string | number>]> => {
  const equals = { provider: query.provider, kind: query.kind, key: query.key, marker: query.marker }
  return [
    ...Object.entries({ ...equals, instance_id: query.instanceId }).flatMap(([column, value]) =>
      value === undefined ? [] : [[`${column} = ?`, [value]] as const]
    ),
    ...(query.states ? [[`state IN (${query.states.map(() => "?").join(", ")})`, query.states] as const] : []),
    ...(query.endsBefore === undefined ? [] : [["lease_until < ?", [query.endsBefore]] as const]),
    ...(query.leased === undefined ? [] : [[`lease_until IS ${query.leased ? "NOT " : ""}NULL`, []] as const]),
    ...(query.owned === undefined ? [] : [[`owner IS ${query.owned ? "NOT " : ""}NULL`, []] as const])
  ]
}

const launchOf = (row: Row | undefined): LaunchRecord | null => (row ? toLaunch(row) : null)

/** The rows of launches. */
export const launchRows = ({ database, stored }: Connection): LaunchTable => {
  const findMarker = database.prepare("SELECT * FROM launches WHERE marker = ?")
  const findKey = database.prepare("SELECT * FROM launches WHERE key = ?")
  const insert = database.prepare(
    `INSERT INTO launches (marker, key, idempotency_key, provider, kind, name, offer_id, price_micros, price_currency,
       spec, at, state, instance_id, note, lease_until, monotonic_at, sent_after, owner, fence,
       account, tags, owned_by, account_name)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
  )
  const update = database.prepare(
    `UPDATE launches SET key = ?, state = ?, instance_id = ?, note = ?, lease_until = ?, sent_after = ?, owner = ?, fence = ?
       WHERE marker = ?`
  )
  return {
    byMarker: (marker) => stored(() => launchOf(findMarker.get(marker))),
    byKey: (key) => stored(() => launchOf(findKey.get(key))),
    add: (launch) => {
      const { pricePerHour: price } = launch
      const values: ReadonlyArray<SQLInputValue> = [
        ...[
          launch.marker,
          launch.key,
          launch.idempotencyKey,
          launch.provider,
          launch.kind,
          launch.name,
          launch.offerId
        ],
        ...[price?.micros ?? null, price?.currency ?? null, JSON.stringify(launch.spec), launch.at, launch.state],
        ...[launch.instanceId, launch.note, launch.leaseUntil, launch.monotonicAt ?? null],
        ...[launch.sentAfter, launch.owner, launch.fence, launch.account ?? null],
        ...whoseValues(launch),
        launch.accountName ?? null
      ]
      return stored(() => void insert.run(...values))
    },
    save: ({ marker, key, state, instanceId, note, leaseUntil, sentAfter, owner, fence }) =>
      stored(() => void update.run(key, state, instanceId, note, leaseUntil, sentAfter, owner, fence, marker)),
    find: (query) =>
      stored(() => {
        const conditions = conditionsOf(query)
        const where = conditions.length === 0 ? "" : `WHERE ${conditions.map(([sql]) => sql).join(" AND ")}`
        const statement = database.prepare(`SELECT * FROM launches ${where} ORDER BY at, sequence`)
        return statement.all(...conditions.flatMap(([, values]) => values)).map(toLaunch)
      })
  }
}
