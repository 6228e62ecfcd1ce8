import { resolve } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { thrownBy } from "../caller-frame.ts"
import { ledgerArriving, ledgerLeft } from "../ledger/move.ts"
import { ledgerFault } from "../ledger/rules.ts"
import { fileFault, isBusy } from "./faults.ts"
import { prepareFile } from "./prepare-file.ts"
import { pricesSchema } from "./prices-schema.ts"
import { makePrivate } from "./private-file.ts"
import { wasLeft } from "./was-left.ts"

/** "agpu": marks a ledger among SQLite files. */
const applicationId = 0x61677075

/** How long a write waits for another process, in milliseconds. */
const busyTimeout = 10_000

/** Each entry brings a file from the schema version of its index to the next one; entries are never changed. */
const migrations: ReadonlyArray<string> = [
  `CREATE TABLE launches (
     sequence INTEGER PRIMARY KEY,
     marker TEXT NOT NULL UNIQUE,
     key TEXT UNIQUE,
     idempotency_key TEXT NOT NULL,
     provider TEXT NOT NULL,
     kind TEXT NOT NULL,
     name TEXT NOT NULL,
     offer_id TEXT NOT NULL,
     price_micros INTEGER,
     price_currency TEXT,
     spec TEXT NOT NULL,
     at INTEGER NOT NULL,
     state TEXT NOT NULL,
     instance_id TEXT,
     note TEXT
   ) STRICT;
   CREATE INDEX launches_by_state ON launches (state);
   CREATE INDEX launches_by_instance ON launches (provider, kind, instance_id);
   CREATE TABLE machines (
     sequence INTEGER PRIMARY KEY,
     provider TEXT NOT NULL,
     kind TEXT NOT NULL,
     id TEXT NOT NULL,
     intent_action TEXT,
     intent_at INTEGER,
     first_seen INTEGER,
     gone_at INTEGER,
     UNIQUE (provider, kind, id)
   ) STRICT;`,
  `ALTER TABLE launches ADD COLUMN lease_until INTEGER;
   CREATE INDEX launches_by_lease ON launches (lease_until) WHERE lease_until IS NOT NULL;`,
  `CREATE TABLE commitments (
     sequence INTEGER PRIMARY KEY,
     marker TEXT NOT NULL,
     budget TEXT NOT NULL,
     per_hour_micros INTEGER,
     per_hour_currency TEXT,
     total_micros INTEGER,
     total_currency TEXT,
     UNIQUE (budget, marker)
   ) STRICT;
   CREATE TABLE failures (
     host TEXT PRIMARY KEY,
     count REAL NOT NULL,
     at INTEGER NOT NULL
   ) STRICT;`,
  `ALTER TABLE launches ADD COLUMN monotonic_at INTEGER;`,
  `ALTER TABLE launches ADD COLUMN sent_after INTEGER;
   ALTER TABLE launches ADD COLUMN owner TEXT;
   ALTER TABLE launches ADD COLUMN fence INTEGER NOT NULL DEFAULT 0;`,
  `ALTER TABLE launches ADD COLUMN account TEXT;
   ALTER TABLE machines ADD COLUMN account TEXT;`,
  `ALTER TABLE machines ADD COLUMN back_at INTEGER;`,
  `ALTER TABLE machines ADD COLUMN name TEXT;`,
  `ALTER TABLE machines ADD COLUMN host_key TEXT;`,
  `CREATE TABLE runs (
     sequence INTEGER PRIMARY KEY,
     id TEXT NOT NULL UNIQUE,
     key TEXT NOT NULL UNIQUE,
     by TEXT NOT NULL,
     command TEXT NOT NULL,
     at INTEGER NOT NULL,
     plan TEXT NOT NULL,
     state TEXT NOT NULL,
     is_stop_asked INTEGER NOT NULL,
     attempts TEXT NOT NULL,
     version INTEGER NOT NULL
   ) STRICT;`,
  `ALTER TABLE machines ADD COLUMN paid TEXT;
   ALTER TABLE machines ADD COLUMN paid_until INTEGER;
   CREATE INDEX machines_paid ON machines (sequence) WHERE paid IS NOT NULL;
   CREATE TABLE history (
     sequence INTEGER PRIMARY KEY,
     provider TEXT NOT NULL,
     kind TEXT NOT NULL,
     id TEXT NOT NULL,
     begins INTEGER NOT NULL,
     ends INTEGER NOT NULL,
     interval TEXT NOT NULL
   ) STRICT;
   CREATE INDEX history_by_end ON history (ends, begins);`,
  `CREATE TABLE claims (
     marker TEXT PRIMARY KEY,
     by TEXT NOT NULL,
     fence INTEGER NOT NULL,
     until INTEGER NOT NULL,
     lasts INTEGER NOT NULL,
     any_time INTEGER NOT NULL
   ) STRICT;
   CREATE TABLE keepers (
     id TEXT PRIMARY KEY,
     host TEXT NOT NULL,
     since INTEGER NOT NULL,
     places TEXT NOT NULL,
     until INTEGER NOT NULL
   ) STRICT;`,
  pricesSchema,
  `ALTER TABLE launches ADD COLUMN tags TEXT;
   ALTER TABLE launches ADD COLUMN owned_by TEXT;
   ALTER TABLE machines ADD COLUMN tags TEXT;
   ALTER TABLE machines ADD COLUMN owned_by TEXT;
   CREATE INDEX history_by_machine ON history (provider, kind, id);`,
  `ALTER TABLE launches ADD COLUMN account_name TEXT;
   CREATE TABLE accounts (
     provider TEXT NOT NULL,
     name TEXT NOT NULL,
     account TEXT NOT NULL,
     PRIMARY KEY (provider, name)
   ) STRICT;`,
  `CREATE TABLE moves (is_left INTEGER NOT NULL, place TEXT NOT NULL, token TEXT NOT NULL) STRICT;`,
  `CREATE TABLE orders (
     sequence INTEGER PRIMARY KEY,
     id TEXT NOT NULL UNIQUE,
     key TEXT UNIQUE,
     state TEXT NOT NULL,
     at INTEGER NOT NULL,
     what TEXT NOT NULL,
     record TEXT NOT NULL
   ) STRICT;
   CREATE INDEX orders_by_state ON orders (state);`
]

const pragma = (database: DatabaseSync, name: string): number =>
  Number(database.prepare(`PRAGMA ${name}`).get()?.[name] ?? 0)

/** The schema version of the file; throws `ProviderFault` when it is a newer ledger or something else altogether. */
const versionOf = (database: DatabaseSync, file: string): number => {
  const version = pragma(database, "user_version")
  if (pragma(database, "application_id") !== applicationId) {
    const empty = version === 0 && database.prepare("SELECT 1 FROM sqlite_schema LIMIT 1").get() === undefined
    if (empty) return 0
    throw ledgerFault(
      `${file} is a SQLite file of another program, not a ledger: choose another path, the file was left as it is`,
      "permanent"
    )
  }
  if (version > migrations.length) {
    throw ledgerFault(
      `the ledger ${file} was written by a newer anygpu (schema ${version}, this one knows ${migrations.length}): ` +
        "update anygpu, the file was left as it is",
      "permanent"
    )
  }
  return version
}

/** How a transaction begins, and whether an answer of its body is kept: `ROLLBACK` where it is not. */
interface TransactionOptions<A> {
  readonly begin?: string
  readonly keeps?: (answer: A) => boolean
}

/** Runs the body with the write lock held from its start, unless it only reads; all of it happens or nothing. */
export const transaction = <A>(
  database: DatabaseSync,
  body: () => A,
  { begin = "BEGIN IMMEDIATE", keeps = () => true }: TransactionOptions<A> = {}
): A => {
  database.exec(begin)
  try {
    const answer = body()
    database.exec(keeps(answer) ? "COMMIT" : "ROLLBACK")
    return answer
  } catch (cause) {
    if (database.isTransaction) database.exec("ROLLBACK")
    throw cause
  }
}

/** The switch does not wait for other processes by itself: of several that open a new file, all but one are refused. */
const useWriteAheadLog = (database: DatabaseSync): void => {
  const pause = new Int32Array(new SharedArrayBuffer(4))
  for (let waited = 0; ; waited += 10) {
    try {
      database.exec("PRAGMA journal_mode = WAL")
      return
    } catch (cause) {
      if (!isBusy(cause) || waited >= busyTimeout) throw cause
      Atomics.wait(pause, 0, 0, 10)
    }
  }
}

/**
 * Refuses a file that was left for another place, or to which another ledger is being brought. A move whose process died after
 * the old file was left is ended here.
 */
const mustBeHere = (database: DatabaseSync, file: string): void => {
  const row = database.prepare("SELECT * FROM moves").get()
  if (row === undefined) return
  const place = String(row.place)
  if (row.is_left === 1) throw ledgerLeft(file, place)
  if (!wasLeft(place, String(row.token))) throw ledgerArriving(file, place)
  database.exec("DELETE FROM moves")
}

/**
 * Opens the file of a ledger for `call`, made and brought to the present schema where needed. Throws `ProviderFault`.
 */
export const openDatabase = (
  path: string,
  call: (...args: never[]) => unknown,
  { evenIfMoved = false }: { readonly evenIfMoved?: boolean } = {}
): { readonly database: DatabaseSync; readonly file: string } => {
  const file = path === ":memory:" ? path : resolve(path)
  let database: DatabaseSync | undefined
  try {
    if (path.trim() === "") throw ledgerFault("the path of the ledger is empty: give a file name", "permanent")
    if (file !== ":memory:") prepareFile(file)
    const opened = new DatabaseSync(file, { timeout: busyTimeout })
    database = opened
    // A foreign or newer file must be recognised before anything about it is changed; in one transaction, because
    // another process may be making the file at this moment.
    transaction(opened, () => versionOf(opened, file), { begin: "BEGIN" })
    opened.exec("PRAGMA synchronous = FULL; PRAGMA fullfsync = ON")
    transaction(opened, () => {
      for (const migration of migrations.slice(versionOf(opened, file))) opened.exec(migration)
      opened.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${migrations.length}`)
    })
    if (!evenIfMoved) mustBeHere(opened, file)
    useWriteAheadLog(opened)
    if (file !== ":memory:") makePrivate(file)
    return { database: opened, file }
  } catch (cause) {
    database?.close()
    throw thrownBy(call, fileFault(file, cause))
  }
}
