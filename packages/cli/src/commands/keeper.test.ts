import { setImmediate } from "node:timers/promises"
import { sqliteLedger } from "anygpu/sqlite"
import * as Effect from "effect/Effect"
import { expect, test } from "vitest"
import { simulatedClouds } from "../testing/clouds.ts"

const order = ["launch", "rtx 4090", "--cloud", "vast", "--image", "a/b", "--yes", "--no-wait", "--json"]

test("a keeper ends what runs out while it runs, says so in JSON lines, and is named by list", async () => {
  using clouds = simulatedClouds()
  const { stdout: launched } = await clouds.run(...order, "--name", "due", "--ttl", "1h")
  expect(JSON.parse(launched).machine).toMatchObject({ endedBy: "nobody" })
  const { ref } = JSON.parse(launched).machine
  {
    using ledger = sqliteLedger(clouds.env.ANYGPU_LEDGER)
    const alive = { id: "k", host: "here", since: 0, places: ["vast/container"] }
    // The clock of the command is not this one: what is said holds for a thousand years.
    await Effect.runPromise(ledger.announceKeeper(alive, 31_536_000_000_000))
    const { stdout: shown } = await clouds.run("show", ref)
    expect(shown).toMatch(/^ttl .*, then a keeper ends it$/m)
    await Effect.runPromise(ledger.announceKeeper(alive, 0))
  }
  const stop = new AbortController()
  const running = clouds.runWith({ signal: stop.signal }, "keeper")
  while (clouds.simulators.vast.truth().some(({ isAlive }) => isAlive)) await setImmediate()
  stop.abort()
  const { code, stdout } = await running
  const events = stdout
    .trim()
    .split("\n")
    .map((line): { readonly event: string; readonly ref?: string } => JSON.parse(line))
  expect(code).toBe(0)
  expect(events.filter(({ event }) => event === "ended" || event === "swept")).toMatchObject([{ ref }])
  expect([events[0]?.event, events.at(-1)?.event]).toEqual(["started", "stopped"])
})
