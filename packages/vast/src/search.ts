import {
  type GpuError,
  type Kind,
  Listing,
  type Offer,
  type Problem,
  ProviderFault,
  type ResolvedFilter,
  rejectionBy
} from "@anygpu/core"
import type { Caller } from "@anygpu/core/adapter"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { endpoints } from "./endpoints.ts"
import { type SearchScope, searchOf } from "./from-domain.ts"
import { gbOfMiB, offerOf } from "./to-domain.ts"
import * as wire from "./wire.ts"

/** Rows of one search; more than that are had by searching on from the last price. */
const pageSize = 5_000
const mostPages = 4

/** What one observer saw every search cut at, whatever limit was asked: a page of exactly this size may not be all. */
const rumouredCap = 64

/**
 * Searches on from the last price until a page is not full; what cannot be had is said.
 *
 * - Without a limit the next page is on its way while the offers of this one are made.
 */
export const searchWith =
  <K extends Kind>(caller: Caller, kind: K, scope: Omit<SearchScope, "fromPrice" | "pageSize">) =>
  (filter: ResolvedFilter): Effect.Effect<Listing<Offer<"vast", K>>, GpuError> =>
    Effect.gen(function* () {
      const { limit, interruptible = false } = filter
      const rejected = rejectionBy(filter)
      const found = new Map<number, Offer<"vast", K>>()
      const problems: Problem[] = []
      const observedAt = yield* DateTime.now
      const searched = { kind, interruptible, diskGB: gbOfMiB(filter.minDiskMiB), observedAt }
      const search = (fromPrice?: number) => {
        const body = searchOf(filter, { ...scope, pageSize, ...(fromPrice !== undefined && { fromPrice }) })
        return Effect.result(caller.call(endpoints.searchOffers, { body, kind }))
      }
      let answer = yield* search()
      let fromPrice = 0
      for (let page = 1; ; page++) {
        if (answer._tag === "Failure") {
          if (page === 1) return yield* Effect.fail(answer.failure)
          problems.push({ provider: "vast", kind, part: `page ${page} of the offers`, error: answer.failure })
          break
        }
        const { offers } = answer.success
        const at = { part: "offers", operation: "searchOffers", kind }
        const { rows, native, problems: bad } = yield* caller.rows(wire.Offer, offers, at)
        problems.push(...bad)
        fromPrice = rows.reduce((highest, row) => Math.max(highest, row.dph_total ?? 0), fromPrice)
        const mayBeCut = offers.length >= pageSize || offers.length === rumouredCap
        const isLast = page === mostPages || (page > 1 && rows.every(({ id }) => found.has(id)))
        const next =
          mayBeCut && !isLast && limit === undefined
            ? yield* Effect.forkChild(search(fromPrice), { startImmediately: true })
            : undefined
        for (const [index, row] of rows.entries()) {
          found.set(row.id, offerOf(row, native[index], searched))
        }
        const isEnough = () => [...found.values()].filter((offer) => rejected(offer) === null).length >= (limit ?? 0)
        if (!mayBeCut || (limit !== undefined && isEnough())) break
        if (isLast) {
          const message = `Vast has more offers than the ${found.size} cheapest that were read; narrow the filter`
          const error = new ProviderFault({ message, retry: "permanent", provider: "vast", kind })
          problems.push({ provider: "vast", kind, part: "the dearer offers", error })
          break
        }
        answer = yield* next ? Fiber.join(next) : search(fromPrice)
      }
      return new Listing({ items: [...found.values()], complete: problems.length === 0, observedAt, problems })
    })
