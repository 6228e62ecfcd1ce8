import {
  type GpuError,
  InvalidRequest,
  type Listing,
  type Money,
  money,
  scaleMoney,
  type Volume,
  withContext
} from "@anygpu/core"
import { type Caller, listRows, type VolumeWords } from "@anygpu/core/adapter"
import * as Effect from "effect/Effect"
import { endpoints } from "./endpoints.ts"
import type { Launch } from "./from-domain.ts"
import { partsOf } from "./offer-id.ts"
import { placeOf } from "./to-domain.ts"
import { decimalOf, mibOfGB, priceOfText } from "./values.ts"
import * as wire from "./wire.ts"

const rowsOf = (caller: Caller) =>
  listRows<wire.Volume>(caller, {
    ...{ cloud: "Shadeform", operation: "listVolumes", part: "volumes", field: "volumes" },
    ...{ schema: wire.Volume, keyOf: ({ id }) => id },
    ask: () => Effect.map(caller.call(endpoints.listVolumes), ({ volumes: rows }) => ({ rows }))
  })

const typesOf = (caller: Caller) =>
  listRows<wire.VolumeType>(caller, {
    ...{ cloud: "Shadeform", operation: "listVolumeTypes", part: "types of volume", field: "volume_types" },
    ...{ schema: wire.VolumeType, id: "region", keyOf: ({ cloud, region }) => `${cloud}/${region}` },
    ask: () => Effect.map(caller.call(endpoints.listVolumeTypes), ({ volume_types: rows }) => ({ rows }))
  })

/** What a volume of so many GB costs per hour: prices have more digits than amounts, so that 1000 GB are priced first. */
export const volumePerHour = (perGB: string | null | undefined, gb: number | null | undefined): Money | null =>
  gb == null || !Number.isInteger(gb) || priceOfText(perGB) === null
    ? null
    : scaleMoney(money(`${decimalOf(perGB ?? "")}e3`), gb, 1000)

const volumeOf = (row: wire.Volume, types: ReadonlyArray<wire.VolumeType>): Volume => {
  const type = types.find(({ cloud, region }) => cloud === row.cloud && region === row.region)
  return {
    ...{ provider: "shadeform", id: row.id, name: row.name || null, sizeMiB: mibOfGB(row.size_in_gb) },
    ...{ type: row.cloud ?? null, location: placeOf({ region: row.region, display_name: null }) },
    pricePerHour: volumePerHour(type?.price_per_gb_per_hour, row.size_in_gb),
    attachedTo: row.mounted_by ? [row.mounted_by] : [],
    native: row
  }
}

/**
 * The volumes of the account. Their `type` is the cloud behind that has them.
 *
 * - What they cost is in the list of types, which is asked where there is a volume; where it cannot be read, nobody knows it.
 */
export const volumesOf = (caller: Caller): Effect.Effect<Listing<Volume>, GpuError> =>
  Effect.gen(function* () {
    const rows = yield* rowsOf(caller)
    if (rows.items.length === 0) return rows.with([])
    const types = yield* Effect.match(typesOf(caller), { onFailure: () => [], onSuccess: ({ items }) => items })
    return rows.with(rows.items.map((row) => volumeOf(row, types)))
  })

const problemOf = (row: wire.Volume | undefined, { offer, id }: { readonly offer: Launch["offer"]; id: string }) => {
  const { cloud, region } = partsOf(offer.id) ?? {}
  if (!row) return `"${id}" is no volume of this account: see volumes()`
  if (row.cloud !== cloud || row.region !== region) {
    return `stands in ${row.region} of ${row.cloud}, and the offer in ${region} of ${cloud}: take an offer there`
  }
  const isFree = !row.mounted_by || row.supports_multi_mount === true
  return isFree ? null : `is on machine ${row.mounted_by}, and on one at a time`
}

/**
 * Checks the volume of a launch: one of the account, that no other machine has, of the offer's own cloud and region. It is read
 * where there is one, and nothing is asked where there is none.
 *
 * Source: Shadeform docs, guides/attachvolume.
 */
export const checkVolumes = (caller: Caller, { offer, attach = [] }: Launch): Effect.Effect<void, GpuError> =>
  attach.length === 0
    ? Effect.void
    : Effect.flatMap(rowsOf(caller), ({ items }) =>
        Effect.forEach(
          attach,
          ({ id }, index) => {
            const problem = problemOf(
              items.find((row) => row.id === id),
              { offer, id }
            )
            return problem === null
              ? Effect.void
              : Effect.fail(withContext(InvalidRequest.of(`attach[${index}]`, problem), { reach: "here" }))
          },
          { discard: true }
        )
      )

/** How volumes that no machine has are named. */
export const leftoverWords: VolumeWords = {
  ...{ what: "volume", on: "machine", unpriced: "money" },
  place: ({ type, location: { region } }) => `${region} of ${type}`
}
