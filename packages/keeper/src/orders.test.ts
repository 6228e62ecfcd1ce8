import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Ledger, memoryLedger, money } from "@anygpu/core"
import { sqliteLedger } from "@anygpu/core/sqlite"
import { memoryCloud } from "@anygpu/memory"
import { postgresLedger } from "@anygpu/postgres"
import { type PostgresServer, startPostgres, withoutPostgres } from "@anygpu/postgres/testing"
import { makeGpu, type OrderRequest } from "anygpu/effect"
import * as Effect from "effect/Effect"
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest"
import { startKeeper } from "./keeper.ts"
import { secretsFrom } from "./secrets.ts"
import { quickClock, watchedLog } from "./testing.test-support.ts"

const value = "hf_aGVsbG8gd29ybGQ1234"
const request: OrderRequest = {
  ...{ name: "train", until: "created", ttl: "1 hour", limits: { maxPerHour: money(50) }, notSecret: ["MODE"] },
  workload: { os: "ubuntu-24.04", env: { HF_TOKEN: { secret: "HF_TOKEN" }, MODE: "train" } }
}

/** Orders a launch as a process does that is gone afterwards, and has no cloud at hand. */
const ordered = (ledger: Ledger, more: Partial<OrderRequest> = {}) =>
  Effect.runPromise(makeGpu({ clouds: [memoryCloud()], ledger }).orderLaunch({ ...request, ...more }))

const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), "anygpu-orders-"))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  return made
}

const secrets = secretsFrom({ env: { ANYGPU_SECRET_HF_TOKEN: value } })

test("a keeper on a file makes what another process orders, and writes no secret down", async () => {
  const place = folder()
  using ledger = sqliteLedger(join(place, "ledger.db"))
  const cloud = memoryCloud()
  const { log, lines, seen } = watchedLog()
  await using _ = await startKeeper({ clouds: [cloud], ledger, log, clock: quickClock, secrets })
  using other = sqliteLedger(join(place, "ledger.db"))
  const { id } = await ordered(other)
  const { fields } = await seen("order-placed")
  expect(fields).toMatchObject({ order: id, name: "train" })
  expect(await Effect.runPromise(other.orders())).toMatchObject([{ state: "placed", ref: fields["ref"] }])
  expect(cloud.alive().map(({ id: machine }) => `memory/vm/${machine}`)).toEqual([fields["ref"]])
  const files = readdirSync(place).map((name) => readFileSync(join(place, name), "latin1"))
  expect(files.join("")).toContain("HF_TOKEN")
  expect(files.join("") + JSON.stringify(lines)).not.toContain(value)
})

test("an order whose secret no keeper has fails with its name", async () => {
  const ledger = memoryLedger()
  const { log, seen } = watchedLog()
  const cloud = memoryCloud()
  await using _ = await startKeeper({ clouds: [cloud], ledger, log, clock: quickClock })
  await ordered(ledger)
  const { fields } = await seen("order-failed")
  expect(fields["error"]).toMatch(/the keeper \S+ has no secret HF_TOKEN/)
  expect(cloud.alive()).toEqual([])
})

test("secrets are variables of their own and files, and no name leads out of the folder", async () => {
  const directory = folder()
  writeFileSync(join(directory, "TOKEN"), "from a file\n")
  const find = secretsFrom({ env: { ANYGPU_SECRET_A: "a", ANYGPU_SECRET_EMPTY: "", VAST_API_KEY: "k" }, directory })
  expect(await Promise.all(["A", "TOKEN", "EMPTY", "VAST_API_KEY", "../TOKEN", ""].map(find))).toEqual([
    ...["a", "from a file", null, null, null, null]
  ])
})

describe.skipIf(withoutPostgres)("keepers on a real server", () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.stop())

  const opened = (schema: string) => {
    const ledger = postgresLedger(server.url, { schema })
    onTestFinished(() => ledger.close())
    return ledger
  }

  const started = async (cloud: ReturnType<typeof memoryCloud>, schema: string) => {
    const { log, lines, seen } = watchedLog()
    const jobs = { url: server.url, schema }
    const keeper = await startKeeper({ clouds: [cloud], ledger: opened(schema), jobs, log, clock: quickClock, secrets })
    onTestFinished(() => keeper.stop())
    return { keeper, lines, seen }
  }

  /** Every row of every table of a ledger and its jobs. */
  const dumped = async (schema: string): Promise<string> => {
    const tables = await server.rows(
      `SELECT table_schema || '."' || table_name || '"' AS name FROM information_schema.tables WHERE table_schema LIKE '${schema}%'`
    )
    const rows = await Promise.all(tables.map(({ name }) => server.rows(`SELECT t::text FROM ${name} t`)))
    return JSON.stringify(rows)
  }

  test("make one machine for an order together, and neither ledger nor jobs nor log hold its secret", async () => {
    const cloud = memoryCloud()
    const ledger = opened("orders")
    const keepers = [await started(cloud, "orders"), await started(cloud.reopen(), "orders")]
    const { id } = await ordered(ledger)
    const { fields } = await Promise.race(keepers.map(({ seen }) => seen("order-placed")))
    expect(fields).toMatchObject({ order: id })
    expect(cloud.alive()).toHaveLength(1)
    const all = (await dumped("orders")) + JSON.stringify(keepers.map(({ lines }) => lines))
    expect(all).toContain("HF_TOKEN")
    expect(all).not.toContain(value)
  })

  test("are woken by an order in its own transaction: one that is rolled back leaves no job", async () => {
    const { keeper } = await started(memoryCloud(), "woken")
    await keeper.stop()
    const jobs = () => server.rows("SELECT name, singleton_key FROM woken_jobs.job WHERE name = 'launch'")
    const record = `{"id":"a","key":"a","what":"launch","state":"queued","at":1,"nextAt":4102444800000}`
    await server.sql(`BEGIN; INSERT INTO woken.orders (record) VALUES ('${record}'); ROLLBACK`)
    expect(await jobs()).toEqual([])
    await server.sql(`INSERT INTO woken.orders (record) VALUES ('${record}')`)
    expect(await jobs()).toEqual([{ name: "launch", singleton_key: "a@4102444800000" }])
    // A user who may write orders needs no right on the jobs.
    await server.sql(
      "CREATE ROLE clerk; GRANT USAGE ON SCHEMA woken TO clerk; GRANT SELECT, UPDATE ON woken.orders TO clerk; SET ROLE clerk; " +
        `UPDATE woken.orders SET record = '${record.replace("4102444800000", "4102444900000")}'`
    )
    expect(await jobs()).toHaveLength(2)
  })

  test("keep one pool together, and end it", async () => {
    const cloud = memoryCloud()
    const gpu = makeGpu({ clouds: [memoryCloud()], ledger: opened("pool") })
    const keepers = [await started(cloud, "pool"), await started(cloud.reopen(), "pool")]
    const said = (message: string) => Promise.race(keepers.map(({ seen }) => seen(message)))
    const pool = { name: "work", candidates: {}, workload: { os: "ubuntu-24.04" }, limits: { maxPerHour: money(50) } }
    await Effect.runPromise(gpu.keepPool({ ...pool, size: 2 }))
    await said("order-queued")
    expect(cloud.alive()).toHaveLength(2)
    await Effect.runPromise(gpu.keepPool({ ...pool, size: 0 }))
    await said("order-cancelled")
    expect(cloud.alive()).toEqual([])
  })

  test("make the job of an order again that was lost", async () => {
    const cloud = memoryCloud()
    const first = await started(cloud, "lost")
    await first.keeper.stop()
    await ordered(opened("lost"))
    await server.sql("DELETE FROM lost_jobs.job")
    const second = await started(cloud.reopen(), "lost")
    await second.seen("order-placed")
    expect(cloud.alive()).toHaveLength(1)
  })
})
