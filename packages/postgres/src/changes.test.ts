import { InstanceRef } from "@anygpu/core"
import * as Effect from "effect/Effect"
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest"
import { listenTo } from "./changes.ts"
import { postgresLedger } from "./index.ts"
import { type PostgresServer, startPostgres, withoutPostgres } from "./real-server.ts"

const ref = new InstanceRef("vast", "container", "1")

/** Resolves once it was called so often. */
const counted = () => {
  let calls = 0
  const waiting: Array<readonly [count: number, resolve: () => void]> = []
  return {
    call: () => {
      calls++
      for (const [count, resolve] of waiting) if (calls >= count) resolve()
    },
    calls: () => calls,
    until: (count: number) =>
      new Promise<void>((resolve) => {
        if (calls >= count) resolve()
        else waiting.push([count, resolve])
      })
  }
}

describe.skipIf(withoutPostgres)("on a real server", () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.stop())

  test("a write of another process is told, and one of another schema is not", async () => {
    const [one, other, stranger] = ["team", "team", "other"].map((schema) => postgresLedger(server.url, { schema }))
    if (!one || !other || !stranger) throw new Error("no ledgers")
    for (const ledger of [one, other, stranger]) onTestFinished(() => ledger.close())
    await Effect.runPromise(one.launches())
    const heard = counted()
    const stop = one.onChange(heard.call)
    await heard.until(1)
    await Effect.runPromise(stranger.named(ref, "a"))
    await Effect.runPromise(other.named(ref, "a"))
    await heard.until(2)
    expect(heard.calls()).toBe(2)
    await stop()
    await Effect.runPromise(other.named(ref, "b"))
    expect(heard.calls()).toBe(2)
  })

  test("it is looked besides, and listened to again after the server was away", async () => {
    const ledger = postgresLedger(server.url, { schema: "away" })
    onTestFinished(() => ledger.close())
    await Effect.runPromise(ledger.launches())
    const heard = counted()
    let tick = () => {}
    const stop = listenTo(server.url, "away", heard.call, (run) => {
      tick = run
      return () => {}
    })
    await heard.until(1)
    await server.restart("fast")
    // Its end is heard of by an event of the connection, a turn or two later.
    for (let turn = 0; turn < 50; turn++) {
      tick()
      await new Promise((resolve) => setImmediate(resolve))
    }
    const looked = heard.calls()
    // The first look of the new connection: from then on it listens.
    await heard.until(looked + 1)
    await Effect.runPromise(ledger.named(ref, "a"))
    await heard.until(looked + 2)
    await stop()
  })
})
