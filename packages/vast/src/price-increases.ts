import { type GpuError, type Listing, Listing as ListingOf, Timeout } from "@anygpu/core"
import type { Caller } from "@anygpu/core/adapter"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { type PriceIncrease, type PriceIncreasesAnswer, priceEndpoints } from "./price-endpoints.ts"
import type * as wire from "./wire.ts"

/** A machine with the price increase that waits for its renter: null where none does, left out where nobody could tell. */
export type Priced = wire.Instance & { readonly price_increase?: PriceIncrease | null }

/** A list of machines is not held up for longer by what only goes with it. */
const patience = Duration.seconds(5)

const tooSlow = new Timeout({
  message: "listPriceIncreases: Vast did not answer in time, so nobody knows whether a price increase waits for you",
  retry: "temporary",
  provider: "vast",
  operation: "listPriceIncreases",
  after: patience
})

/**
 * Machines with their pending price increases.
 *
 * - Asks once more, and only where there is a machine. When that fails, the list is whole all the same, and says what it
 *   could not tell.
 */
export const withPriceIncreases =
  (caller: Caller) =>
  (machines: Listing<wire.Instance>): Effect.Effect<Listing<Priced>> => {
    if (machines.items.length === 0) return Effect.succeed(machines)
    const asked: Effect.Effect<PriceIncreasesAnswer, GpuError> = caller
      .call(priceEndpoints.listPriceIncreases)
      .pipe(Effect.timeoutOrElse({ duration: patience, orElse: () => Effect.fail(tooSlow) }))
    return Effect.match(asked, {
      onSuccess: ({ pending_price_increases: rows, truncated }) => {
        const pending = new Map(rows.map((row) => [String(row.contract_id), row]))
        const unlisted = truncated === true ? {} : { price_increase: null }
        return machines.with(
          machines.items.map((row): Priced => {
            const increase = pending.get(String(row.id))
            return increase ? { ...row, price_increase: increase } : { ...row, ...unlisted }
          })
        )
      },
      onFailure: (error) => {
        const { items, complete, observedAt, problems } = machines
        const problem = { provider: "vast", part: "price increases", error }
        return new ListingOf<Priced>({ items, complete, observedAt, problems: [...problems, problem] })
      }
    })
  }

const dayOf = (seconds: number): string => DateTime.formatIsoDateUtc(DateTime.makeUnsafe(Math.floor(seconds * 1000)))

/** How much more a rate becomes, in words; null where one of them is not told. Their unit does not matter. */
const rise = (what: string, now: number | null | undefined, then: number | null | undefined): string | null =>
  now && then && now > 0 && then > 0 && now !== then
    ? `${what} ${then > now ? "+" : ""}${Math.round((then / now - 1) * 100)} %`
    : null

/** What the renter has to decide, in words. */
export const noticeOf = (increase: PriceIncrease): string => {
  const parts = [
    rise("GPU", increase.old_gpu_costpersec, increase.new_gpu_costpersec),
    rise("disk and memory", increase.old_disk_ram_costpersec, increase.new_disk_ram_costpersec),
    rise("upload", increase.old_bwu_cost, increase.new_bwu_cost),
    rise("download", increase.old_bwd_cost, increase.new_bwd_cost)
  ].filter((part) => part !== null)
  const from = increase.contract_end_date
  const when =
    from != null && Number.isFinite(from) && Math.abs(from) < 8e12 ? ` from ${dayOf(from)} on` : " after this contract"
  const what = parts.length > 0 ? ` (${parts.join(", ")})` : ""
  const id = increase.pending_price_increase_id
  return `the host wants another price${when}${what}: accept or reject it, as pending_price_increase_id ${id}, in the console or by native.acceptPriceIncrease and native.rejectPriceIncrease`
}
