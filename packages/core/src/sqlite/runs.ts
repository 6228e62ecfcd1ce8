import type { DatabaseSync } from "node:sqlite"
import { changedRun, keptRun, type RunQuery, type RunRecord, runTaken, runTexts, runUnknown } from "../ledger/run.ts"
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

/** Runs, as rows. What writes belongs into a transaction of its caller. */
export const runRows = (database: DatabaseSync) => {
  const findId = database.prepare("SELECT * FROM runs WHERE id = ?")
  const findKey = database.prepare("SELECT * FROM runs WHERE key = ?")
  const insert = database.prepare(
    `INSERT INTO runs (id, key, by, command, at, plan, state, is_stop_asked, attempts, version)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
  )
  const change = database.prepare(
    "UPDATE runs SET state = ?, is_stop_asked = ?, attempts = ?, version = ? WHERE id = ?"
  )

  const openRun = (run: RunRecord): RunRecord => {
    const holder = findKey.get(run.key)
    if (holder) return toRun(holder)
    if (findId.get(run.id)) throw runTaken(run.id)
    const { plan, attempts } = runTexts(run)
    const { id, key, by, command, at, state, isStopAsked, version } = run
    insert.run(id, key, by, command, at, plan, state, isStopAsked ? 1 : 0, attempts, version)
    return keptRun(run)
  }
  const changeRun = (run: RunRecord): RunRecord | null => {
    const row = findId.get(run.id)
    if (!row) throw runUnknown(run.id)
    const record = changedRun(toRun(row), run)
    if (record) {
      const { state, isStopAsked, version, id } = record
      change.run(state, isStopAsked ? 1 : 0, runTexts(record).attempts, version, id)
    }
    return record
  }
  const runs = (query: RunQuery): ReadonlyArray<RunRecord> => {
    const given = Object.entries({ id: query.id, key: query.key, state: query.state })
    const conditions = given.flatMap(([column, value]) => (value === undefined ? [] : [{ column, value }]))
    const where =
      conditions.length === 0 ? "" : `WHERE ${conditions.map(({ column }) => `${column} = ?`).join(" AND ")}`
    const statement = database.prepare(`SELECT * FROM runs ${where} ORDER BY at, sequence`)
    return statement.all(...conditions.map(({ value }) => value)).map(toRun)
  }
  return { openRun, changeRun, runs }
}
