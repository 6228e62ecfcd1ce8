import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { InstanceRef, type LaunchRecord, type Ledger } from "@anygpu/core"
import { moveLedger } from "@anygpu/core/ledger"
import { sqliteLedger, sqlitePlace } from "@anygpu/core/sqlite"
import * as Effect from "effect/Effect"
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest"
import { postgresLedger, postgresPlace } from "./index.ts"
import { type PostgresServer, startPostgres, withoutPostgres } from "./real-server.ts"

const run = <A, E>(effect: Effect.Effect<A, E>): Promise<A> => Effect.runPromise(effect)

const launch = (marker: string, more: Partial<LaunchRecord> = {}): LaunchRecord => ({
  ...{ marker, key: marker, idempotencyKey: marker, provider: "vast", kind: "container", name: "job é", offerId: "1" },
  ...{ pricePerHour: { micros: 5, currency: "USD" }, spec: { image: "x" }, at: 1, state: "open", instanceId: null },
  ...{ note: null, leaseUntil: 7, sentAfter: null, owner: null, fence: 0, tags: { team: "nlp" }, ownedBy: "ann" },
  ...more
})

/** Something in every part of a ledger. */
const filled = async (ledger: Ledger): Promise<void> => {
  const ref = new InstanceRef("vast", "container", "m1")
  const held = { budget: { name: "team" }, cost: { perHour: { micros: 5, currency: "USD" }, total: null } } as const
  await run(ledger.openLaunch(launch("a"), held))
  await run(ledger.openLaunch(launch("b", { key: null })))
  await run(ledger.settleLaunch("a", { state: "created", instanceId: "m1" }))
  await run(ledger.seen([ref], 5, "id=1 keys=a"))
  const look = {
    ref,
    billing: "compute",
    pricePerHour: { micros: 5, currency: "USD" },
    gpu: null,
    launchedAt: 1
  } as const
  await run(ledger.billed([look], 10))
  await run(ledger.billed([{ ...look, billing: "none" }], 900_000))
  await run(ledger.failed("host", 4))
  await run(ledger.nameAccount("vast", "team", "id=1 keys=a"))
  await run(ledger.claimEnd("a", { by: "k", lasts: 1000, anyTime: true }))
  await run(
    ledger.openOrder({
      ...{ id: "o", key: "o", what: "launch" as const, name: "job é", by: "ann", clouds: ["vast"], waits: null },
      request: { request: { workload: { env: { A: { secret: "A" } } } } }
    })
  )
  await run(
    ledger.openRun({
      ...{ id: "r", key: "r", by: "me", command: "x", at: 1, plan: {}, state: "open" as const, isStopAsked: false },
      ...{ attempts: [], version: 0 }
    })
  )
}

const everything = async (ledger: Ledger): Promise<unknown> =>
  JSON.parse(
    JSON.stringify([
      await run(ledger.launches()),
      [...(await run(ledger.machines("vast", "container")))],
      await run(ledger.commitments("team")),
      await run(ledger.history()),
      await run(ledger.failures()),
      await run(ledger.runs()),
      await run(ledger.orders()),
      await run(ledger.nameAccount("vast", "team", "id=1 keys=a"))
    ])
  )

const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), "anygpu-move-"))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  return made
}

describe.skipIf(withoutPostgres)("on a real server", () => {
  let server: PostgresServer
  let databases = 0
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.stop())

  /** An empty database of its own. */
  const emptyUrl = async (): Promise<string> => {
    const name = `move_${++databases}`
    await server.sql(`CREATE DATABASE ${name}`)
    return server.url.replace(/postgres$/, name)
  }

  const opened = (url: string) => {
    const ledger = postgresLedger(url)
    onTestFinished(() => ledger.close())
    return ledger
  }

  const move = async (from: string, to: string) => {
    const placeOf = (text: string) => (text.startsWith("postgres:") ? postgresPlace(text) : sqlitePlace(text))
    const [source, target] = [placeOf(from), placeOf(to)]
    try {
      return await run(moveLedger(source, target))
    } finally {
      await source.close()
      await target.close()
    }
  }

  test("a file goes to a server and back, and nothing of it is lost", async () => {
    const [path, other, url] = [join(folder(), "a.db"), join(folder(), "b.db"), await emptyUrl()]
    const ledger = sqliteLedger(path)
    await filled(ledger)
    const before = await everything(ledger)
    expect(await move(path, url)).toMatchObject({
      moved: expect.stringContaining("2 launches, 1 machine, 1 run, 1 order")
    })
    expect(await everything(opened(url))).toEqual(before)
    // A process that had the file open all the time.
    const refused = await run(Effect.flip(ledger.openLaunch(launch("c"))))
    expect(refused).toMatchObject({
      retry: "permanent",
      message: expect.stringMatching(/was moved to postgres:\/\/anygpu@/)
    })
    ledger.close()
    expect(() => sqliteLedger(path)).toThrow(/was moved to postgres:\/\/anygpu@127\.0\.0\.1:\d+\/move_1: use that one/)
    const running = opened(url)
    await run(running.launches())
    await move(url, other)
    const there = sqliteLedger(other)
    expect(await everything(there)).toEqual(before)
    there.close()
    expect((await run(Effect.flip(running.openLaunch(launch("c"))))).message).toContain(`was moved to ${other}`)
    expect((await run(Effect.flip(opened(url).launches()))).message).toContain(`was moved to ${other}`)
  })

  test("a place that is not empty is left as it is, and so is the file", async () => {
    const [path, url] = [join(folder(), "a.db"), await emptyUrl()]
    await run(opened(url).openLaunch(launch("theirs")))
    using ledger = sqliteLedger(path)
    await filled(ledger)
    await expect(move(path, url)).rejects.toThrow(/is not empty, it has 1 launch: nothing was moved/)
    await run(ledger.openLaunch(launch("c")))
    expect(await run(opened(url).launches())).toHaveLength(1)
  })

  test.each([
    ["read", "the file"],
    ["brought", "the file"],
    ["left", "the server"],
    ["settled", "the server"]
  ])(
    "killed after it has %s, it leaves %s in use, never two, and no second call is needed once it was left",
    async (step, used) => {
      const [path, url] = [join(folder(), "a.db"), await emptyUrl()]
      const ledger = sqliteLedger(path)
      await filled(ledger)
      const before = await everything(ledger)
      ledger.close()
      const mover = new URL("testing/mover.ts", import.meta.url).pathname
      const died = spawnSync(process.execPath, ["--conditions=anygpu-source", mover, path, url, step], {
        encoding: "utf8"
      })
      expect(died).toMatchObject({ signal: "SIGKILL", stderr: "" })
      const isFileUsed = await isUsed(async () => {
        using file = sqliteLedger(path)
        await run(file.keepHostKey(new InstanceRef("vast", "container", "m1"), null))
      })
      const isServerUsed = await isUsed(async () => {
        if ((await run(opened(url).launches())).length === 0)
          throw new Error("an empty one, to which nothing was brought")
      })
      expect({ isFileUsed, isServerUsed }).toEqual({
        isFileUsed: used === "the file",
        isServerUsed: used === "the server"
      })
      if (used !== "the server") await move(path, url)
      expect(await everything(opened(url))).toEqual(before)
      expect(() => sqliteLedger(path)).toThrow("was moved to")
    }
  )
})

const isUsed = async (use: () => Promise<unknown>): Promise<boolean> => {
  try {
    await use()
    return true
  } catch {
    return false
  }
}
