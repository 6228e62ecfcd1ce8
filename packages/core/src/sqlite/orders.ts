import type { OrderRecord } from "../ledger/order.ts"
import type { OrderTable } from "../ledger/store.ts"
import type { Connection } from "./connection.ts"
import type { Row } from "./values.ts"

const toOrder = ({ record }: Row): OrderRecord => JSON.parse(String(record)) as OrderRecord

const orderOf = (row: Row | undefined): OrderRecord | null => (row ? toOrder(row) : null)

/** The rows of orders: each record whole, and beside it what it is found by. */
export const orderRows = ({ database, stored }: Connection): OrderTable => {
  const findId = database.prepare("SELECT record FROM orders WHERE id = ?")
  const findKey = database.prepare("SELECT record FROM orders WHERE key = ?")
  const findStarted = database.prepare("SELECT record FROM orders WHERE state = 'started'")
  const insert = database.prepare("INSERT INTO orders (id, key, state, at, what, record) VALUES (?, ?, ?, ?, ?, ?)")
  const update = database.prepare("UPDATE orders SET key = ?, state = ?, record = ? WHERE id = ?")
  return {
    byId: (id) => stored(() => orderOf(findId.get(id))),
    byKey: (key) => stored(() => orderOf(findKey.get(key))),
    started: () => stored(() => findStarted.all().map(toOrder)),
    add: (order) => {
      const { id, key, state, at, what } = order
      return stored(() => void insert.run(id, key, state, at, what, JSON.stringify(order)))
    },
    save: (order) => stored(() => void update.run(order.key, order.state, JSON.stringify(order), order.id)),
    find: ({ id, key, what, states }) =>
      stored(() => {
        const conditions: ReadonlyArray<{ readonly sql: string; readonly values: ReadonlyArray<string> }> = [
          ...Object.entries({ id, key, what }).flatMap(([column, value]) =>
            value === undefined ? [] : [{ sql: `${column} = ?`, values: [value] }]
          ),
          ...(states ? [{ sql: `state IN (${states.map(() => "?").join(", ")})`, values: states }] : [])
        ]
        const where = conditions.length === 0 ? "" : `WHERE ${conditions.map(({ sql }) => sql).join(" AND ")}`
        const statement = database.prepare(`SELECT record FROM orders ${where} ORDER BY at, sequence`)
        return statement.all(...conditions.flatMap(({ values }) => values)).map(toOrder)
      })
  }
}
