import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import * as Effect from "effect/Effect"
import { afterEach, beforeEach, expect, test } from "vitest"
import { launchRecord } from "../ledger/launch.test-support.ts"
import { sqliteLedger } from "./index.ts"

/** A ledger as the first schema kept it, with one launch and its machine. */
const first = `
   CREATE TABLE launches (
     sequence INTEGER PRIMARY KEY, marker TEXT NOT NULL UNIQUE, key TEXT UNIQUE, idempotency_key TEXT NOT NULL,
     provider TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, offer_id TEXT NOT NULL, price_micros INTEGER,
     price_currency TEXT, spec TEXT NOT NULL, at INTEGER NOT NULL, state TEXT NOT NULL, instance_id TEXT, note TEXT
   ) STRICT;
   CREATE TABLE machines (
     sequence INTEGER PRIMARY KEY, provider TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, intent_action TEXT,
     intent_at INTEGER, first_seen INTEGER, gone_at INTEGER, UNIQUE (provider, kind, id)
   ) STRICT;
   INSERT INTO launches VALUES (1, 'm-1', 'train', 'i-1', 'vast', 'container', 'job', '42', 402074, 'USD',
     '{"image":"pytorch"}', 1000, 'created', '7', NULL);
   INSERT INTO machines VALUES (1, 'vast', 'container', '7', 'launch', 1000, NULL, NULL);
   PRAGMA application_id = 1634168949; PRAGMA user_version = 1`

const launch = launchRecord("m-1", {
  key: "train",
  idempotencyKey: "i-1",
  spec: { image: "pytorch" },
  state: "created",
  instanceId: "7"
})

let directory = ""
let file = ""
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "anygpu-schema-"))
  file = join(directory, "ledger.db")
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const version = () => {
  using probe = new DatabaseSync(file)
  return probe.prepare("PRAGMA user_version").get()?.user_version
}

test("a ledger from before leases is brought up, and loses nothing", () => {
  {
    using old = new DatabaseSync(file)
    old.exec(first)
  }
  {
    using ledger = sqliteLedger(file)
    expect(Effect.runSync(ledger.launches())).toEqual([launch])
    expect(Effect.runSync(ledger.machines("vast", "container")).get("7")?.intent).toEqual({
      action: "launch",
      at: 1_000
    })
    Effect.runSync(ledger.openLaunch({ ...launch, marker: "m-2", key: null, leaseUntil: 5_000, monotonicAt: 7 }))
    Effect.runSync(ledger.renewLease("m-2", 9_000))
  }
  expect(version()).toBe(17)
  using again = sqliteLedger(file)
  expect(Effect.runSync(again.launches({ leased: true }))).toEqual([
    { ...launch, marker: "m-2", key: null, leaseUntil: 9_000, monotonicAt: 7 }
  ])
})

test("a new ledger has the present schema at once, the same as one that was brought up", () => {
  const schemaOf = (path: string) => {
    using probe = new DatabaseSync(path)
    return probe
      .prepare(
        "SELECT name, sql FROM sqlite_schema WHERE name IN ('launches_by_lease', 'commitments', 'failures', 'runs') ORDER BY name"
      )
      .all()
  }
  sqliteLedger(file).close()
  const other = join(directory, "old.db")
  {
    using old = new DatabaseSync(other)
    old.exec(first)
  }
  sqliteLedger(other).close()
  expect(version()).toBe(17)
  expect(schemaOf(file)).toHaveLength(4)
  expect(schemaOf(other)).toEqual(schemaOf(file))
})
