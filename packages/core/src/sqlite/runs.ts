import type { RunRecord } from "../ledger/run.ts"
import type { RunTable } from "../ledger/store.ts"
import type { Connection } from "./connection.ts"
import type { Row } from "./values.ts"

/** Attempts as they were written; those of before the count of the kernel was kept have none. */
const toAttempts = (text: string): RunRecord["attempts"] =>
  (JSON.parse(text) as RunRecord["attempts"]).map((attempt) => ({ ...attempt, oomKills: attempt.oomKills ?? null }))

const toRun = (row: Row): RunRecord => ({
  id: String(row.id),
  key: String(row.key),
  by: String(row.by),
  command: String(row.command),
  at: Number(row.at),
  plan: JSON.parse(String(row.plan)) as RunRecord["plan"],
  state: String(row.state) as RunRecord["state"],
  isStopAsked: row.is_stop_asked === 1,
  attempts: toAttempts(String(row.attempts)),
  version: Number(row.version)
})

const runOf = (row: Row | undefined): RunRecord | null => (row ? toRun(row) : null)

/** The rows of runs. */
export const runRows = ({ database, stored }: Connection): RunTable => {
  const findId = database.prepare("SELECT * FROM runs WHERE id = ?")
  const findKey = database.prepare("SELECT * FROM runs WHERE key = ?")
  const insert = database.prepare(
    `INSERT INTO runs (id, key, by, command, at, plan, state, is_stop_asked, attempts, version)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
  )
  const update = database.prepare(
    "UPDATE runs SET state = ?, is_stop_asked = ?, attempts = ?, version = ? WHERE id = ?"
  )

  return {
    byId: (id) => stored(() => runOf(findId.get(id))),
    byKey: (key) => stored(() => runOf(findKey.get(key))),
    add: ({ id, key, by, command, at, plan, state, isStopAsked, attempts, version }) => {
      const first = [id, key, by, command, at, JSON.stringify(plan)]
      const changing = [state, isStopAsked ? 1 : 0, JSON.stringify(attempts), version]
      return stored(() => void insert.run(...first, ...changing))
    },
    save: ({ id, state, isStopAsked, attempts, version }) =>
      stored(() => void update.run(state, isStopAsked ? 1 : 0, JSON.stringify(attempts), version, id)),
    find: (query) =>
      stored(() => {
        const columns = Object.entries({ id: query.id, key: query.key, state: query.state })
        const conditions = columns.flatMap(([column, value]) => (value === undefined ? [] : [{ column, value }]))
        const where =
          conditions.length === 0 ? "" : `WHERE ${conditions.map(({ column }) => `${column} = ?`).join(" AND ")}`
        const statement = database.prepare(`SELECT * FROM runs ${where} ORDER BY at, sequence`)
        return statement.all(...conditions.map(({ value }) => value)).map(toRun)
      })
  }
}
