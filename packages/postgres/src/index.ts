import type { Ledger } from "@anygpu/core"
import { ledgerFault, ledgerOn } from "@anygpu/core/ledger"
import { listenTo } from "./changes.ts"
import { openDatabase } from "./database.ts"
import { postgresPlace as placeOf } from "./place.ts"

/** How a ledger in Postgres is opened. */
export interface PostgresLedgerOptions {
  /** The schema that its tables are in, made where it is missing: `anygpu` by default. Each schema is a ledger of its own. */
  readonly schema?: string
  /** How many connections this process opens at most: 5 by default. */
  readonly connections?: number
}

/** A ledger in Postgres, which is closed when it is not needed any more. */
export interface PostgresLedger extends Ledger, AsyncDisposable {
  /** Ends its connections, once what is under way is done. */
  readonly close: () => Promise<void>
  /**
   * Calls a listener when something may have changed: soon after each write of any process, and every ten seconds besides.
   * Answers what ends that.
   *
   * - A hint, on a connection of its own: what has changed is read. It takes none of the rights of a write, and a pooler that
   *   gives connections by transactions hears no notices: then the ten seconds count.
   */
  readonly onChange: (listener: () => void) => () => Promise<void>
}

/**
 * The address of a ledger as it may be shown: without its password, and without what follows the database.
 *
 * - Throws `ProviderFault` for what is no address of Postgres.
 */
export const shownAddress = (url: string): string => {
  const parsed = /^postgres(ql)?:\/\//i.test(url) ? URL.parse(url) : null
  if (parsed === null) {
    throw ledgerFault(
      "the address of the ledger is not one of Postgres: give one such as postgres://user:password@host:5432/database",
      "permanent"
    )
  }
  const { protocol, username, host, pathname } = parsed
  return `${protocol}//${username === "" ? "" : `${username}@`}${host}${pathname}`
}

/**
 * A ledger in Postgres: one memory and one budget for all computers that have it open.
 *
 * - Its tables are made, and brought forward, at its first use. Nothing is sent before.
 * - Every write is a transaction at READ COMMITTED that holds the rows it decides by. Two that meet begin again.
 * - A server that is restarted is asked again for 20 seconds. Where the answer of a commit is lost, the server is asked
 *   what became of that transaction: nothing is written twice.
 * - Throws `ProviderFault` for what is no address of Postgres. Its operations fail with `ProviderFault`, which names the server
 *   without its password, and what to do.
 *
 * @example
 * ```ts
 * import { postgresLedger } from "@anygpu/postgres"
 *
 * await using ledger = postgresLedger("postgres://anygpu@db.example:5432/team?sslmode=verify-full")
 * ```
 */
export const postgresLedger = (
  url: string,
  { schema = "anygpu", connections = 5 }: PostgresLedgerOptions = {}
): PostgresLedger => {
  const { store, close } = openDatabase({ url, schema, connections, shown: shownAddress(url) })
  const onChange: PostgresLedger["onChange"] = (listener) => listenTo(url, schema, listener)
  return { ...ledgerOn(store), close, onChange, [Symbol.asyncDispose]: close }
}

/**
 * A ledger in Postgres as a place that can be moved, for `moveLedger` of `@anygpu/core/ledger`; close it when it is done.
 *
 * - Throws `ProviderFault` for what is no address of Postgres. To leave it takes the right to make functions and triggers.
 */
export const postgresPlace = (url: string, { schema = "anygpu" }: Pick<PostgresLedgerOptions, "schema"> = {}) =>
  placeOf(url, shownAddress(url), schema)
