import type { DatabaseSync } from "node:sqlite"
import type * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { Ledger } from "../ledger/ledger.ts"
import { ledgerOn } from "../ledger/on-store.ts"
import type { Store, Tables } from "../ledger/store.ts"
import type { Connection } from "./connection.ts"
import { openDatabase, transaction } from "./database.ts"
import { fileFault } from "./faults.ts"
import { tablesIn } from "./tables.ts"

const storeIn = (database: DatabaseSync, file: string): Store => {
  const stored: Connection["stored"] = (body) => Effect.try({ try: body, catch: (cause) => fileFault(file, cause) })
  const connection: Connection = { database, stored }
  const tables = tablesIn(connection)
  const tablesBy = (clock: Clock.Clock): Tables => ({
    ...tables,
    now: () => Effect.sync(() => clock.currentTimeMillisUnsafe())
  })
  return {
    read: (body) => Effect.clockWith((clock) => body(tablesBy(clock))),
    // In one go: between the beginning and the end of a transaction nothing else may use the connection.
    write: <A, E>(body: (tables: Tables) => Effect.Effect<A, E>) =>
      Effect.clockWith((clock) =>
        Effect.flatten(
          stored(
            (): Exit.Exit<A, E> =>
              transaction(database, () => Effect.runSyncExit(body(tablesBy(clock))), { keeps: Exit.isSuccess })
          )
        )
      )
  }
}

/**
 * A ledger in a SQLite file: what was paid for survives a crash, a `kill -9` and a power cut.
 *
 * - A write is on the disk when its effect succeeds (WAL, `synchronous=FULL`).
 * - Several processes may use the same file at the same time; a write waits up to 10 seconds for another one's.
 * - The file is made readable for its owner only (0600), its directory too (0700) where it is missing; an older
 *   schema is brought forward.
 * - A key whose launch was refused is free again: the next launch takes it, and the refused record stays without it.
 * - `":memory:"` keeps everything in this process.
 * - Throws `ProviderFault` when the file cannot be opened, is of a newer anygpu or is no ledger; the file is then left
 *   as it is. Operations fail with `ProviderFault` naming the file and what to do.
 *
 * @example
 * ```ts
 * import { sqliteLedger } from "@anygpu/core/sqlite"
 *
 * using ledger = sqliteLedger("/var/lib/my-service/ledger.db")
 * ```
 */
export const sqliteLedger = (path: string): Ledger & { close(): void; [Symbol.dispose](): void } => {
  const { database, file } = openDatabase(path, sqliteLedger)
  const close = (): void => {
    if (database.isOpen) database.close()
  }
  return { ...ledgerOn(storeIn(database, file)), close, [Symbol.dispose]: close }
}

export type { MovablePlace } from "../ledger/contents.ts"
export { type LedgerMove, moveLedger } from "../ledger/move.ts"
export { sqlitePlace } from "./place.ts"
export { wasLeft } from "./was-left.ts"
