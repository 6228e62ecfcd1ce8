import type { Listing, Offer, OfferFilter } from "@anygpu/core"
import { check, show } from "../check.ts"
import { type Entry, suite } from "../conformance-test.ts"
import type { TestContext } from "../test-context.ts"
import { type FilterKind, filterKinds } from "./filter-kinds.ts"

const test = suite("offer filters", { anyHabit: true })

const listed = async (context: TestContext, filter?: OfferFilter): Promise<Listing<Offer>> => {
  const listing = await context.ok(context.provider.offers(filter))
  check(listing.complete, `the list of offers should be complete: ${show(listing.problems)}`)
  return listing
}

const some = async (context: TestContext): Promise<ReadonlyArray<Offer>> => {
  const { items } = await listed(context)
  check(items.length > 0, "a fresh account should see offers")
  return items
}

/** Where no offer says what a filter reads, its cloud cannot have filtered: all of them are counted. */
const checkUnknown = (
  { name, unknown, read }: FilterKind,
  offers: ReadonlyArray<Offer>,
  { excluded }: Listing<Offer>
): void => {
  if (unknown === null || offers.some((offer) => read(offer) !== null && read(offer) !== undefined)) return
  const counted = excluded[unknown] ?? 0
  check(
    counted >= offers.length,
    `${name}: of ${offers.length} offers ${counted} are counted as "${unknown}": ${show(excluded)}`
  )
}

const keepsToIt = (kind: FilterKind) => async (context: TestContext) => {
  const offers = await some(context)
  const nothing = kind.impossible(offers)
  const none = await listed(context, nothing)
  check(none.items.length === 0, `${show(nothing)} lets through offer ${none.items[0]?.id}: ${show(none.items[0])}`)
  checkUnknown(kind, offers, none)
  const possible = kind.possible(offers)
  if (possible === null) return
  const { filter, fits } = possible
  const { items } = await listed(context, filter)
  const wrong = items.find((offer) => !fits(offer))
  check(wrong === undefined, `${show(filter)} lets through offer ${wrong?.id}: ${show(wrong)}`)
  const found = new Set(items.map(({ id }) => id))
  const missing = offers.find((offer) => fits(offer) && !found.has(offer.id))
  check(missing === undefined, `${show(filter)} leaves out offer ${missing?.id}, which fits: ${show(missing)}`)
}

/** Filters on what a cloud may not say: nothing that does not fit gets through, nothing that fits is lost, and what is not known is counted. */
export const offerFilterSuite: ReadonlyArray<Entry> = [
  ...filterKinds.map((kind) =>
    test(`${kind.name} lets through what fits, and nothing that is not known`, keepsToIt(kind))
  ),
  test("only machines that the cloud says are in data centres are so", async (context) => {
    const offers = await some(context)
    const found = await listed(context, { datacenter: true })
    const wrong = found.items.find(({ datacenter }) => datacenter !== true)
    check(wrong === undefined, `datacenter lets through offer ${wrong?.id}: ${show(wrong)}`)
    const fitting = offers.filter(({ datacenter }) => datacenter === true).length
    check(found.items.length === fitting, `of ${fitting} offers in data centres ${found.items.length} are found`)
    const unknown = offers.filter(({ datacenter }) => datacenter === null || datacenter === undefined).length
    const counted = found.excluded["unknown hosting"] ?? 0
    check(unknown < offers.length || counted >= unknown, `of ${unknown} offers ${counted} are "unknown hosting"`)
  }),
  test("what a filter leaves out is counted, by its name", async (context) => {
    const offers = await some(context)
    const { items, excluded } = await listed(context, { regions: ["no such place"] })
    check(items.length === 0, `a region that there is not lets through offer ${items[0]?.id}`)
    check(
      (excluded["regions"] ?? 0) >= offers.length,
      `${offers.length} offers are left out, counted: ${show(excluded)}`
    )
  })
]
