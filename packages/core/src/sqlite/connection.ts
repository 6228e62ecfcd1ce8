import type { DatabaseSync } from "node:sqlite"
import type { Stored } from "../ledger/store.ts"

/** An open file, and how a call of it becomes an effect: at once, with what goes wrong as a `ProviderFault` of the file. */
export interface Connection {
  readonly database: DatabaseSync
  readonly stored: <A>(body: () => A) => Stored<A>
}
