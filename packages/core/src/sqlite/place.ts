import type { DatabaseSync } from "node:sqlite"
import * as Effect from "effect/Effect"
import {
  contentsOf,
  fill,
  type HeldCost,
  type LedgerContents,
  type MovablePlace,
  type MoveState,
  type Unlisted
} from "../ledger/contents.ts"
import { cannotArrive } from "../ledger/move.ts"
import type { Tables } from "../ledger/store.ts"
import { toClaim } from "./claims.ts"
import type { Connection } from "./connection.ts"
import { openDatabase, transaction } from "./database.ts"
import { fileFault } from "./faults.ts"
import { toMachine } from "./machines.ts"
import { toSeries } from "./prices.ts"
import { tablesIn } from "./tables.ts"
import { moneyOf, type Row } from "./values.ts"

/** The tables of a ledger's rows, those that a move brings over. */
const copied = [
  ...["launches", "machines", "commitments", "failures", "runs", "orders", "history", "claims", "accounts"],
  ...["price_looks", "price_series", "prices", "market_hours"]
]

const heldOf = (row: Row): HeldCost => ({
  ...{ marker: String(row.marker), budget: String(row.budget) },
  cost: {
    perHour: moneyOf(row.per_hour_micros, row.per_hour_currency),
    total: moneyOf(row.total_micros, row.total_currency)
  }
})

const unlistedIn = (database: DatabaseSync): Unlisted => {
  const all = (sql: string) => database.prepare(sql).all()
  return {
    machines: all("SELECT * FROM machines ORDER BY sequence").map(toMachine),
    held: all("SELECT * FROM commitments ORDER BY sequence").map(heldOf),
    claims: all("SELECT * FROM claims").map(toClaim),
    accounts: all("SELECT * FROM accounts").map(({ provider, name, account }) => ({
      ...{ provider: String(provider), name: String(name), account: String(account) }
    })),
    looks: all("SELECT * FROM price_looks").map((row) => {
      const { provider, kind, interruptible } = toSeries(row)
      return { provider, kind, interruptible, minute: Number(row.minute) }
    }),
    prices: all(
      "SELECT price_series.*, prices.minute, prices.micros FROM price_series JOIN prices ON series = id ORDER BY prices.minute"
    ).map(toSeries)
  }
}

const stateOf = (database: DatabaseSync): MoveState => {
  const row = database.prepare("SELECT * FROM moves").get()
  if (row === undefined) return { is: "here" }
  const [place, token] = [String(row.place), String(row.token)]
  return row.is_left === 1 ? { is: "left", to: place, token } : { is: "arriving", from: place, token }
}

/** Each write of each process is refused from then on, also of those that have the file open, and of older versions. */
const refuseWrites = (database: DatabaseSync, to: string): void => {
  const words = `this ledger was moved to ${to}`.replaceAll("'", "''")
  for (const table of copied) {
    for (const change of ["INSERT", "UPDATE", "DELETE"]) {
      database.exec(
        `CREATE TRIGGER moved_${table}_${change.toLowerCase()} BEFORE ${change} ON ${table}
           BEGIN SELECT RAISE(ABORT, '${words}'); END`
      )
    }
  }
}

/** A file of a ledger that can be moved. It is made where it is missing; close it when it is done. */
export const sqlitePlace = (path: string): MovablePlace & { close(): void } => {
  const { database, file } = openDatabase(path, sqlitePlace, { evenIfMoved: true })
  const stored: Connection["stored"] = (body) => Effect.try({ try: body, catch: (cause) => fileFault(file, cause) })
  const tables: Tables = { ...tablesIn({ database, stored }), now: () => Effect.sync(Date.now) }
  const contents = (): LedgerContents => Effect.runSync(contentsOf(tables, unlistedIn(database)))
  const note = (isLeft: boolean, place: string, token: string): void => {
    database.exec("DELETE FROM moves")
    database.prepare("INSERT INTO moves (is_left, place, token) VALUES (?, ?, ?)").run(isLeft ? 1 : 0, place, token)
  }
  return {
    shown: file,
    state: () => stored(() => stateOf(database)),
    leave: (to, token, copy) =>
      Effect.acquireUseRelease(
        stored(() => database.exec("BEGIN IMMEDIATE")),
        () =>
          stored(contents).pipe(
            Effect.flatMap(copy),
            Effect.andThen(
              stored(() => {
                note(true, to, token)
                refuseWrites(database, to)
                database.exec("COMMIT")
              })
            )
          ),
        () => Effect.sync(() => database.isTransaction && database.exec("ROLLBACK"))
      ),
    arrive: (from, token, brought) =>
      stored(() =>
        transaction(database, () => {
          const before = stateOf(database)
          const over = cannotArrive(file, contents(), before.is === "arriving" ? before.from : null, from)
          if (over) throw over
          for (const table of copied) database.exec(`DELETE FROM ${table}`)
          Effect.runSync(fill(tables, brought))
          note(false, from, token)
        })
      ),
    settle: stored(() => database.exec("DELETE FROM moves")),
    close: () => database.close()
  }
}
