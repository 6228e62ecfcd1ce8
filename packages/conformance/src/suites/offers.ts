import { canonicalGpu, kinds, matchGpu, type Offer, type OfferFilter, zero } from "@anygpu/core"
import * as Result from "effect/Result"
import { refusedUnsent, unreadable } from "../asserts.ts"
import { check, show } from "../check.ts"
import { checkGpu, checkMiB, checkMoney } from "../common.ts"
import { type Entry, suite } from "../conformance-test.ts"
import { leakOf } from "../secrets.ts"
import type { TestContext } from "../test-context.ts"

const test = suite("offers", { anyHabit: true })

const all = async (context: TestContext, filter?: OfferFilter): Promise<ReadonlyArray<Offer>> => {
  const listing = await context.ok(context.provider.offers(filter))
  check(listing.complete, `the list of offers should be complete: ${show(listing.problems)}`)
  return listing.items
}

const some = async (context: TestContext): Promise<ReadonlyArray<Offer>> => {
  const offers = await all(context)
  check(offers.length > 0, "a fresh account should see offers")
  return offers
}

const checkOffer = (offer: Offer, context: TestContext): void => {
  const { provider } = context
  const what = `offer ${offer.id}`
  check(typeof offer.id === "string" && offer.id.length > 0, `${what} has no id`)
  check(offer.provider === provider.provider && offer.kind === provider.kind, `${what} is of another provider`)
  if (offer.gpu !== null) checkGpu(offer.gpu, what)
  check(offer.vcpus === null || offer.vcpus > 0, `${what}: ${offer.vcpus} vcpus; what is not known is null`)
  checkMiB(offer.memoryMiB, 128, `${what}: memoryMiB`)
  checkMiB(offer.diskMiB, 128, `${what}: diskMiB`)
  checkMiB(offer.storageMiB, 128, `${what}: storageMiB`)
  const { country } = offer.location
  check(country === null || /^[A-Z]{2}$/.test(country), `${what}: "${country}" is no country code`)
  check(["available", "unavailable", "unknown"].includes(offer.availability), `${what}: ${offer.availability}`)
  const { reliability } = offer
  check(reliability === null || (reliability >= 0 && reliability <= 1), `${what}: reliability ${reliability}`)
  check(Number.isFinite(offer.observedAt.epochMilliseconds), `${what} does not say when it was observed`)
  check(leakOf(offer, [context.world.secret]) === null, `${what} shows the API key`)
}

const median = (values: ReadonlyArray<number>): number | undefined =>
  values.toSorted((a, b) => a - b)[values.length >> 1]

/** For every filter that some offer can pass: a filter, and what each offer that passes has to fulfil. */
const filtersFor = (offers: ReadonlyArray<Offer>): ReadonlyArray<[OfferFilter, (offer: Offer) => boolean]> => {
  const of = (value: (offer: Offer) => number | null | undefined): number | undefined =>
    median(offers.flatMap((offer) => value(offer) ?? []))
  const gpu = offers.at(-1)?.gpu
  const covered = Result.getOrElse(matchGpu(gpu?.model ?? ""), (): ReadonlyArray<string> => [])
  const count = of((offer) => offer.gpu?.count)
  const vram = of((offer) => offer.gpu?.vramMiB)
  const vcpus = of((offer) => offer.vcpus)
  const memory = of((offer) => offer.memoryMiB)
  const disk = of((offer) => offer.storageMiB)
  const reliability = of((offer) => offer.reliability)
  const price = offers[offers.length >> 1]?.pricePerHour
  const country = offers.map(({ location }) => location.country).find((code) => code !== null)
  return [
    ...(gpu?.known ? [[{ gpu: gpu.model }, (offer: Offer) => covered.includes(offer.gpu?.model ?? "")] as const] : []),
    ...(count ? [[{ gpuCount: count }, (offer: Offer) => offer.gpu?.count === count] as const] : []),
    ...(vram ? [[{ minVramMiB: vram }, (offer: Offer) => (offer.gpu?.vramMiB ?? 0) >= vram * 0.96] as const] : []),
    ...(vcpus
      ? [[{ minVcpus: Math.floor(vcpus) }, (offer: Offer) => (offer.vcpus ?? 0) >= Math.floor(vcpus)] as const]
      : []),
    ...(memory ? [[{ minMemoryMiB: memory }, (offer: Offer) => (offer.memoryMiB ?? 0) >= memory] as const] : []),
    ...(disk ? [[{ minDiskMiB: disk }, (offer: Offer) => (offer.storageMiB ?? 0) >= disk] as const] : []),
    ...(country ? [[{ countries: [country] }, (offer: Offer) => offer.location.country === country] as const] : []),
    ...(reliability
      ? [[{ minReliability: reliability }, (offer: Offer) => (offer.reliability ?? 0) >= reliability] as const]
      : []),
    ...(price
      ? [
          [
            { maxPerHour: price },
            (offer: Offer) => offer.pricePerHour !== null && offer.pricePerHour.micros <= price.micros
          ] as const
        ]
      : [])
  ].map(([filter, holds]) => [filter, (offer) => holds(offer) === true])
}

const wrongFilters: ReadonlyArray<readonly [path: string, filter: OfferFilter]> = [
  ["gpuCount", { gpuCount: 0 }],
  ["gpuCount", { gpuCount: 1.5 }],
  ["minVramMiB", { minVramMiB: -1 }],
  ["minMemoryMiB", { minMemoryMiB: Number.NaN }],
  ["minDiskMiB", { minDiskMiB: Number.POSITIVE_INFINITY }],
  ["limit", { limit: 0 }],
  ["minReliability", { minReliability: 2 }],
  ["countries", { countries: ["Germany"] }],
  ["maxPerHour", { maxPerHour: { micros: -1, currency: "USD" } }]
]

/** What can be rented: shaped, priced, filtered, and never silently less than there is. */
export const offerSuite: ReadonlyArray<Entry> = [
  test("there are some, each in common terms", async (context) => {
    const offers = await some(context)
    for (const offer of offers) checkOffer(offer, context)
    const ids = offers.map(({ id }) => id)
    check(new Set(ids).size === ids.length, "two offers have the same id")
  }),
  test("a price is an amount above zero, or null", async (context) => {
    for (const { id, pricePerHour: price, minimumBid, terms } of await some(context)) {
      if (price !== null) checkMoney(price, `offer ${id}: price`)
      check(price === null || price.micros > 0, `offer ${id} costs nothing: a price that is not known is null`)
      check(terms === null || price !== null, `offer ${id} has terms and no price`)
      if (minimumBid !== null) checkMoney(minimumBid, `offer ${id}: minimumBid`)
    }
  }),
  test("cheapest first, unknown prices last", async (context) => {
    const prices = (await some(context)).map(({ pricePerHour: price }) => price?.micros ?? Number.POSITIVE_INFINITY)
    prices.forEach((price, index) => {
      check(index === 0 || price >= (prices[index - 1] ?? 0), `offer ${index} is cheaper than the one before it`)
    })
  }),
  test("only firm machines unless interruptible ones are asked for", async (context) => {
    for (const { id, interruptible } of await some(context)) check(!interruptible, `offer ${id} is interruptible`)
    for (const { id, interruptible } of await all(context, { interruptible: true })) {
      check(interruptible, `offer ${id} is not interruptible`)
    }
  }),
  test("every filter is applied", async (context) => {
    const offers = await some(context)
    for (const [filter, holds] of filtersFor(offers)) {
      const found = await all(context, filter)
      check(found.length > 0, `${show(filter)} finds nothing, and there is such an offer`)
      const wrong = found.find((offer) => !holds(offer))
      check(wrong === undefined, `${show(filter)} lets through offer ${wrong?.id}: ${show(wrong)}`)
    }
    const [first] = await all(context, { limit: 1 })
    check((await all(context, { limit: 1 })).length === 1, "a limit of 1 answers one offer")
    check(first?.pricePerHour?.micros === offers[0]?.pricePerHour?.micros, "a limit keeps the cheapest")
  }),
  test("another kind has none here, and is not asked for", async (context) => {
    const others = kinds.filter((kind) => kind !== context.provider.kind)
    const before = context.world.requests().length
    check(
      (await all(context, { kind: others })).length === 0,
      `${show(others)} finds offers of ${context.provider.kind}`
    )
    check(context.world.requests().length === before, "a request was sent for offers of another kind")
    check((await all(context, { kind: context.provider.kind })).length > 0, "its own kind finds nothing")
  }),
  test("a GPU is found by any spelling of its name", async (context) => {
    const gpu = (await some(context)).map((offer) => offer.gpu).find((found) => found?.known)
    if (!gpu) return
    const exact = (await all(context, { gpu: gpu.model })).map(({ id }) => id).sort()
    for (const spelling of [gpu.model.toLowerCase(), gpu.model.replaceAll(" ", "_"), [gpu.model]]) {
      const found = (await all(context, { gpu: spelling })).map(({ id }) => id).sort()
      check(found.join() === exact.join(), `${show(spelling)} finds other offers than "${gpu.model}"`)
    }
    check(canonicalGpu(gpu.model).vendor === gpu.vendor, `"${gpu.model}" is not made by ${gpu.vendor}`)
  }),
  test("a wrong filter is InvalidRequest and sends nothing", async (context) => {
    for (const [path, filter] of wrongFilters) {
      const { issues } = await refusedUnsent(context, context.provider.offers(filter), "InvalidRequest")
      check(
        issues.some((issue) => issue.path.startsWith(path)),
        `the error about ${show(filter)} does not name ${path}: ${show(issues)}`
      )
    }
  }),
  test("a GPU that nobody knows is asked for by just that name", async (context) => {
    const found = await all(context, { gpu: "Imaginary 9999" })
    check(found.length === 0, `"Imaginary 9999" finds ${show(found[0]?.gpu)}`)
  }),
  test("a count before a GPU's name is heeded", async (context) => {
    const gpu = (await some(context)).map((offer) => offer.gpu).find((found) => found?.known)
    if (!gpu) return
    const found = await all(context, { gpu: `${gpu.count}x ${gpu.model}` })
    check(found.length > 0, `"${gpu.count}x ${gpu.model}" finds nothing, and there is such an offer`)
    const wrong = found.find((offer) => offer.gpu?.count !== gpu.count)
    check(wrong === undefined, `"${gpu.count}x ${gpu.model}" finds ${show(wrong?.gpu)}`)
  }),
  test(
    "a row that cannot be read whole is a problem, and the others stay",
    async (context) => {
      const before = await all(context)
      await context.control("malformOffer")()
      const listing = await context.ok(context.provider.offers())
      const isMissing = listing.items.length < before.length
      check(!(isMissing && listing.complete), "an offer is missing, and the list says that it is complete")
      check(listing.problems.length > 0, "an offer cannot be read whole, and no problem says so")
      check(
        listing.items.length >= Math.min(1, before.length - 1) && listing.items.length < before.length + 1,
        `of ${before.length} offers ${listing.items.length} are left`
      )
    },
    { needs: ["malformOffer"] }
  ),
  test(
    "a cloud that fails is an error, never an empty market",
    async (context) => {
      context.control("readsFail")(Number.POSITIVE_INFINITY)
      await unreadable(context, context.provider.offers())
    },
    { needs: ["readsFail"] }
  ),
  test("a price limit of nothing finds no offer without a price", async (context) => {
    const currency = (await context.offer()).pricePerHour?.currency ?? "USD"
    const found = await all(context, { maxPerHour: zero(currency) })
    check(found.length === 0, `nothing costs nothing: ${show(found[0])}`)
  })
]
