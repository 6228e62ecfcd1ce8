import type { ProviderFault } from "@anygpu/core"
import { ledgerArriving, ledgerFault, ledgerLeft } from "@anygpu/core/ledger"
import * as Effect from "effect/Effect"
import type { Place } from "./database.ts"
import { migrations } from "./migrations.ts"
import type { Session } from "./session.ts"
import { unescaped } from "./values.ts"

/** The version of the tables; 0 where there are none. */
const versionOf = Effect.fnUntraced(function* ({ ask, schema }: Session, name: string) {
  // Of `to_regclass` a connection keeps the answer that it had before it waited for another one that makes the table.
  const tables = yield* ask("SELECT FROM pg_tables WHERE schemaname = $1 AND tablename = 'ledger'", name)
  if (tables.length === 0) return 0
  const [row] = yield* ask(`SELECT version FROM ${schema}.ledger`)
  return Number(row?.["version"] ?? 0)
})

const tooNew = (shown: string, version: number): ProviderFault =>
  ledgerFault(
    `the ledger ${shown} was written by a newer anygpu (schema ${version}, this one knows ${migrations.length}): ` +
      "update anygpu, nothing was changed",
    "permanent"
  )

/** Makes the tables, or what they lack, in one transaction that other processes wait for. */
const migrate = Effect.fnUntraced(function* (session: Session, name: string) {
  const { ask, schema } = session
  yield* ask("BEGIN")
  yield* ask("SELECT pg_advisory_xact_lock(hashtext($1))", `anygpu ${schema}`)
  const version = yield* versionOf(session, name)
  if (version === 0) {
    yield* ask(`CREATE SCHEMA IF NOT EXISTS ${schema}`)
    yield* ask(`CREATE TABLE ${schema}.ledger (version int NOT NULL)`)
    yield* ask(`INSERT INTO ${schema}.ledger (version) VALUES (0)`)
  }
  for (const migration of migrations.slice(version)) yield* ask(migration(schema))
  yield* ask(`UPDATE ${schema}.ledger SET version = $1`, migrations.length)
  yield* ask("COMMIT")
})

/** Whether the file that was being moved here is on this computer, and was left for good by that move. */
const isFileLeft = (place: string, token: string): Effect.Effect<boolean> =>
  Effect.promise(async () => (await import("@anygpu/core/sqlite")).wasLeft(place, token))

/**
 * Refuses a ledger that was left for another place, or to which another one is being brought. A move whose process died after
 * the old file was left is ended here.
 */
const mustBeHere = Effect.fnUntraced(function* ({ ask, schema }: Session, shown: string) {
  const [row] = yield* ask(`SELECT is_left, place, token FROM ${schema}.moves`)
  if (row === undefined) return
  const [place, token] = [unescaped(String(row["place"])), String(row["token"])]
  if (row["is_left"] !== true && (yield* isFileLeft(place, token))) {
    yield* ask(`DELETE FROM ${schema}.moves WHERE token = $1`, token)
    return
  }
  return yield* Effect.fail(row["is_left"] === true ? ledgerLeft(shown, place) : ledgerArriving(shown, place))
})

/**
 * Brings the tables to the version that this one knows. Where they are, nothing is written, and no right to make tables
 * is needed.
 */
export const bringForward = Effect.fnUntraced(function* (
  session: Session,
  { shown, schema }: Place,
  { evenIfMoved = false }: { readonly evenIfMoved?: boolean } = {}
) {
  const version = yield* versionOf(session, schema)
  if (version > migrations.length) return yield* Effect.fail(tooNew(shown, version))
  if (version < migrations.length) yield* migrate(session, schema)
  if (!evenIfMoved) yield* mustBeHere(session, shown)
})
