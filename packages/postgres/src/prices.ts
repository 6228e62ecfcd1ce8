import type { Currency, Kind, PriceScope } from "@anygpu/core"
import type { HourRow, PriceSeries, PriceTable, Stored } from "@anygpu/core/ledger"
import * as Effect from "effect/Effect"
import type { Row, Session } from "./session.ts"
import { encode, escaped, unescaped } from "./values.ts"

const text = (value: unknown): string => unescaped(String(value))

const numberOf = (value: unknown): number | null => (value === null || value === undefined ? null : Number(value))

const scopeOf = (row: Row): PriceScope => ({
  provider: text(row["provider"]),
  kind: text(row["kind"]) as Kind,
  interruptible: row["interruptible"] === true
})

/** The series of a row, and a change of it. */
export const seriesOf = (row: Row): PriceSeries => ({
  ...scopeOf(row),
  ...{ offer: text(row["offer"]), gpu: text(row["gpu"]), gpuCount: Number(row["gpu_count"]) },
  currency: text(row["currency"]) as Currency,
  ...{ minute: Number(row["minute"]), micros: numberOf(row["micros"]) }
})

const hourOf = (row: Row): HourRow => ({
  ...scopeOf(row),
  ...{ gpu: text(row["gpu"]), currency: text(row["currency"]) as HourRow["currency"], hour: Number(row["hour"]) },
  ...{ min: numberOf(row["min"]), median: numberOf(row["median"]), max: numberOf(row["max"]) },
  count: Number(row["count"])
})

const valuesOf = ({ provider, kind, interruptible }: PriceScope) => [escaped(provider), kind, interruptible] as const

const inScope = "provider = $1 AND kind = $2 AND interruptible = $3"

/** Many rows as one value: thousands of prices are one statement. */
const many = (rows: ReadonlyArray<object>): string => `[${rows.map(encode).join(",")}]`

const seriesColumns = `provider text, kind text, interruptible boolean, offer text, gpu text, "gpuCount" integer,
  currency text, minute integer, micros bigint`

const hourColumns = `gpu text, hour integer, provider text, kind text, interruptible boolean, currency text, min bigint,
  median bigint, max bigint, count integer`

const isSeries = `(s.provider, s.kind, s.offer, s.interruptible, s.gpu, s.gpu_count, s.currency)
  = (j.provider, j.kind, j.offer, j.interruptible, j.gpu, j."gpuCount", j.currency)`

/** Writes changes: what a series is once, its last price in place, and each change as a row of numbers. */
const changeWith =
  ({ ask, schema }: Session): PriceTable["change"] =>
  (changes, forgottenBefore) => {
    const given = `json_to_recordset($1::json) AS j (${seriesColumns})`
    const rows = many(changes)
    return Effect.gen(function* () {
      yield* ask(
        `UPDATE ${schema}.price_series AS s SET minute = j.minute, micros = j.micros, is_live = j.micros IS NOT NULL
           FROM ${given} WHERE ${isSeries}`,
        rows
      )
      yield* ask(
        `INSERT INTO ${schema}.price_series
             (provider, kind, interruptible, offer, gpu, gpu_count, currency, minute, micros, is_live)
           SELECT j.*, j.micros IS NOT NULL FROM ${given}
           WHERE NOT EXISTS (SELECT FROM ${schema}.price_series AS s WHERE ${isSeries})`,
        rows
      )
      yield* ask(
        `INSERT INTO ${schema}.prices (series, minute, micros)
           SELECT s.id, j.minute, j.micros FROM ${given} JOIN ${schema}.price_series AS s ON ${isSeries}
         ON CONFLICT (series, minute) DO UPDATE SET micros = excluded.micros`,
        rows
      )
      yield* ask(
        `DELETE FROM ${schema}.prices USING ${given} JOIN ${schema}.price_series AS s ON ${isSeries}
         WHERE prices.series = s.id AND prices.minute < $2`,
        ...[rows, forgottenBefore]
      )
    })
  }

type HourTable = Pick<PriceTable, "hoursOf" | "saveHours" | "hours">

/** The rows of hours. */
const hourTable = ({ ask, schema }: Session): HourTable => {
  const hours = (sql: string, ...values: ReadonlyArray<unknown>): Stored<ReadonlyArray<HourRow>> =>
    Effect.map(ask(`SELECT * FROM ${schema}.market_hours WHERE ${sql}`, ...values), (rows) => rows.map(hourOf))
  return {
    hoursOf: (scope, hour, gpus) =>
      hours(`${inScope} AND hour = $4 AND gpu = ANY($5)`, ...valuesOf(scope), hour, gpus.map(escaped)),
    saveHours: (rows) =>
      Effect.asVoid(
        ask(
          `INSERT INTO ${schema}.market_hours (gpu, hour, provider, kind, interruptible, currency, min, median, max, count)
             SELECT * FROM json_to_recordset($1::json) AS j (${hourColumns})
           ON CONFLICT (gpu, hour, provider, kind, interruptible, currency) DO UPDATE SET
             min = excluded.min, median = excluded.median, max = excluded.max, count = excluded.count`,
          many(rows)
        )
      ),
    hours: ({ gpus, provider, first, end }) =>
      hours(
        `hour >= $1::bigint AND hour < $2::bigint AND ($3::text IS NULL OR provider = $3)
           AND ($4::text[] IS NULL OR gpu = ANY($4))`,
        ...[first, end, provider === undefined ? null : escaped(provider)],
        gpus ? ["", ...gpus.map(escaped)] : null
      )
  }
}

/** The prices of the market, as rows. */
export const priceRows = (session: Session): PriceTable => {
  const { ask, lock, schema } = session
  return {
    ...hourTable(session),
    // The row of the scope is held until the transaction ends: two that look at once write one after the other.
    lastLook: Effect.fnUntraced(function* (scope) {
      if (lock !== "") {
        yield* ask(
          `INSERT INTO ${schema}.price_looks (provider, kind, interruptible, minute) VALUES ($1, $2, $3, -1)
           ON CONFLICT DO NOTHING`,
          ...valuesOf(scope)
        )
      }
      const [row] = yield* ask(`SELECT minute FROM ${schema}.price_looks WHERE ${inScope}${lock}`, ...valuesOf(scope))
      const minute = numberOf(row?.["minute"])
      return minute === -1 ? null : minute
    }),
    looked: (scope, minute) =>
      Effect.asVoid(ask(`UPDATE ${schema}.price_looks SET minute = $4 WHERE ${inScope}`, ...valuesOf(scope), minute)),
    live: (scope) =>
      Effect.map(ask(`SELECT * FROM ${schema}.price_series WHERE ${inScope} AND is_live`, ...valuesOf(scope)), (rows) =>
        rows.map(seriesOf)
      ),
    change: changeWith(session),
    forget: (scope, before) =>
      Effect.asVoid(
        ask(
          `WITH ended AS (
             DELETE FROM ${schema}.price_series WHERE ${inScope} AND NOT is_live AND minute < $4 RETURNING id
           ) DELETE FROM ${schema}.prices USING ended WHERE series = ended.id`,
          ...[...valuesOf(scope), before]
        )
      ),
    changes: ({ provider, kind, offer }) =>
      Effect.map(
        ask(
          `SELECT s.*, prices.minute, prices.micros FROM ${schema}.price_series AS s JOIN ${schema}.prices ON series = s.id
           WHERE provider = $1 AND kind = $2 AND offer = $3`,
          ...[escaped(provider), kind, escaped(offer)]
        ),
        (rows) => rows.map(seriesOf)
      )
  }
}
