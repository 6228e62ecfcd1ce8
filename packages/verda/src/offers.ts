import { type GpuError, Listing, type Location, type Offer, type ResolvedFilter } from "@anygpu/core"
import { type Caller, gbOfMiB, listRows, mapRows, wantsMachinesWithoutGpu } from "@anygpu/core/adapter"
import * as Effect from "effect/Effect"
import type * as z from "zod"
import { endpoints } from "./endpoints.ts"
import { offerOf } from "./to-domain.ts"
import { defaultGB, priceOf } from "./values.ts"
import * as wire from "./wire.ts"

/** A list of the catalog, whose rows have an id of another name. */
const rowsOf = <A extends object>(
  caller: Caller,
  ask: Effect.Effect<ReadonlyArray<unknown>, GpuError>,
  { operation, part, id, schema }: { operation: string; part: string; id: keyof A & string; schema: z.ZodType<A> }
) =>
  listRows<A>(caller, {
    ...{ cloud: "Verda", operation, part, kind: "vm", id, schema, keyOf: (row) => String(row[id]) },
    ask: () => Effect.map(ask, (rows) => ({ rows }))
  })

/** Nothing is read out of a code such as `FIN-01`: its country is in the list of places. */
const placesOf = (rows: ReadonlyArray<wire.Location>) => {
  const byCode = new Map(rows.map((row) => [row.code, row]))
  return (code: string): Location => {
    const { name, country_code: country } = byCode.get(code) ?? {}
    const isCode = country != null && /^[a-z]{2}$/i.test(country)
    return { country: isCode ? country.toUpperCase() : null, region: code, native: name || code }
  }
}

/**
 * What can be rented: each type in each place that has it, on demand, or as spot where the filter wants what is interruptible.
 *
 * - The two have a stock of their own: a type that a place does not name is not to be had there. A create may be refused all
 *   the same.
 * - Machines without a GPU are among them where the filter names the kind and `minVcpus`, and nothing of a GPU.
 */
export const offersOf = (
  caller: Caller,
  filter: ResolvedFilter
): Effect.Effect<Listing<Offer<"verda", "vm">>, GpuError> => {
  const { call } = caller
  const isSpot = filter.interruptible === true
  const dollars = { query: { currency: "usd" }, kind: "vm" } as const
  const [operation, part, id] = ["listInstanceTypes", "types", "instance_type"] as const
  const reads = {
    types: rowsOf(caller, call(endpoints.listInstanceTypes, dollars), {
      operation,
      part,
      id,
      schema: wire.InstanceType
    }),
    stock: rowsOf<wire.Availability>(
      caller,
      call(endpoints.listAvailability, { query: { is_spot: isSpot }, kind: "vm" }),
      { operation: "listAvailability", part: "stock", id: "location_code", schema: wire.Availability }
    ),
    places: rowsOf<wire.Location>(caller, call(endpoints.listLocations, { kind: "vm" }), {
      ...{ operation: "listLocations", part: "places", id: "code", schema: wire.Location }
    }),
    disks: rowsOf<wire.VolumeType>(caller, call(endpoints.listVolumeTypes, dollars), {
      ...{ operation: "listVolumeTypes", part: "types of volume", id: "type", schema: wire.VolumeType }
    })
  }
  return Effect.map(Effect.all(reads, { concurrency: "unbounded" }), ({ types, stock, places, disks }) => {
    const { price } = disks.items.find(({ type }) => type === "NVMe") ?? {}
    const disk = Math.max(defaultGB, gbOfMiB(filter.minDiskMiB ?? 0))
    const perUnitMonth = priceOf(price?.price_per_month_per_gb, price?.currency)
    const shelf = { isSpot, disk, perUnitMonth, observedAt: types.observedAt }
    const locationOf = placesOf(places.items)
    const wanted = types.items.filter((row) => wantsMachinesWithoutGpu(filter) || row.gpu?.number_of_gpus !== 0)
    const source = { provider: "verda", kind: "vm", operation, part, idField: id } as const
    const made = mapRows(wanted, { ...source, idOf: (row) => row.instance_type }, (row) =>
      stock.items
        .filter(({ availabilities }) => availabilities?.includes(row.instance_type))
        .map(({ location_code }) => offerOf(row, locationOf(location_code), shelf))
    )
    const problems = [types, stock, places, disks].flatMap((list) => list.problems)
    return Listing.read({ items: made.items, observedAt: types.observedAt, problems: [...problems, ...made.problems] })
  })
}
