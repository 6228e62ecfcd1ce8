import type { Failure } from "@anygpu/core"
import type { FailureTable } from "@anygpu/core/ledger"
import * as Effect from "effect/Effect"
import type { Session } from "./session.ts"
import { decode, encode, escaped } from "./values.ts"

/** The hosts that failed, as rows. */
export const failureRows = ({ ask, lock, schema }: Session): FailureTable => ({
  all: Effect.fnUntraced(function* () {
    // They are changed as a whole: who may do so holds the one row of the ledger itself.
    if (lock !== "") yield* ask(`SELECT FROM ${schema}.ledger${lock}`)
    const rows = yield* ask(`SELECT record::text FROM ${schema}.failures ORDER BY at, host COLLATE "C"`)
    return rows.map(({ record }) => decode<Failure>(record))
  }),
  replace: Effect.fnUntraced(function* (before, after) {
    const kept = new Set(after.map(({ host }) => host))
    const gone = before.flatMap(({ host }) => (kept.has(host) ? [] : escaped(host)))
    if (gone.length > 0) yield* ask(`DELETE FROM ${schema}.failures WHERE host = ANY($1)`, gone)
    const same = new Set(before)
    for (const one of after) {
      if (same.has(one)) continue
      yield* ask(
        `INSERT INTO ${schema}.failures (record) VALUES ($1) ON CONFLICT (host) DO UPDATE SET record = excluded.record`,
        encode(one)
      )
    }
  })
})
