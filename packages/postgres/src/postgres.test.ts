import { InstanceRef, type LaunchRecord, type Ledger } from "@anygpu/core"
import * as Effect from "effect/Effect"
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest"
import { type PostgresLedger, postgresLedger } from "./index.ts"
import { type PostgresServer, startPostgres, withoutPostgres } from "./real-server.ts"
import { openCuttingProxy } from "./testing/cutting-proxy.ts"

const launch = (marker: string, more: Partial<LaunchRecord> = {}): LaunchRecord => ({
  ...{ marker, key: null, idempotencyKey: marker, provider: "vast", kind: "container", name: "job", offerId: "1" },
  ...{ pricePerHour: null, spec: {}, at: 1, state: "open", instanceId: null, note: null, leaseUntil: null },
  ...{ sentAfter: null, owner: null, fence: 0 },
  ...more
})

const opened = (url: string, schema: string): PostgresLedger => {
  const ledger = postgresLedger(url, { schema })
  onTestFinished(() => ledger.close())
  return ledger
}

const failureOf = (url: string) => Effect.runPromise(Effect.flip(opened(url, "any").launches()))

test("an address that is none of Postgres is refused at once, and not shown", () => {
  expect(() => postgresLedger("mysql://me:pass-word@db/team")).toThrow("give one such as postgres://user:password@host")
  expect(() => postgresLedger("pass-word")).not.toThrow("pass-word")
})

describe.skipIf(withoutPostgres)("on a real server", () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.stop())

  test("a database that is missing is said, without the password", async () => {
    const error = await failureOf(server.url.replace("anygpu@", "anygpu:pass-word@").replace(/postgres$/, "team"))
    expect(error).toMatchObject({ _tag: "ProviderFault", retry: "permanent", operation: "ledger" })
    expect(error.message).toMatch(
      /^the ledger postgres:\/\/anygpu@127\.0\.0\.1:\d+\/team failed \(.*\): there is no such database/
    )
    expect(error.message).not.toContain("pass-word")
  })

  test("a user without rights is told which", async () => {
    await server.sql("CREATE ROLE guest LOGIN")
    expect(await failureOf(server.url.replace("anygpu@", "guest@"))).toMatchObject({
      retry: "permanent",
      message: expect.stringContaining("this user has not the rights: grant them")
    })
  })

  test("a user with the rights that are documented uses a ledger that another one made", async () => {
    await Effect.runPromise(opened(server.url, "shared").openLaunch(launch("a")))
    await server.sql(
      "CREATE ROLE clerk LOGIN; GRANT USAGE ON SCHEMA shared TO clerk; " +
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA shared TO clerk"
    )
    const clerk = opened(server.url.replace("anygpu@", "clerk@"), "shared")
    await Effect.runPromise(clerk.openLaunch(launch("b")))
    expect(await Effect.runPromise(clerk.launches())).toHaveLength(2)
  })

  test("tables of a newer version are left as they are", async () => {
    await Effect.runPromise(opened(server.url, "newer").launches())
    await server.sql("UPDATE newer.ledger SET version = 99")
    const error = await Effect.runPromise(Effect.flip(opened(server.url, "newer").launches()))
    expect(error.message).toContain("was written by a newer anygpu (schema 99")
  })

  test("a commit whose answer is lost is not made twice, and answered", async () => {
    const proxy = await openCuttingProxy(Number(new URL(server.url).port))
    onTestFinished(() => proxy.close())
    const ledger = opened(server.url.replace(/:\d+\//, `:${proxy.port}/`), "cut")
    await Effect.runPromise(ledger.launches())
    proxy.cutAfter("COMMIT")
    // A second writing of this marker would be refused.
    expect(await Effect.runPromise(ledger.openLaunch(launch("once")))).toMatchObject({ marker: "once" })
    expect(await Effect.runPromise(ledger.launches())).toHaveLength(1)
  })

  test("a transaction that is cut off before its end is made again", async () => {
    const proxy = await openCuttingProxy(Number(new URL(server.url).port))
    onTestFinished(() => proxy.close())
    const ledger = opened(server.url.replace(/:\d+\//, `:${proxy.port}/`), "cut_early")
    await Effect.runPromise(ledger.launches())
    proxy.cutAfter("INSERT INTO")
    expect(await Effect.runPromise(ledger.openLaunch(launch("once")))).toMatchObject({ marker: "once" })
    expect(await Effect.runPromise(ledger.launches())).toHaveLength(1)
  })

  test("two that change one new machine at once both have their say", async () => {
    const [one, other] = [opened(server.url, "machine"), opened(server.url, "machine")]
    const ref = new InstanceRef("vast", "container", "1")
    const changes = (ledger: Ledger) => [ledger.named(ref, "trainer"), ledger.seen([ref], 5), ledger.gone(ref, 9)]
    await Effect.runPromise(Effect.all([...changes(one), ...changes(other)], { concurrency: "unbounded" }))
    expect(await Effect.runPromise(one.machine(ref))).toMatchObject({ name: "trainer", firstSeen: 5, goneAt: 9 })
  })

  test.each(["immediate", "fast"] as const)("a server that restarts at once (%s) loses no launch", async (mode) => {
    const [one, other] = [opened(server.url, `restart_${mode}`), opened(server.url, `restart_${mode}`)]
    const opening = Effect.forEach(
      Array.from({ length: 200 }, (_, index) => index),
      (index) => (index % 2 ? one : other).openLaunch(launch(`m-${index}`, { key: `k-${index % 50}` })),
      { concurrency: 8 }
    )
    const [answers] = await Promise.all([Effect.runPromise(opening), server.restart(mode)])
    const kept = await Effect.runPromise(one.launches())
    expect(new Set(answers.map(({ marker }) => marker))).toEqual(new Set(kept.map(({ marker }) => marker)))
    expect(kept).toHaveLength(50)
  })
})
