import { type Image as CommonImage, type GpuError, InvalidRequest, type Listing, withContext } from "@anygpu/core"
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

/** Names are compared whole, in any case of letters. */
const isNamed =
  (name: string) =>
  ({ id, family, name: own }: wire.Image): boolean =>
    [id, family, own].some((one) => one?.toLowerCase() === name.toLowerCase())

const choose = (
  rows: ReadonlyArray<wire.Image>,
  region: string,
  name: string
): Result.Result<Chosen, InvalidRequest> => {
  const same = rows.filter(isNamed(name))
  const [image] = same.filter((row) => row.region?.name === region)
  if (image) {
    const { family } = image
    return Result.succeed(family?.toLowerCase() === name.toLowerCase() ? { family } : { id: image.id })
  }
  const has = familiesIn(rows.filter((row) => row.region?.name === region))
  if (same.length === 0) {
    return Result.fail(InvalidRequest.of("os", `"${name}" is no image of Lambda: ${region} has ${has}`))
  }
  const problem = `"${name}" is not in ${region}, but in ${regionsOf(same)}: take an offer there, or one of ${has}`
  return Result.fail(withContext(InvalidRequest.of("os", problem), { reach: "here" }))
}

/**
 * What a launch names as its image in a region: a family, or the id of an image that the region has.
 *
 * - `InvalidRequest` where no region has one of that name. Where others have it, that reaches no further than the offer.
 */
export const imageIn = (caller: Caller, region: string, os: string): Effect.Effect<Chosen, GpuError> =>
  Effect.flatMap(imagesOf(caller), ({ items }) => Effect.fromResult(choose(items, region, os.trim())))
