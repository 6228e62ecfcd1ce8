import type { Stored } from "@anygpu/core/ledger"

/** A row as Postgres answers it. */
export type Row = Readonly<Record<string, unknown>>

/**
 * One connection, for as long as it is in use.
 *
 * - `lock` ends a query by which a transaction reads what it may change: others wait there until it is over. Empty where
 *   nothing is written.
 */
export interface Session {
  readonly ask: (sql: string, ...values: ReadonlyArray<unknown>) => Stored<ReadonlyArray<Row>>
  readonly lock: "" | " FOR NO KEY UPDATE"
  /** The quoted schema that the tables are in. */
  readonly schema: string
}
