import type { Offer } from "./wire.ts"

/** Rows of one search; more than that are had by searching on. */
export const pageSize = 5_000

/** What one observer saw every search cut at, whatever limit was asked: a page of exactly this size may not be all. */
const rumouredCap = 64

/** Pages by price, and besides them pages of offers that have one price: ten searches a minute are allowed. */
const mostPages = 4
const mostTiedPages = 6

/**
 * Where a search goes on.
 *
 * - `from`: at this price and above. `above`: above it.
 * - `at`: at this price alone, in the order of the physical machines, from `fromMachine` on.
 */
export type Place =
  | { readonly by: "price"; readonly from?: number; readonly above?: number }
  | { readonly by: "machine"; readonly at: number; readonly fromMachine?: number }

/** One page as it came, the rows of earlier pages among its own. */
export interface Page {
  readonly place: Place
  /** How many rows came, readable or not. */
  readonly size: number
  readonly rows: ReadonlyArray<Offer>
  /** Whether it shows an offer that no earlier page did. */
  readonly isNew: boolean
}

/** How many pages were read already. */
export interface Count {
  readonly byPrice: number
  readonly byMachine: number
}

/** What follows a page: where to search on, and what is missing because it cannot be had. */
export interface Next {
  readonly place: Place | null
  readonly missing: string | null
}

const mayBeCut = (size: number): boolean => size >= pageSize || size === rumouredCap

const rangeOf = (rows: ReadonlyArray<Offer>, of: (row: Offer) => number | null | undefined) => {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const row of rows) {
    const value = of(row)
    if (value == null) continue
    least = Math.min(least, value)
    most = Math.max(most, value)
  }
  return { least, most, isOne: least === most, isNone: most < least }
}

const over: Next = { place: null, missing: null }

const afterPrice = ({ rows, size, isNew, place }: Page, { byPrice, byMachine }: Count): Next => {
  if (!mayBeCut(size)) return over
  const { most, isOne, isNone } = rangeOf(rows, ({ dph_total }) => dph_total)
  // The page from a price may show just the offers of that price again; any other one has to show new ones.
  const isStuck = !isNew && !(isOne && place.by === "price" && place.from !== undefined)
  if (isNone || isStuck || byPrice >= mostPages) return { place: null, missing: "the dearer offers" }
  if (isOne && byMachine < mostTiedPages) return { place: { by: "machine", at: most }, missing: null }
  return isOne
    ? { place: { by: "price", above: most }, missing: `the other offers at ${most} USD` }
    : { place: { by: "price", from: most }, missing: null }
}

const afterMachine = (
  { rows, size, place }: Page & { readonly place: Extract<Place, { by: "machine" }> },
  { byMachine }: Count
): Next => {
  const above: Place = { by: "price", above: place.at }
  // A page begins at the last machine of the one before: an empty one, or one that does not get on, contradicts it.
  const missing = `the other offers at ${place.at} USD`
  if (rows.length === 0) return { place: above, missing }
  if (!mayBeCut(size)) return { place: above, missing: null }
  const { most, isNone } = rangeOf(rows, ({ machine_id }) => machine_id)
  const getsOn = !isNone && most > (place.fromMachine ?? Number.NEGATIVE_INFINITY) && byMachine < mostTiedPages
  return getsOn
    ? { place: { by: "machine", at: place.at, fromMachine: most }, missing: null }
    : { place: above, missing }
}

/**
 * Where to search on after a page that may have been cut: from its last price on, and through the physical machines where
 * a whole page has one price, since a search knows no other cursor.
 */
export const nextAfter = (page: Page, count: Count): Next =>
  page.place.by === "machine" ? afterMachine({ ...page, place: page.place }, count) : afterPrice(page, count)
