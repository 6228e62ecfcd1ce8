import * as Effect from "effect/Effect"
import type { HourRow, PriceScope, PriceSeries } from "./prices.ts"
import type { PriceTable } from "./store.ts"

const isIn = (scope: PriceScope, one: PriceScope): boolean =>
  scope.provider === one.provider && scope.kind === one.kind && scope.interruptible === one.interruptible

const scopeName = ({ provider, kind, interruptible }: PriceScope): string =>
  JSON.stringify([provider, kind, interruptible])

const seriesName = ({ offer, gpu, gpuCount, currency, ...scope }: PriceSeries): string =>
  JSON.stringify([scopeName(scope), offer, gpu, gpuCount, currency])

const hourName = ({ gpu, currency, hour, ...scope }: HourRow): string =>
  JSON.stringify([scopeName(scope), gpu, currency, hour])

/** One series with its changes, by their minutes. */
interface Kept {
  last: PriceSeries
  readonly changes: Map<number, PriceSeries>
}

/** The prices of the market in this process. */
export const memoryPrices = (): PriceTable => {
  const looks = new Map<string, number>()
  const kept = new Map<string, Kept>()
  const hours = new Map<string, HourRow>()
  const all = () => Array.from(kept.values())

  const change = (series: PriceSeries, forgottenBefore: number): void => {
    const name = seriesName(series)
    const one = kept.get(name) ?? { last: series, changes: new Map() }
    one.last = series
    one.changes.set(series.minute, series)
    for (const minute of one.changes.keys()) if (minute < forgottenBefore) one.changes.delete(minute)
    kept.set(name, one)
  }

  return {
    lastLook: (scope) => Effect.sync(() => looks.get(scopeName(scope)) ?? null),
    looked: (scope, minute) => Effect.sync(() => void looks.set(scopeName(scope), minute)),
    live: (scope) =>
      Effect.sync(() => all().flatMap(({ last }) => (isIn(scope, last) && last.micros !== null ? [last] : []))),
    change: (changes, forgottenBefore) =>
      Effect.sync(() => {
        for (const series of changes) change(series, forgottenBefore)
      }),
    forget: (scope, before) =>
      Effect.sync(() => {
        for (const [name, { last }] of kept) {
          if (isIn(scope, last) && last.micros === null && last.minute < before) kept.delete(name)
        }
      }),
    changes: ({ provider, kind, offer }) =>
      Effect.sync(() =>
        all().flatMap(({ last, changes }) =>
          last.provider === provider && last.kind === kind && last.offer === offer ? [...changes.values()] : []
        )
      ),
    hoursOf: (scope, hour, gpus) =>
      Effect.sync(() =>
        Array.from(hours.values()).filter((row) => isIn(scope, row) && row.hour === hour && gpus.includes(row.gpu))
      ),
    saveHours: (rows) =>
      Effect.sync(() => {
        for (const row of rows) hours.set(hourName(row), row)
      }),
    hours: ({ gpus, provider, first, end }) =>
      Effect.sync(() =>
        Array.from(hours.values()).filter(
          (row) =>
            row.hour >= first &&
            row.hour < end &&
            (provider === undefined || row.provider === provider) &&
            (gpus === undefined || row.gpu === "" || gpus.includes(row.gpu))
        )
      )
  }
}
