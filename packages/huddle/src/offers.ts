import { type GpuError, Listing, type Offer } from "@anygpu/core"
import { type Caller, mapRows } from "@anygpu/core/adapter"
import * as Effect from "effect/Effect"
import { endpoints } from "./endpoints.ts"
import { allRows } from "./pages.ts"
import { offersOf, placesOf } from "./to-domain.ts"
import * as wire from "./wire.ts"

/** The largest page; the default is 6. Source: Huddle01 docs, GPU Offers. */
const pageSize = 100

const source = {
  provider: "huddle",
  kind: "vm",
  operation: "listOffers",
  part: "offers",
  idField: "instance_type",
  idOf: ({ instance_type }: wire.Offer) => instance_type
} as const

/**
 * Every type that is free now, in each of its places.
 *
 * - No filter is sent: there are a few dozen types in all, and it is not documented how `gpu_model` compares names.
 */
export const allOffers = (caller: Caller): Effect.Effect<Listing<Offer<"huddle", "vm">>, GpuError> =>
  allRows(caller, {
    operation: "listOffers",
    part: "offers",
    schema: wire.Offer,
    id: "instance_type",
    keyOf: (row) =>
      placesOf(row)
        .map(({ id }) => id)
        .join(),
    ask: (page = "1") =>
      caller.call(endpoints.listOffers, {
        query: { available_only: true, limit: pageSize, page: Number(page) },
        kind: "vm"
      }),
    next: ({ rows }, number, more = rows.length >= pageSize) => (more ? String(number + 1) : undefined)
  }).pipe(
    Effect.map(({ items: types, observedAt, problems: before }): Listing<Offer<"huddle", "vm">> => {
      const rows = types.map(({ row }) => row)
      const { items, problems } = mapRows(rows, source, (row, at) => offersOf(row, types[at]?.native, observedAt))
      return Listing.read({ items, observedAt, problems: [...before, ...problems] })
    })
  )
