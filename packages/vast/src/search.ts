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
import { type Caller, mapRows } from "@anygpu/core/adapter"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { endpoints } from "./endpoints.ts"
import { nextAfter, type Place } from "./pages.ts"
import { type SearchScope, searchOf } from "./search-body.ts"
import { gbOfMiB, isGpuOffer, offerOf } from "./to-domain.ts"
import * as wire from "./wire.ts"

/** Of one page: its rows as they came and as they are read, in the same places. */
const readPage = Effect.fnUntraced(function* (caller: Caller, kind: Kind, offers: ReadonlyArray<unknown>) {
  const at = { part: "offers", operation: "searchOffers", kind }
  const { rows, native, problems } = yield* caller.rows(wire.Offer, offers, at)
  const source = { ...at, provider: caller.provider, idOf: ({ id }: wire.Offer) => String(id), idField: "id" }
  return { rows, native, problems, source }
})

/**
 * Every offer: searches on until a page is not full; what cannot be had is said.
 *
 * - Without a limit the next page is on its way while the offers of this one are made.
 * - Rows of the market that are no machine with GPUs, such as disks, are no offers.
 */
export const searchWith =
  <K extends Kind>(caller: Caller, kind: K, scope: Omit<SearchScope, "place">) =>
  (filter: ResolvedFilter): Effect.Effect<Listing<Offer<"vast", K>>, GpuError> =>
    Effect.gen(function* () {
      const { limit, interruptible = false } = filter
      const rejected = rejectionBy(filter)
      const found = new Map<string, Offer<"vast", K>>()
      const problems: Problem[] = []
      const observedAt = yield* DateTime.now
      const searched = { kind, interruptible, diskGB: gbOfMiB(filter.minDiskMiB), observedAt }
      const search = (place: Place) =>
        Effect.result(caller.call(endpoints.searchOffers, { body: searchOf(filter, { ...scope, place }), kind }))
      const miss = (part: string) => {
        const message = `Vast has more offers than the ${found.size} that were read; narrow the filter`
        const error = new ProviderFault({ message, retry: "permanent", provider: "vast", kind })
        problems.push({ provider: "vast", kind, part, error })
      }
      const isEnough = () => [...found.values()].filter((offer) => rejected(offer) === null).length >= (limit ?? 0)
      const count = { byPrice: 0, byMachine: 0 }
      let place: Place = { by: "price" }
      let answer = yield* search(place)
      for (let page = 1; ; page++) {
        if (answer._tag === "Failure") {
          if (page === 1) return yield* Effect.fail(answer.failure)
          problems.push({ provider: "vast", kind, part: `page ${page} of the offers`, error: answer.failure })
          break
        }
        count[place.by === "price" ? "byPrice" : "byMachine"]++
        const { offers } = answer.success
        const { rows, native, problems: bad, source } = yield* readPage(caller, kind, offers)
        const isNew = rows.some(({ id }) => !found.has(String(id)))
        const { place: next, missing } = nextAfter({ place, size: offers.length, rows, isNew }, count)
        const ahead =
          next && limit === undefined ? yield* Effect.forkChild(search(next), { startImmediately: true }) : null
        const made = mapRows(rows, source, (row, index) =>
          isGpuOffer(row) ? [offerOf(row, native[index], searched)] : []
        )
        for (const offer of made.items) found.set(offer.id, offer)
        problems.push(...bad, ...made.problems)
        if (next === null && missing === null) break
        if (limit !== undefined && isEnough()) break
        if (missing !== null) miss(missing)
        if (next === null) break
        place = next
        answer = yield* ahead ? Fiber.join(ahead) : search(next)
      }
      return Listing.read({ items: [...found.values()], observedAt, problems })
    })
