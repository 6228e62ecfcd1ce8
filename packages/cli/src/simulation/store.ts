import { DatabaseSync } from "node:sqlite"
import { snapshotVersion } from "@anygpu/simulators"
import { InvalidRequest } from "anygpu"
import { sqliteLedger } from "anygpu/sqlite"
import { type Anchor, virtualAt } from "./clock.ts"

/** What a simulation begins with. */
export interface Beginning {
  readonly seed: number
  readonly speed: number
}

/** One cloud's world as it is kept; null before it was first asked. */
export interface Kept {
  readonly version: number
  readonly snapshot: string | null
}

/** The file of a simulation: its time, the worlds of its clouds, and the ledger of what was launched there. */
export interface Store {
  readonly seed: number
  readonly anchor: Anchor
  /** Whether the file was made just now. */
  readonly isNew: boolean
  /** How much simulated time has gone by since the last command. */
  readonly passed: number
  read(cloud: string): Kept
  /** Keeps a world that was made of `version`; false when another command has changed it since. */
  write(cloud: string, version: number, snapshot: string): boolean
  [Symbol.dispose](): void
}

/** More than this does not go by between two commands: a user who comes back the next day still knows the accounts. */
const longestAbsence = 86_400_000

/** How long a command waits for the write of another one, in milliseconds. */
const busyTimeout = 10_000

const schema = `
  CREATE TABLE simulation (
    id INTEGER PRIMARY KEY CHECK (id = 1), version INTEGER NOT NULL, seed INTEGER NOT NULL, speed REAL NOT NULL,
    real INTEGER NOT NULL, virtual INTEGER NOT NULL, seen INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE simulated_clouds (
    name TEXT PRIMARY KEY, version INTEGER NOT NULL, snapshot TEXT NOT NULL
  ) STRICT`

/** The version of these tables, and of the worlds in them. */
const storeVersion = 1000 + snapshotVersion

const inOne = <A>(database: DatabaseSync, body: () => A): A => {
  database.exec("BEGIN IMMEDIATE")
  try {
    const answer = body()
    database.exec("COMMIT")
    return answer
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK")
    throw error
  }
}

const has = (database: DatabaseSync, sql: string): boolean => database.prepare(sql).get() !== undefined

/** Makes the tables in a ledger that is empty: a real one must never get simulated machines. */
const make = (database: DatabaseSync, path: string, { seed, speed }: Beginning, now: number): boolean => {
  if (has(database, "SELECT 1 FROM sqlite_schema WHERE name = 'simulation'")) return false
  if (has(database, "SELECT 1 FROM launches") || has(database, "SELECT 1 FROM machines")) {
    throw InvalidRequest.of("--sim-state", `${path} is the ledger of real launches: choose another file`)
  }
  database.exec(schema)
  database.prepare("INSERT INTO simulation VALUES (1, ?, ?, ?, ?, ?, ?)").run(storeVersion, seed, speed, now, now, now)
  return true
}

/** The time as it stands now, moved back where more than the longest absence would have gone by. */
const resume = (database: DatabaseSync, path: string, now: number) => {
  const row = database.prepare("SELECT * FROM simulation").get()
  if (row?.version !== storeVersion) {
    throw InvalidRequest.of("--sim-state", `${path} was written by another version of anygpu: delete it to start again`)
  }
  const kept: Anchor = { real: Number(row.real), virtual: Number(row.virtual), speed: Number(row.speed) }
  const then = virtualAt(kept, Number(row.seen))
  const passed = Math.min(Math.max(0, virtualAt(kept, now) - then), longestAbsence)
  const anchor: Anchor = { real: now, virtual: then + passed, speed: kept.speed }
  database.prepare("UPDATE simulation SET real = ?, virtual = ?, seen = ?").run(anchor.real, anchor.virtual, now)
  return { seed: Number(row.seed), anchor, passed }
}

/**
 * Opens the file of a simulation, or makes it. It is a ledger with two tables more, so that one file holds all.
 *
 * - Several commands may use it at once: a world is kept only by who has read its latest version.
 * - Throws `InvalidRequest` for a file that is something else, and leaves it as it is.
 */
export const openStore = (path: string, beginning: Beginning, now: () => number): Store => {
  sqliteLedger(path).close()
  const database = new DatabaseSync(path, { timeout: busyTimeout })
  try {
    database.exec("PRAGMA synchronous = NORMAL")
    const opened = inOne(database, () => {
      const isNew = make(database, path, beginning, now())
      return { isNew, ...resume(database, path, now()) }
    })
    const find = database.prepare("SELECT version, snapshot FROM simulated_clouds WHERE name = ?")
    const insert = database.prepare("INSERT INTO simulated_clouds VALUES (?, 1, ?) ON CONFLICT DO NOTHING")
    const replace = database.prepare(
      "UPDATE simulated_clouds SET version = version + 1, snapshot = ? WHERE name = ? AND version = ?"
    )
    const see = database.prepare("UPDATE simulation SET seen = max(seen, ?)")
    return {
      ...opened,
      read: (cloud) => {
        const row = find.get(cloud)
        return row ? { version: Number(row.version), snapshot: String(row.snapshot) } : { version: 0, snapshot: null }
      },
      write: (cloud, version, snapshot) =>
        inOne(database, () => {
          see.run(now())
          const { changes } = version === 0 ? insert.run(cloud, snapshot) : replace.run(snapshot, cloud, version)
          return changes === 1
        }),
      [Symbol.dispose]: () => database.close()
    }
  } catch (error) {
    database.close()
    throw error
  }
}
