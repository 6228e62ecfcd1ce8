import { type GpuError, type Listing, Listing as ListingOf, type Problem, Timeout } from "@anygpu/core"
import { type Caller, markUnread, unreadIn } from "@anygpu/core/adapter"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { PriceIncrease, priceEndpoints } from "./price-endpoints.ts"
import type * as wire from "./wire.ts"

/**
 * A machine with the price increase that waits for its renter: null where none does, absent where that could not be read.
 */
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

const at = { part: "pending_price_increases", operation: "listPriceIncreases", id: "contract_id" }

/** Reads what waits, row by row: whether it is all that waits, and what of it could not be read. */
const readIncreases = Effect.fnUntraced(function* (caller: Caller) {
  const { pending_price_increases: raw, truncated } = yield* caller.call(priceEndpoints.listPriceIncreases)
  const { rows, problems } = yield* caller.rows(PriceIncrease, raw, at)
  return { rows, problems, isAll: truncated !== true && rows.length === raw.length }
})

const withMore = (machines: Listing<wire.Instance>, items: ReadonlyArray<Priced>, problems: ReadonlyArray<Problem>) => {
  const { complete, observedAt, problems: before } = machines
  return new ListingOf<Priced>({ items, complete, observedAt, problems: [...before, ...problems] })
}

const pricedBy = (row: wire.Instance, increase: PriceIncrease): Priced => {
  const unread = unreadIn(increase).map(({ field, found }) => ({ field: `price_increase.${field}`, found }))
  return markUnread({ ...row, price_increase: increase }, [...unreadIn(row), ...unread])
}

/**
 * Machines with their pending price increases.
 *
 * - Asks once more, and only where there is a machine. When that fails, the list is whole all the same, and says what it
 *   could not read.
 * - An increase that cannot be read costs only itself; then no machine is said to have none.
 */
export const withPriceIncreases =
  (caller: Caller) =>
  (machines: Listing<wire.Instance>, by: "read" | "list"): Effect.Effect<Listing<Priced>> => {
    if (by === "read" || machines.items.length === 0) return Effect.succeed(machines)
    const asked = readIncreases(caller).pipe(
      Effect.timeoutOrElse({ duration: patience, orElse: () => Effect.fail(tooSlow) })
    )
    return Effect.match(asked, {
      onSuccess: ({ rows, problems, isAll }) => {
        const pending = new Map(rows.map((row) => [String(row.contract_id), row]))
        const unlisted = isAll ? { price_increase: null } : {}
        const items = machines.items.map((row): Priced => {
          const increase = pending.get(String(row.id))
          return increase ? pricedBy(row, increase) : { ...row, ...unlisted }
        })
        // What of a row cannot be read goes with its machine.
        return withMore(
          machines,
          items,
          problems.filter(({ field }) => field === undefined)
        )
      },
      onFailure: (error: GpuError) =>
        withMore(machines, machines.items, [{ provider: "vast", part: "price increases", error }])
    })
  }

const dayOf = (seconds: number): string => DateTime.formatIsoDateUtc(DateTime.makeUnsafe(Math.floor(seconds * 1000)))

/** How much more a rate becomes, in words; null where one of them is missing. Their unit does not matter. */
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
