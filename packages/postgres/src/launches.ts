import type { LaunchQuery, LaunchRecord } from "@anygpu/core"
import type { LaunchTable } from "@anygpu/core/ledger"
import * as Effect from "effect/Effect"
import type { Row, Session } from "./session.ts"
import { decode, encode, escaped } from "./values.ts"

const launchOf = ({ record }: Row): LaunchRecord => decode(record)

/** The conditions of a query, each with at most one value. */
const conditionsOf = (query: LaunchQuery): ReadonlyArray<readonly [sql: string, value?: unknown]> => {
  const equals = { provider: query.provider, kind: query.kind, key: query.key, marker: query.marker }
  return [
    ...Object.entries({ ...equals, instance_id: query.instanceId }).flatMap(([column, value]) =>
      value === undefined ? [] : [[`${column} = `, escaped(value)] as const]
    ),
    ...(query.states ? [["state = ANY", [...query.states]] as const] : []),
    ...(query.leased === undefined ? [] : [[`lease_until IS ${query.leased ? "NOT " : ""}NULL`] as const]),
    ...(query.owned === undefined ? [] : [[`owner IS ${query.owned ? "NOT " : ""}NULL`] as const])
  ]
}

/** The rows of launches. */
export const launchRows = ({ ask, lock, schema }: Session): LaunchTable => {
  const one = (column: "marker" | "key") => (value: string) =>
    ask(`SELECT record::text FROM ${schema}.launches WHERE ${column} = $1${lock}`, escaped(value)).pipe(
      Effect.map(([row]) => (row ? launchOf(row) : null))
    )
  return {
    byMarker: one("marker"),
    byKey: one("key"),
    add: (launch) => Effect.asVoid(ask(`INSERT INTO ${schema}.launches (record) VALUES ($1)`, encode(launch))),
    save: (launch) =>
      Effect.asVoid(
        ask(`UPDATE ${schema}.launches SET record = $1 WHERE marker = $2`, encode(launch), escaped(launch.marker))
      ),
    find: (query) => {
      const values: unknown[] = []
      const where = conditionsOf(query).map(([sql, value]) =>
        value === undefined ? sql : `${sql}($${values.push(value)})`
      )
      const conditions = where.length === 0 ? "" : `WHERE ${where.join(" AND ")}`
      return Effect.map(
        ask(`SELECT record::text FROM ${schema}.launches ${conditions} ORDER BY at, sequence`, ...values),
        (rows) => rows.map(launchOf)
      )
    }
  }
}
