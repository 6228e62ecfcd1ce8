import { type Image as CommonImage, type GpuError, InvalidRequest, type Listing } from "@anygpu/core"
import { type Caller, listRows } from "@anygpu/core/adapter"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { endpoints } from "./endpoints.ts"
import type { Resolved } from "./from-domain.ts"
import * as wire from "./wire.ts"

/** Every image in every region. */
export const imagesOf = (caller: Caller) =>
  listRows<wire.Image>(caller, {
    ...{ cloud: "Lambda", operation: "listImages", part: "images", kind: "vm", schema: wire.Image },
    keyOf: ({ id, region }) => `${id} ${region?.name}`,
    ask: () => Effect.map(caller.call(endpoints.listImages, { kind: "vm" }), (rows) => ({ rows }))
  })

/** An image in one region as `os` may name it: by its id, or by its family, of which Lambda takes the newest. */
export const commonImages = (all: Listing<wire.Image>): Listing<CommonImage> =>
  all.with(
    all.items.map((row) => ({
      id: row.id,
      name: [row.family ?? row.name ?? row.id, row.region?.name].filter(Boolean).join(" in "),
      native: row
    }))
  )

const regionsOf = (rows: ReadonlyArray<wire.Image>): string =>
  [...new Set(rows.flatMap(({ region }) => region?.name ?? []))].sort().join(", ")

type Chosen = NonNullable<Resolved["image"]>

const familiesIn = (rows: ReadonlyArray<wire.Image>): string =>
  [...new Set(rows.flatMap(({ family }) => family ?? []))].sort().join(", ")

const choose = (
  rows: ReadonlyArray<wire.Image>,
  region: string,
  name: string
): Result.Result<Chosen, InvalidRequest> => {
  const same = rows.filter((row) => row.id === name || row.family === name || row.name === name)
  const [image] = same.filter((row) => row.region?.name === region)
  if (image) return Result.succeed(image.family === name ? { family: name } : { id: image.id })
  const has = familiesIn(rows.filter((row) => row.region?.name === region))
  const problem =
    same.length > 0
      ? `"${name}" is not in ${region}, but in ${regionsOf(same)}: take an offer there, or one of ${has}`
      : `"${name}" is no image of Lambda: ${region} has ${has}`
  return Result.fail(InvalidRequest.of("os", problem))
}

/**
 * What a launch names as its image in a region: a family, or the id of an image that the region has.
 *
 * - `InvalidRequest` where the region has none of that name: it says which regions do, or what there is.
 */
export const imageIn = (caller: Caller, region: string, os: string): Effect.Effect<Chosen, GpuError> =>
  Effect.flatMap(imagesOf(caller), ({ items }) => Effect.fromResult(choose(items, region, os.trim())))
