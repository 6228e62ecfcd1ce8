/*
 * What a year of prices takes, in SQLite and in Postgres: looks at a made-up market of three clouds are written down as
 * `recordPrices` does, and the bytes of a change are measured in the tables.
 *
 *   prices.ts [--offers 30000] [--looks 100] [--change 0.02] [--every 5] [--seed 1]
 *
 * - Of the offers a share changes its price at each look. Sizes are those of the tables with their indexes, after the first look
 *   and after the last one: what an offer takes once is not counted as a change.
 * - Postgres is left out, which is said, where there is none.
 */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { parseArgs } from "node:util"
import type { Ledger, PriceLook } from "@anygpu/core"
import { postgresLedger } from "@anygpu/postgres"
import { startPostgres, withoutPostgres } from "@anygpu/postgres/testing"
import { sqliteLedger } from "anygpu/sqlite"
import * as Effect from "effect/Effect"

const usual = { offers: "30000", looks: "100", change: "0.02", every: "5", seed: "1" }
const { values } = parseArgs({
  options: Object.fromEntries(
    Object.entries(usual).map(([name, value]) => [name, { type: "string" as const, default: value }])
  )
})
const number = (name: keyof typeof usual): number => {
  const value = Number(values[name])
  if (!(value > 0)) throw new RangeError(`--${name} is a number above 0`)
  return value
}
const [offers, looks, change, every] = [number("offers"), number("looks"), number("change"), number("every")]

/** Chance that is the same again for the same seed (mulberry32). */
const chanceOf = (seed: number) => {
  let state = seed >>> 0
  return (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

const clouds = ["north", "south", "west"] as const
const gpus = Array.from({ length: 60 }, (_, index) => `GPU model ${index}`)

/** The looks, one after the other: a share of the prices is another one each time. */
const marketOf = (seed: number) => {
  const chance = chanceOf(seed)
  const price = () => 100_000 + Math.floor(chance() * 5_000_000)
  const all = Array.from({ length: offers }, (_, index) => ({
    ...{ offer: String(21_000_000 + index), gpu: gpus[Math.floor(chance() * gpus.length)] ?? "", gpuCount: 1 },
    ...{ cloud: clouds[index % clouds.length], micros: price() }
  }))
  return (isFirst: boolean): ReadonlyArray<PriceLook> => {
    if (!isFirst) for (const one of all) if (chance() < change) one.micros = price()
    return clouds.map((provider) => ({
      ...{ provider, kind: "container", interruptible: false, complete: true },
      offers: all
        .filter(({ cloud }) => cloud === provider)
        .map(({ micros, cloud: _, ...one }) => ({ ...one, price: { micros, currency: "USD" } }))
    }))
  }
}

interface Sizes {
  readonly prices: number
  readonly hours: number
}

interface Measured {
  readonly changeBytes: number
  readonly hourBytes: number
  readonly lookMillis: number
  readonly hourMillis: number
  readonly offerMillis: number
}

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const begun = performance.now()
  await work()
  return performance.now() - begun
}

const measure = async (ledger: Ledger, sizes: () => Promise<Sizes>): Promise<Measured> => {
  const look = marketOf(number("seed"))
  const begin = Date.UTC(2026, 0, 1)
  await Effect.runPromise(ledger.recordPrices(look(true), begin))
  const before = await sizes()
  let [changed, millis] = [0, 0]
  for (let index = 1; index <= looks; index++) {
    const at = begin + index * every * 60_000
    millis += await timed(async () => {
      changed += (await Effect.runPromise(ledger.recordPrices(look(false), at))).changed
    })
  }
  const after = await sizes()
  const rows = (await Effect.runPromise(ledger.marketHours())).length
  return {
    changeBytes: (after.prices - before.prices) / changed,
    hourBytes: after.hours / rows,
    lookMillis: millis / looks,
    hourMillis: await timed(() => Effect.runPromise(ledger.marketHours({ gpus: gpus.slice(0, 1) }))),
    offerMillis: await timed(() =>
      Effect.runPromise(ledger.priceChanges({ provider: "north", kind: "container", offer: "21000000" }))
    )
  }
}

const inSqlite = async (): Promise<Measured> => {
  const folder = mkdtempSync(join(tmpdir(), "anygpu-prices-"))
  const file = join(folder, "ledger.db")
  try {
    using ledger = sqliteLedger(file)
    const sizes = async (): Promise<Sizes> => {
      using probe = new DatabaseSync(file)
      const of = (table: string) =>
        Number(probe.prepare("SELECT sum(pgsize) AS size FROM dbstat WHERE name = ?").get(table)?.["size"] ?? 0)
      return { prices: of("prices"), hours: of("market_hours") }
    }
    return await measure(ledger, sizes)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const inPostgres = async (): Promise<Measured> => {
  const server = await startPostgres()
  try {
    await using ledger = postgresLedger(server.url)
    const sizes = async (): Promise<Sizes> => {
      await server.sql("VACUUM anygpu.prices")
      await server.sql("VACUUM anygpu.market_hours")
      const [row] = await server.rows(
        "SELECT pg_total_relation_size('anygpu.prices') AS prices, pg_total_relation_size('anygpu.market_hours') AS hours"
      )
      return { prices: Number(row?.["prices"]), hours: Number(row?.["hours"]) }
    }
    return await measure(ledger, sizes)
  } finally {
    await server.stop()
  }
}

const changesAYear = (365 * 24 * 60 * offers * change) / every
/** Of each of the clouds' models, and one row that says that the cloud was looked at. */
const hoursAYear = 365 * 24 * clouds.length * (gpus.length + 1)

const show = (title: string, measured: Measured, expectedGB: number): void => {
  const year = changesAYear * measured.changeBytes
  const rows = [
    ["bytes of a change, with its index", measured.changeBytes.toFixed(1)],
    ["changes a year", `${(year / 1e9).toFixed(2)} GB of ${(changesAYear / 1e6).toFixed(1)} million`],
    ["against what was estimated", `${(year / 1e9 / expectedGB).toFixed(2)} times ${expectedGB} GB`],
    ["hours a year", `${((hoursAYear * measured.hourBytes) / 1e6).toFixed(0)} MB`],
    ["a look written down", `${measured.lookMillis.toFixed(0)} ms`],
    ["hours of one GPU, read", `${measured.hourMillis.toFixed(1)} ms`],
    ["changes of one offer, read", `${measured.offerMillis.toFixed(1)} ms`]
  ]
  console.log(`${title}: ${offers} offers, ${looks} looks, ${change * 100} % changes`)
  for (const [name = "", value] of rows) console.log(`  ${name.padEnd(36)}${value}`)
}

show("SQLite", await inSqlite(), 1.1)
if (withoutPostgres) console.log("Postgres: left out, there is none on this computer")
else show("Postgres", await inPostgres(), 5.1)
