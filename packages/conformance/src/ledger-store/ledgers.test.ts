import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Ledger, memoryLedger } from "@anygpu/core"
import { sqliteLedger } from "@anygpu/core/sqlite"
import * as Effect from "effect/Effect"
import { describe, expect, test } from "vitest"
import { describeLedger } from "../vitest.ts"
import { type LedgerStore, ledgerTests } from "./index.ts"

describeLedger({
  name: "memory",
  open: () => {
    const ledger = memoryLedger()
    return { ledger, again: () => ledger }
  }
})

describeLedger({
  name: "SQLite",
  sequences: 400,
  open: () => {
    const ledger = sqliteLedger(":memory:")
    return { ledger, close: () => ledger.close() }
  }
})

describeLedger({
  name: "shared SQLite",
  sequences: 20,
  open: () => {
    const folder = mkdtempSync(join(tmpdir(), "anygpu-ledger-"))
    const openings = [sqliteLedger(join(folder, "ledger.db"))]
    const [ledger] = openings
    if (ledger === undefined) throw new Error("no ledger was opened")
    return {
      ledger,
      again: () => {
        const other = sqliteLedger(join(folder, "ledger.db"))
        openings.push(other)
        return other
      },
      close: () => {
        for (const opened of openings) opened.close()
        rmSync(folder, { recursive: true, force: true })
      }
    }
  }
})

/** Ledgers that are wrong in one way each: every one has to be caught. */
const broken: Readonly<Record<string, (ledger: Ledger) => Partial<Ledger>>> = {
  "opens a second launch under a key": (ledger) => ({
    openLaunch: (launch, ...more) => ledger.openLaunch({ ...launch, key: null }, ...more)
  }),
  "holds nothing in a budget": (ledger) => ({ openLaunch: (launch) => ledger.openLaunch(launch) }),
  "gives a launch to every claimant": (ledger) => ({
    claimLaunch: (marker, fence, at) =>
      ledger
        .claimLaunch(marker, fence, at)
        .pipe(
          Effect.flatMap((claim) =>
            claim === null ? Effect.map(ledger.launches({ marker }), ([first]) => first ?? null) : Effect.succeed(claim)
          )
        )
  }),
  "forgets by whom an outcome is said": (ledger) => ({
    settleLaunch: (marker, { by: _, ...outcome }) => ledger.settleLaunch(marker, outcome)
  }),
  "forgets under which fence an outcome is said": (ledger) => ({
    settleLaunch: (marker, { fence: _, ...outcome }) => ledger.settleLaunch(marker, outcome)
  }),
  "renews what is no lease": (ledger) => ({
    renewLease: (marker, until) => ledger.renewLease(marker, until).pipe(Effect.catchTag("Conflict", () => Effect.void))
  }),
  "takes a lease of NaN": (ledger) => ({
    renewLease: (marker, until) => ledger.renewLease(marker, Number.isNaN(until) ? 0 : until)
  }),
  "answers launches of another kind": (ledger) => ({
    launches: ({ kind: _, ...query } = {}) => ledger.launches(query)
  }),
  "does not keep on which account a machine was seen": (ledger) => ({ seen: (refs, at) => ledger.seen(refs, at) }),
  "does not say that a machine is gone": () => ({ gone: () => Effect.void }),
  "takes back no intent": (ledger) => ({
    intend: (ref, intent) => (intent === null ? Effect.void : ledger.intend(ref, intent))
  }),
  "keeps no host keys": () => ({ keepHostKey: () => Effect.void }),
  "never forgets a host key": (ledger) => ({
    keepHostKey: (ref, key) => (key === null ? Effect.void : ledger.keepHostKey(ref, key))
  }),
  "keeps the host key of a container that is started again": (ledger) => ({
    intend: (ref, intent) =>
      Effect.gen(function* () {
        const before = yield* ledger.machine(ref)
        yield* ledger.intend(ref, intent)
        if (before?.hostKey !== undefined) yield* ledger.keepHostKey(ref, before.hostKey)
      })
  }),
  "gives the end of a machine to every process": (ledger) => ({
    claimEnd: (marker, options) =>
      Effect.andThen(
        Effect.forEach([1, 2, 3], (fence) => ledger.settleEnd({ marker, fence })),
        ledger.claimEnd(marker, options)
      )
  }),
  "ends machines whose time is not over": (ledger) => ({
    claimEnd: (marker, options) => ledger.claimEnd(marker, { ...options, anyTime: true })
  }),
  "confirms whatever fence": () => ({ confirmEnd: () => Effect.succeed(true) }),
  "does not give an end back": () => ({ settleEnd: () => Effect.succeed(true) }),
  "writes under a fence that was taken over": (ledger) => ({ intend: (ref, intent) => ledger.intend(ref, intent) }),
  "believes a dead keeper alive": (ledger) => ({
    announceKeeper: (keeper) => ledger.announceKeeper(keeper, 3_600_000)
  }),
  "has no clock": () => ({ now: () => Effect.succeed(Number.NaN) }),
  "opens a second run under a key": (ledger) => ({
    openRun: (run) => ledger.openRun({ ...run, key: `${run.key}-${run.id}` })
  }),
  "takes a change of an old version": (ledger) => ({
    changeRun: (run) =>
      Effect.flatMap(ledger.runs({ id: run.id }), ([held]) =>
        ledger.changeRun({ ...run, version: held?.version ?? run.version })
      )
  }),
  "writes a second order under a key": (ledger) => ({
    openOrder: (order) => ledger.openOrder({ ...order, key: `${order.key}-${order.id}` })
  }),
  "gives an order to every keeper": (ledger) => ({
    claimOrder: (id, options) =>
      Effect.andThen(
        Effect.forEach([1, 2, 3], (fence) => ledger.confirmOrder({ id, fence }, 0)),
        ledger.claimOrder(id, options)
      )
  }),
  "makes an order whose time is over": (ledger) => ({
    openOrder: (order) => ledger.openOrder({ ...order, waits: null })
  }),
  "makes two orders on one account at once": (ledger) => ({
    openOrder: (order) => ledger.openOrder({ ...order, clouds: [order.id] })
  }),
  "takes what a keeper says of an order that is another one's": (ledger) => ({
    settleOrder: ({ id, fence }, outcome) =>
      Effect.flatMap(ledger.orders({ id }), ([held]) =>
        ledger.settleOrder({ id, fence: held?.fence ?? fence }, outcome)
      )
  }),
  "goes on with an order that was cancelled": () => ({ cancelOrder: () => Effect.succeed(null) }),
  "keeps nothing of what machines cost": () => ({ billed: () => Effect.void }),
  "forgets what a machine cost before": (ledger) => ({
    history: (query) => Effect.map(ledger.history(query), (all) => all.filter(({ end }) => end === null))
  }),
  "reads all of what machines cost, asked for a part": (ledger) => ({ history: () => ledger.history() }),
  "writes each price again": (ledger) => ({
    recordPrices: (looks, at) =>
      Effect.map(ledger.recordPrices(looks, at), ({ changed, gone, same }) => ({
        changed: changed + same,
        gone,
        same: 0
      }))
  }),
  "concludes from an incomplete look": (ledger) => ({
    recordPrices: (looks, at) =>
      ledger.recordPrices(
        looks.map((look) => ({ ...look, complete: true })),
        at
      )
  }),
  "forgets that an offer is gone": (ledger) => ({
    recordPrices: (looks, at) =>
      ledger.recordPrices(
        looks.map((look) => ({ ...look, complete: false })),
        at
      )
  }),
  "takes an old look for a new one": (ledger) => {
    let latest = 0
    return {
      recordPrices: (looks, at) => {
        latest = Math.max(latest, at)
        return ledger.recordPrices(looks, latest)
      }
    }
  },
  "answers changes from a moment on without the one in force": (ledger) => ({
    priceChanges: (query) =>
      Effect.map(ledger.priceChanges(query), (all) => all.filter(({ at }) => at >= (query.from ?? 0)))
  }),
  "answers the hours of every GPU, asked for one": (ledger) => ({
    marketHours: ({ gpus: _, ...query } = {}) => ledger.marketHours(query)
  }),
  "lets a name mean the last key that was used under it": () => ({
    nameAccount: (_, __, account) => Effect.succeed(account)
  }),
  "does not keep what launches are for": (ledger) => ({
    openLaunch: ({ tags: _, ...launch }, ...more) => ledger.openLaunch(launch, ...more)
  }),
  "answers the costs of all machines, asked for some": (ledger) => ({
    history: ({ refs: _, ...query } = {}) => ledger.history(query)
  }),
  "does not know names": () => ({ named: () => Effect.void }),
  "mixes up the machines of two kinds": (ledger) => ({
    machines: (provider) => ledger.machines(provider, "container")
  }),
  "forgets failed hosts": () => ({ failed: () => Effect.void }),
  "never changes what a budget holds": () => ({ recommit: () => Effect.succeed(null) })
}

describe("a broken ledger is caught", () => {
  test.each(Object.entries(broken))("one that %s", async (_, change) => {
    const store: LedgerStore = {
      name: "broken",
      open: () => {
        const ledger = memoryLedger()
        return { ledger: { ...ledger, ...change(ledger) } }
      }
    }
    const failures = await Promise.all(
      ledgerTests(store).map(({ run }) =>
        run().then(
          () => null,
          (error: unknown) => String(error)
        )
      )
    )
    expect(failures.filter((failure) => failure !== null)).not.toEqual([])
  })

  test("by the fewest calls that show it", async () => {
    const [first] = ledgerTests({
      name: "nameless",
      open: () => ({ ledger: { ...memoryLedger(), named: () => Effect.void } })
    })
    const error = await first?.run().then(
      () => "",
      (reason: unknown) => String(reason)
    )
    expect(error?.match(/^ {2}\w+\(/gm)?.length).toBeLessThan(10)
    expect(error).toContain("named(")
  })
})

test("a ledger that forgets when it is opened again is caught", async () => {
  const store: LedgerStore = { name: "forgetful", open: () => ({ ledger: memoryLedger(), again: memoryLedger }) }
  const last = ledgerTests(store).at(-1)
  await expect(last?.run()).rejects.toThrow("opened again")
})
