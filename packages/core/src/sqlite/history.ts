import type { BillingInterval } from "../ledger/history.ts"
import type { HistoryTable } from "../ledger/store.ts"
import type { Kind } from "../model/kind.ts"
import { InstanceRef } from "../model/ref.ts"
import type { Connection } from "./connection.ts"
import type { Row } from "./values.ts"

const toInterval = (row: Row): BillingInterval => ({
  ref: new InstanceRef(String(row.provider), String(row.kind) as Kind, String(row.id)),
  ...(JSON.parse(String(row.interval)) as Omit<BillingInterval, "ref">)
})

/** The rows of what machines have cost. */
export const historyRows = ({ database, stored }: Connection): HistoryTable => {
  const insert = database.prepare(
    "INSERT INTO history (provider, kind, id, begins, ends, interval) VALUES (?, ?, ?, ?, ?, ?)"
  )
  const within = "ends > ? AND begins < ?"
  const select = database.prepare(`SELECT * FROM history WHERE ${within} ORDER BY begins, sequence`)
  const selectOf = database.prepare(
    `SELECT * FROM history WHERE ${within} AND provider = ? AND kind = ? AND id = ? ORDER BY begins, sequence`
  )
  const [least, most] = [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER]
  return {
    add: ({ ref: { provider, kind, id }, ...interval }) =>
      stored(() => void insert.run(provider, kind, id, interval.from, interval.end ?? most, JSON.stringify(interval))),
    find: ({ from = least, to = most, refs }) =>
      stored(() =>
        (refs === undefined
          ? select.all(from, to)
          : [...new Map(refs.map((ref) => [ref.toString(), ref])).values()].flatMap(({ provider, kind, id }) =>
              selectOf.all(from, to, provider, kind, id)
            )
        ).map(toInterval)
      )
  }
}
