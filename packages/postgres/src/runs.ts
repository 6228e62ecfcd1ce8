import type { RunRecord } from "@anygpu/core"
import type { RunTable } from "@anygpu/core/ledger"
import * as Effect from "effect/Effect"
import type { Row, Session } from "./session.ts"
import { decode, encode, escaped } from "./values.ts"

const runOf = ({ record }: Row): RunRecord => decode(record)

/** The rows of runs. */
export const runRows = ({ ask, lock, schema }: Session): RunTable => {
  const one = (column: "id" | "key") => (value: string) =>
    ask(`SELECT record::text FROM ${schema}.runs WHERE ${column} = $1${lock}`, escaped(value)).pipe(
      Effect.map(([row]) => (row ? runOf(row) : null))
    )
  return {
    byId: one("id"),
    byKey: one("key"),
    add: (run) => Effect.asVoid(ask(`INSERT INTO ${schema}.runs (record) VALUES ($1)`, encode(run))),
    save: (run) =>
      Effect.asVoid(ask(`UPDATE ${schema}.runs SET record = $1 WHERE id = $2`, encode(run), escaped(run.id))),
    find: ({ id, key, state }) => {
      const equals = Object.entries({ id, key, state }).flatMap(([column, value]) =>
        value === undefined ? [] : [{ column, value: escaped(value) }]
      )
      const where = equals.map(({ column }, index) => `${column} = $${index + 1}`)
      const conditions = where.length === 0 ? "" : `WHERE ${where.join(" AND ")}`
      return Effect.map(
        ask(
          `SELECT record::text FROM ${schema}.runs ${conditions} ORDER BY at, sequence`,
          ...equals.map(({ value }) => value)
        ),
        (rows) => rows.map(runOf)
      )
    }
  }
}
