import type { Stored } from "@anygpu/core/ledger"
import * as Effect from "effect/Effect"
import type { Session } from "./session.ts"
import { decode, encode, escaped } from "./values.ts"

/** A condition of a query: `state = ` and the value that comes behind it in brackets, or a whole one without a value. */
export type Condition = readonly [sql: string, value?: unknown]

/** The conditions that columns have these values; those without a value set no condition. */
export const equals = (columns: Readonly<Record<string, string | undefined>>): ReadonlyArray<Condition> =>
  Object.entries(columns).flatMap(([column, value]) =>
    value === undefined ? [] : [[`${column} = `, escaped(value)] as const]
  )

/** What is done with a table of records that are kept whole, as JSON, and that a text of their own tells apart. */
export const recordsIn = <A extends object>(
  { ask, lock, schema }: Session,
  table: string,
  id: { readonly column: string; readonly of: (record: A) => string }
) => ({
  /** The record with a value in a column that has each value once. */
  by:
    (column: string) =>
    (value: string): Stored<A | null> =>
      ask(`SELECT record::text FROM ${schema}.${table} WHERE ${column} = $1${lock}`, escaped(value)).pipe(
        Effect.map(([row]) => (row ? decode<A>(row["record"]) : null))
      ),
  add: (record: A): Stored<void> =>
    Effect.asVoid(ask(`INSERT INTO ${schema}.${table} (record) VALUES ($1)`, encode(record))),
  save: (record: A): Stored<void> =>
    Effect.asVoid(
      ask(`UPDATE ${schema}.${table} SET record = $1 WHERE ${id.column} = $2`, encode(record), escaped(id.of(record)))
    ),
  /** Those that meet all conditions, the oldest first. */
  where: (conditions: ReadonlyArray<Condition>): Stored<ReadonlyArray<A>> => {
    const values: unknown[] = []
    const all = conditions.map(([sql, value]) => (value === undefined ? sql : `${sql}($${values.push(value)})`))
    const where = all.length === 0 ? "" : `WHERE ${all.join(" AND ")}`
    return Effect.map(
      ask(`SELECT record::text FROM ${schema}.${table} ${where} ORDER BY at, sequence`, ...values),
      (rows) => rows.map(({ record }) => decode<A>(record))
    )
  }
})
