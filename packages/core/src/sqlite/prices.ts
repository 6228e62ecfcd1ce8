import type { HourRow, PriceScope, PriceSeries } from "../ledger/prices.ts"
import type { PriceTable } from "../ledger/store.ts"
import type { Kind } from "../model/kind.ts"
import type { Currency } from "../model/money.ts"
import type { Connection } from "./connection.ts"
import { numberOf, type Row } from "./values.ts"

const scopeOf = (row: Row): PriceScope => ({
  provider: String(row.provider),
  kind: String(row.kind) as Kind,
  interruptible: row.interruptible === 1
})

/** The record of a row. */
export const toSeries = (row: Row): PriceSeries => ({
  ...scopeOf(row),
  ...{ offer: String(row.offer), gpu: String(row.gpu), gpuCount: Number(row.gpu_count) },
  currency: String(row.currency) as Currency,
  ...{ minute: Number(row.minute), micros: numberOf(row.micros) }
})

const toHour = (row: Row): HourRow => ({
  ...scopeOf(row),
  ...{ gpu: String(row.gpu), currency: String(row.currency) as HourRow["currency"], hour: Number(row.hour) },
  ...{ min: numberOf(row.min), median: numberOf(row.median), max: numberOf(row.max), count: Number(row.count) }
})

const valuesOf = ({ provider, kind, interruptible }: PriceScope) => [provider, kind, interruptible ? 1 : 0] as const

const inScope = "provider = ? AND kind = ? AND interruptible = ?"

/** What is prepared of looks and changes. */
const statementsOf = ({ database }: Connection) => ({
  lastLook: database.prepare(`SELECT minute FROM price_looks WHERE ${inScope}`),
  looked: database.prepare(
    "INSERT OR REPLACE INTO price_looks (provider, kind, interruptible, minute) VALUES (?, ?, ?, ?)"
  ),
  live: database.prepare(`SELECT * FROM price_series WHERE ${inScope} AND micros IS NOT NULL`),
  keep: database.prepare(
    `INSERT INTO price_series (provider, kind, interruptible, offer, gpu, gpu_count, currency, minute, micros)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET minute = excluded.minute, micros = excluded.micros RETURNING id`
  ),
  change: database.prepare("INSERT OR REPLACE INTO prices (series, minute, micros) VALUES (?, ?, ?)"),
  shorten: database.prepare("DELETE FROM prices WHERE series = ? AND minute < ?"),
  ended: database.prepare(`SELECT id FROM price_series WHERE ${inScope} AND micros IS NULL AND minute < ?`),
  forgetChanges: database.prepare("DELETE FROM prices WHERE series = ?"),
  forgetSeries: database.prepare("DELETE FROM price_series WHERE id = ?"),
  changes: database.prepare(
    `SELECT price_series.*, prices.minute, prices.micros FROM price_series JOIN prices ON series = id
     WHERE provider = ? AND kind = ? AND offer = ?`
  )
})

type HourTable = Pick<PriceTable, "hoursOf" | "saveHours" | "hours">

/** The rows of hours. */
const hourTable = ({ database, stored }: Connection): HourTable => {
  const one = database.prepare(`SELECT * FROM market_hours WHERE gpu = ? AND hour = ? AND ${inScope}`)
  const save = database.prepare(
    `INSERT OR REPLACE INTO market_hours (provider, kind, interruptible, gpu, currency, hour, min, median, max, count)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
  )
  const within = "hour >= ? AND hour < ? AND (? IS NULL OR provider = ?)"
  const every = database.prepare(`SELECT * FROM market_hours WHERE ${within}`)
  const ofGpu = database.prepare(`SELECT * FROM market_hours WHERE gpu = ? AND ${within}`)
  return {
    hoursOf: (scope, hour, gpus) =>
      stored(() => gpus.flatMap((gpu) => one.all(gpu, hour, ...valuesOf(scope)).map(toHour))),
    saveHours: (rows) =>
      stored(() => {
        for (const row of rows) {
          const { gpu, currency, hour, min, median, max, count } = row
          save.run(...valuesOf(row), gpu, currency, hour, min, median, max, count)
        }
      }),
    hours: ({ gpus, provider = null, first, end }) =>
      stored(() => {
        const range = [first, end, provider, provider] as const
        const rows = gpus ? [...new Set(["", ...gpus])].flatMap((gpu) => ofGpu.all(gpu, ...range)) : every.all(...range)
        return rows.map(toHour)
      })
  }
}

/** The prices of the market, as rows. */
export const priceRows = (connection: Connection): PriceTable => {
  const { stored } = connection
  const statements = statementsOf(connection)
  return {
    ...hourTable(connection),
    lastLook: (scope) => stored(() => numberOf(statements.lastLook.get(...valuesOf(scope))?.minute)),
    looked: (scope, minute) => stored(() => void statements.looked.run(...valuesOf(scope), minute)),
    live: (scope) => stored(() => statements.live.all(...valuesOf(scope)).map(toSeries)),
    change: (changes, forgottenBefore) =>
      stored(() => {
        for (const series of changes) {
          const { offer, gpu, gpuCount, currency, minute, micros } = series
          const row = statements.keep.get(...valuesOf(series), offer, gpu, gpuCount, currency, minute, micros)
          const id = Number(row?.id)
          statements.change.run(id, minute, micros)
          statements.shorten.run(id, forgottenBefore)
        }
      }),
    forget: (scope, before) =>
      stored(() => {
        for (const { id } of statements.ended.all(...valuesOf(scope), before)) {
          statements.forgetChanges.run(Number(id))
          statements.forgetSeries.run(Number(id))
        }
      }),
    changes: ({ provider, kind, offer }) => stored(() => statements.changes.all(provider, kind, offer).map(toSeries))
  }
}
