import * as Effect from "effect/Effect"
import { hourOfMinute, hourRows, hoursOf, marketHourOf } from "./market-hours.ts"
import {
  changeOf,
  forgottenBefore,
  minuteOf,
  type PriceChange,
  type PriceLedger,
  type PriceLook,
  type PriceNews,
  type PriceSeries,
  priceOutcome
} from "./prices.ts"
import type { Store, Stored, Tables } from "./store.ts"

const nothing: PriceNews = { changed: 0, gone: 0, same: 0 }

const gpusOf = (series: ReadonlyArray<PriceSeries>): ReadonlyArray<string> => series.map(({ gpu }) => gpu)

/** Writes down what a look says of its scope that is not known yet. */
const recordLook = Effect.fnUntraced(function* (
  { prices }: Tables,
  look: PriceLook,
  minute: number
): Effect.fn.Return<PriceNews, Effect.Error<Stored<void>>> {
  const last = yield* prices.lastLook(look)
  if (last !== null && last > minute) return nothing
  const before = yield* prices.live(look)
  const { changes, news, live } = priceOutcome(look, before, minute)
  const hour = hourOfMinute(minute)
  const gpus = [...new Set(["", ...gpusOf(before), ...gpusOf(live)])]
  const rows = hourRows(look, hour, live, yield* prices.hoursOf(look, hour, gpus))
  if (changes.length > 0) yield* prices.change(changes, forgottenBefore(minute))
  if (rows.length > 0) yield* prices.saveHours(rows)
  yield* prices.looked(look, minute)
  yield* prices.forget(look, forgottenBefore(minute))
  return news
})

const compared = (a: string | number | boolean, b: string | number | boolean): number => (a < b ? -1 : a > b ? 1 : 0)

/** In the order of time, and of names at one moment: the same from every store. */
const inOrder = <A>(items: ReadonlyArray<A>, at: (item: A) => number): ReadonlyArray<A> =>
  items
    .map((item) => ({ item, name: JSON.stringify(item) }))
    .sort((a, b) => at(a.item) - at(b.item) || compared(a.name, b.name))
    .map(({ item }) => item)

/** The changes from a moment on, with the one that was in force then. */
const since = (changes: ReadonlyArray<PriceChange>, from: number): ReadonlyArray<PriceChange> => {
  const first = changes.findIndex(({ at }) => at > from)
  return changes.slice(Math.max(0, (first < 0 ? changes.length : first) - 1))
}

/** What a ledger does with the prices of the market. */
export const priceCalls = ({ read, write }: Store): PriceLedger => ({
  recordPrices: (looks, at) =>
    write((tables) =>
      Effect.map(
        Effect.forEach(looks, (look) => recordLook(tables, look, minuteOf(at))),
        (all) =>
          all.reduce(
            (sum, { changed, gone, same }) => ({
              changed: sum.changed + changed,
              gone: sum.gone + gone,
              same: sum.same + same
            }),
            nothing
          )
      )
    ),
  priceChanges: (query) =>
    read(({ prices }) =>
      Effect.map(prices.changes(query), (series) => {
        const { from, to = Number.MAX_SAFE_INTEGER } = query
        const all = inOrder(series.map(changeOf), ({ at }) => at).filter(({ at }) => at < to)
        return from === undefined ? all : since(all, from)
      })
    ),
  marketHours: (query = {}) =>
    read(({ prices }) =>
      Effect.map(prices.hours({ ...query, ...hoursOf(query) }), (rows) =>
        inOrder(rows.map(marketHourOf), ({ hour }) => hour)
      )
    )
})
