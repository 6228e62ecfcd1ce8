import { numberIn } from "../../kit/fields.ts"
import { ok, type Reply } from "../../kit/http.ts"
import { type InstanceType, images, regions, volumeTypes } from "../catalogue.ts"
import { answer, type Call, invalid, page } from "../http.ts"
import { toCents } from "../money.ts"
import { isAvailable, offerRow } from "../row.ts"

/** GET /billing/balance: rounded to cents, while the meter runs finer. Source: Huddle01 docs, GPU Billing. */
export const showBalance = ({ world }: Call): Reply => {
  const balance_cents = toCents(world.state.credit)
  return answer({ balance_cents, balance_usd: balance_cents / 100 })
}

const vramOf = ({ vramGb, gpus }: InstanceType) => vramGb * gpus

const sorts: Readonly<Record<string, (a: InstanceType, b: InstanceType) => number>> = {
  price: (a, b) => a.price - b.price,
  vram: (a, b) => vramOf(a) - vramOf(b),
  gpu_count: (a, b) => a.gpus - b.gpus,
  gpu_model: (a, b) => (a.model < b.model ? -1 : a.model > b.model ? 1 : 0)
}

/** Source: Huddle01 docs, List available GPUs: the default and the most of `limit`. */
const defaultLimit = 6
const mostOffers = 100

const limitOf = (text: string | null): number | undefined => {
  if (text === null) return undefined
  return text.trim() === "" ? Number.NaN : Number(text)
}

/**
 * GET /gpus/available. Source: Huddle01 docs, List available GPUs.
 *
 * - Sold-out types show with `available_only=false` alone. `min_vram` is of all GPUs together.
 * - Undocumented: a limit above 100 is taken as 100, a page past the last one is empty, a bad filter is a 400, models
 *   compare without case, ties are in the order of names.
 */
export const listOffers = ({ world, query }: Call): Reply => {
  const [model, maxPrice, minVram] = [
    query.get("gpu_model"),
    limitOf(query.get("max_price")),
    limitOf(query.get("min_vram"))
  ]
  const compare = sorts[query.get("sort_by") ?? "price"]
  const order = query.get("sort_order") ?? "asc"
  if (Number.isNaN(maxPrice)) return invalid("max_price")
  if (Number.isNaN(minVram)) return invalid("min_vram")
  if (compare === undefined) return invalid("sort_by")
  if (order !== "asc" && order !== "desc") return invalid("sort_order")
  const onlyAvailable = query.get("available_only") !== "false"
  const found = [...world.types.values()].filter(
    (type) =>
      (model === null || type.model.toLowerCase() === model.toLowerCase()) &&
      (maxPrice === undefined || type.price <= maxPrice * 1_000_000) &&
      (minVram === undefined || vramOf(type) >= minVram) &&
      (!onlyAvailable || isAvailable(world, type))
  )
  const turn = order === "asc" ? 1 : -1
  found.sort((a, b) => turn * compare(a, b) || (a.name < b.name ? -1 : 1))
  const limit = numberIn(query, "limit", defaultLimit, mostOffers)
  const from = (numberIn(query, "page", 1, Number.MAX_SAFE_INTEGER) - 1) * limit
  const rows = found.slice(from, from + limit).map((type) => offerRow(world, type))
  const total = found.length
  if (world.choices.offersAs === "reference") return page(rows, { total })
  return ok({ code: "OK", data: rows, meta: { total, has_more: from + limit < total } })
}

/** GET /gpus/available/summary: its answer is undocumented, an empty object here. Source: official CLI. */
export const summarizeOffers = (): Reply => answer({})

/**
 * GET /deployments/availability/{cluster_type}: a hint, of any location. Source: Huddle01 docs, Check Availability.
 *
 * - A type that nobody knows isn't available: undocumented.
 */
export const checkAvailability = ({ world, params }: Call): Reply => {
  const type = world.types.get(params.cluster_type ?? "")
  return answer({ cluster_type: params.cluster_type, is_available: type !== undefined && isAvailable(world, type) })
}

/**
 * GET /images. Source: Huddle01 docs, Deployments (the path); official CLI (`cluster_type`, `image_type`).
 *
 * - The fields of an image are undocumented: an id, as deploy takes it; its slug under the name of the filter; a name.
 *   Every image fits every known type.
 */
export const listImages = ({ world, query }: Call): Reply => {
  const [type, slug] = [query.get("cluster_type"), query.get("image_type")]
  const rows = images
    .filter((image) => (type === null || world.types.has(type)) && (slug === null || image.slug === slug))
    .map((image) => ({ id: image.id, image_type: image.slug, name: image.name }))
  return page(rows, { total: rows.length })
}

/** GET /regions. Source: official CLI; the items are undocumented, here those of an offer's `regions`. */
export const listRegions = (): Reply => answer(regions)

/** GET /volume-types. Source: official CLI; the items are undocumented, here the names that GPU Volumes lists. */
export const listVolumeTypes = (): Reply => answer(volumeTypes.map((type) => ({ type })))
