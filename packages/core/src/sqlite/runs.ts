import type { DatabaseSync } from "node:sqlite"
import { type RunRecord, runTexts } from "../ledger/run.ts"
import type { RunTable } from "../ledger/store.ts"
import type { Row } from "./values.ts"

const toRun = (row: Row): RunRecord => ({
  id: String(row.id),
  key: String(row.key),
  by: String(row.by),
  command: String(row.command),
  at: Number(row.at),
  plan: JSON.parse(String(row.plan)) as RunRecord["plan"],
  state: String(row.state) as RunRecord["state"],
  isStopAsked: row.is_stop_asked === 1,
  attempts: JSON.parse(String(row.attempts)) as RunRecord["attempts"],
  version: Number(row.version)
})

/** The rows of runs. */
export const runRows = (database: DatabaseSync): RunTable => {
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
    byId: (id) => {
      const row = findId.get(id)
      return row ? toRun(row) : null
    },
    byKey: (key) => {
      const row = findKey.get(key)
      return row ? toRun(row) : null
    },
    add: (run) => {
      const { plan, attempts } = runTexts(run)
      const { id, key, by, command, at, state, isStopAsked, version } = run
      insert.run(id, key, by, command, at, plan, state, isStopAsked ? 1 : 0, attempts, version)
    },
    save: (run) => {
      const { state, isStopAsked, version, id } = run
      update.run(state, isStopAsked ? 1 : 0, runTexts(run).attempts, version, id)
    },
    find: (query) => {
      const given = Object.entries({ id: query.id, key: query.key, state: query.state })
      const conditions = given.flatMap(([column, value]) => (value === undefined ? [] : [{ column, value }]))
      const where =
        conditions.length === 0 ? "" : `WHERE ${conditions.map(({ column }) => `${column} = ?`).join(" AND ")}`
      const statement = database.prepare(`SELECT * FROM runs ${where} ORDER BY at, sequence`)
      return statement.all(...conditions.map(({ value }) => value)).map(toRun)
    }
  }
}
