import { type Ledger, memoryLedger } from "@anygpu/core"
import { memoryCloud } from "@anygpu/memory"
import { type PostgresLedger, postgresLedger } from "@anygpu/postgres"
import { type PostgresServer, startPostgres, withoutPostgres } from "@anygpu/postgres/testing"
import * as Effect from "effect/Effect"
import { Client } from "pg"
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest"
import { startKeeper } from "./keeper.ts"
import { launchFor, quickClock, watchedLog } from "./testing.test-support.ts"

describe.skipIf(withoutPostgres)("keepers on a real server", () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.stop())

  const opened = (schema: string): PostgresLedger => {
    const ledger = postgresLedger(server.url, { schema })
    onTestFinished(() => ledger.close())
    return ledger
  }

  const started = async (cloud: ReturnType<typeof memoryCloud>, schema: string) => {
    const { log, lines, seen } = watchedLog()
    const jobs = { url: server.url, schema }
    const clock = quickClock
    const keeper = await startKeeper({ clouds: [cloud], ledger: opened(schema), jobs, log, clock, listen: { port: 0 } })
    onTestFinished(() => keeper.stop())
    return { keeper, lines, seen }
  }

  const rows = async (sql: string): Promise<ReadonlyArray<Record<string, unknown>>> => {
    const client = new Client({ connectionString: server.url })
    await client.connect()
    try {
      return (await client.query(sql)).rows
    } finally {
      await client.end()
    }
  }

  test("end what a process that is gone has leased, share the work, and take their names out", async () => {
    const cloud = memoryCloud()
    const ledger = opened("two")
    const [one, other] = [await started(cloud, "two"), await started(cloud.reopen(), "two")]
    expect((await Effect.runPromise(ledger.keepers())).map(({ id }) => id).sort()).toEqual(
      [one.keeper.id, other.keeper.id].sort()
    )
    const metrics = () => `${one.keeper.metrics()}${other.keeper.metrics()}`
    // One of them sweeps at the beginning; afterwards only the jobs are left to end anything.
    await expect.poll(metrics, { timeout: 120_000 }).toContain('anygpu_keeper_sweeps_total{result="done"} 1')
    const { ref, marker } = await launchFor(cloud, ledger, 300)
    const isIt = ({ fields }: { readonly fields: Readonly<Record<string, unknown>> }) => fields["marker"] === marker
    const { fields } = await Promise.race([one.seen("ended", isIt), other.seen("ended", isIt)])
    expect(fields).toMatchObject({ ref: String(ref), alreadyGone: false })
    expect(cloud.alive()).toEqual([])
    expect(await Effect.runPromise(ledger.launches({ leased: true }))).toEqual([])
    expect(metrics()).toContain('anygpu_keeper_ends_total{result="ended"} 1')
    expect(one.keeper.health()).toEqual({ isWell: true, id: one.keeper.id, problems: [] })
    await Promise.all([one.keeper.stop(), other.keeper.stop()])
    expect(await Effect.runPromise(ledger.keepers())).toEqual([])
  })

  test("are woken by a launch in its own transaction: one that is rolled back leaves no job", async () => {
    const cloud = memoryCloud()
    const { keeper } = await started(cloud, "own")
    await keeper.stop()
    const jobs = () => rows("SELECT name, singleton_key FROM own_jobs.job WHERE name <> 'reconcile' ORDER BY name")
    const record = `{"marker":"a","provider":"north","kind":"vm","state":"open","at":1,"leaseUntil":4102444800000}`
    await rows(`BEGIN; INSERT INTO own.launches (record) VALUES ('${record}'); ROLLBACK`)
    expect(await jobs()).toEqual([])
    await rows(`BEGIN; INSERT INTO own.launches (record) VALUES ('${record}'); COMMIT`)
    expect(await jobs()).toEqual([
      { name: "end", singleton_key: "a@4102444800000" },
      { name: "settle", singleton_key: "a" }
    ])
    // A user who may write launches needs no right on the jobs; a lease that is moved wakes at its new end.
    await rows(
      "CREATE ROLE clerk; GRANT USAGE ON SCHEMA own TO clerk; GRANT SELECT, UPDATE ON own.launches TO clerk; SET ROLE clerk; " +
        `UPDATE own.launches SET record = '${record.replace("4102444800000", "4102444900000")}'`
    )
    expect((await jobs()).map(({ singleton_key }) => singleton_key)).toContain("a@4102444900000")
    // Without the jobs launches are written all the same.
    await rows("DROP TABLE own_jobs.job CASCADE")
    await rows(`INSERT INTO own.launches (record) VALUES ('${record.replace('"a"', '"b"')}')`)
    expect(await rows("SELECT marker FROM own.launches ORDER BY marker")).toEqual([{ marker: "a" }, { marker: "b" }])
  })

  test("make the jobs again that were lost, and end what is overdue", async () => {
    const cloud = memoryCloud()
    const ledger = opened("lost")
    const first = await started(cloud, "lost")
    await first.keeper.stop()
    const { ref } = await launchFor(cloud, ledger, 1)
    await rows("DELETE FROM lost_jobs.job")
    const second = await started(cloud.reopen(), "lost")
    const line = await Promise.race([second.seen("ended"), second.seen("swept")])
    expect(line.fields).toMatchObject({ ref: String(ref) })
    expect(cloud.alive()).toEqual([])
  })

  test("settle what a process left open that died after its request", async () => {
    const cloud = memoryCloud()
    const ledger = opened("open")
    const dying: Ledger = {
      ...ledger,
      settleLaunch: (marker, outcome) =>
        outcome.state === "created" ? Effect.never : ledger.settleLaunch(marker, outcome)
    }
    const { keeper, seen } = await started(cloud.reopen(), "open")
    void launchFor(cloud, dying, 3_600_000)
    const held = async (): Promise<string> => {
      const [launch] = await Effect.runPromise(ledger.launches({ states: ["open"] }))
      return launch && cloud.alive().length > 0 ? launch.marker : held()
    }
    const marker = await held()
    // As if three minutes were over.
    await rows("UPDATE open_jobs.job SET start_after = now() WHERE name = 'settle'")
    await seen("settled", ({ fields }) => fields["marker"] === marker)
    expect(await Effect.runPromise(ledger.launches({ marker }))).toMatchObject([{ state: "created" }])
    await keeper.stop()
  })

  test("answer how they are", async () => {
    const { keeper } = await started(memoryCloud(), "http")
    const health = await fetch(`${keeper.url}/healthz`)
    expect([health.status, await health.json()]).toEqual([200, { isWell: true, id: keeper.id, problems: [] }])
    const metrics = await fetch(`${keeper.url}/metrics`)
    expect(metrics.headers.get("content-type")).toContain("version=0.0.4")
    expect(await metrics.text()).toMatch(/^anygpu_keeper_end_lateness_seconds_count \d+$/m)
    expect((await fetch(`${keeper.url}/healthz`, { method: "POST" })).status).toBe(405)
    expect((await fetch(`${keeper.url}/`)).status).toBe(404)
  })
})

test("a keeper without a server ends by timers of its own what is leased", async () => {
  const cloud = memoryCloud()
  const ledger = memoryLedger()
  const { ref } = await launchFor(cloud, ledger, 1)
  const { log, seen } = watchedLog()
  await using keeper = await startKeeper({ clouds: [cloud], ledger, log, clock: quickClock })
  const line = await Promise.race([seen("ended"), seen("swept")])
  expect(line.fields).toMatchObject({ ref: String(ref) })
  expect(cloud.alive()).toEqual([])
  expect(await Effect.runPromise(ledger.keepers())).toMatchObject([{ id: keeper.id, places: ["memory/vm"] }])
})

test("a keeper writes down what the market costs, for all who read the ledger", async () => {
  const cloud = memoryCloud()
  const ledger = memoryLedger()
  const { log, seen } = watchedLog()
  const clock = {
    ...quickClock,
    sleep: (millis: number, signal?: AbortSignal) => quickClock.sleep(millis / 600, signal)
  }
  await using keeper = await startKeeper({ clouds: [cloud], ledger, log, clock, prices: { every: "1 minute" } })
  const { fields } = await seen("prices")
  expect(fields["changed"]).toBeGreaterThan(0)
  expect(keeper.metrics()).toContain('anygpu_keeper_prices_total{result="done"} 1')
  expect(await Effect.runPromise(ledger.marketHours())).not.toEqual([])
})

test.each(["1 second", "soon", Number.NaN])("prices every %s are refused before anything is asked", async (every) => {
  const started = startKeeper({
    clouds: [memoryCloud()],
    ledger: memoryLedger(),
    prices: { every: every as "1 second" }
  })
  await expect(started).rejects.toMatchObject({ _tag: "InvalidRequest", issues: [{ path: "prices.every" }] })
})
