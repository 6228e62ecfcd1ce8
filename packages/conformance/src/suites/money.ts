import {
  addMoney,
  type BillingTerms,
  compareMoney,
  estimate,
  isReady,
  type Money,
  type Offer,
  storageFor
} from "@anygpu/core"
import * as DateTime from "effect/DateTime"
import { check, notApplicable, same, show } from "../check.ts"
import { checkMoney } from "../common.ts"
import { type Entry, suite } from "../conformance-test.ts"
import type { TestContext } from "../test-context.ts"

const test = suite("money")

const offers = async (context: TestContext): Promise<ReadonlyArray<Offer>> => {
  const { items } = await context.ok(context.provider.offers())
  check(
    items.some(({ pricePerHour: price }) => price !== null),
    "a fresh account should see offers with prices"
  )
  return items
}

const amountsOf = ({ compute, storage, traffic, accountFloor }: BillingTerms): ReadonlyArray<Money> => [
  compute.perHour,
  ...(compute.perStep ? [compute.perStep] : []),
  ...(storage ? [storage.perUnitMonth] : []),
  ...(traffic !== null && traffic !== "unknown" ? [traffic.outPerGiB, traffic.inPerGiB] : []),
  ...(accountFloor ? [accountFloor] : [])
]

/** What machines cost: said before, the same afterwards, and by the cloud's own rules. */
export const moneySuite: ReadonlyArray<Entry> = [
  test("an offer with a price has terms that agree with it", async (context) => {
    for (const { id, pricePerHour: price, terms } of await offers(context)) {
      if (price === null) continue
      check(terms, `offer ${id} has a price and no terms`)
      for (const amount of amountsOf(terms)) {
        checkMoney(amount, `offer ${id}: an amount of its terms`)
        same(amount.currency, price.currency, `offer ${id}: the currency of its terms`)
      }
      const { compute, storage, upfront } = terms
      check(compute.stepSeconds > 0 && compute.minimumSeconds >= 0, `offer ${id}: ${show(compute)}`)
      check(compareMoney(compute.perHour, price) <= 0, `offer ${id}: compute alone costs more than the whole`)
      const equal = compute.perHour.micros === price.micros
      check(storage !== null || equal, `offer ${id}: its disk is free, and its price is not its compute rate`)
      check(!storage || (storage.hoursPerMonth >= 672 && storage.hoursPerMonth <= 744), `offer ${id}: ${show(storage)}`)
      check(!upfront || upfront.refundableSeconds <= upfront.seconds, `offer ${id}: ${show(upfront)}`)
    }
  }),
  test("the price of an offer is that of the disk it names", async (context) => {
    for (const filter of [{}, { minDiskMiB: 40_960 }]) {
      for (const { id, pricePerHour: price, terms, diskMiB, storageMiB } of (
        await context.ok(context.provider.offers(filter))
      ).items) {
        const fits = diskMiB === null || storageMiB === null || diskMiB <= storageMiB
        check(fits, `offer ${id}: a disk of ${diskMiB} MiB is in the price, of ${storageMiB} that can be had`)
        if (!price || !terms?.storage) continue
        check(diskMiB !== null, `offer ${id}: its disk is charged, and it does not say which is in the price`)
        const whole = addMoney(terms.compute.perHour, storageFor(terms.storage, diskMiB, 3600))
        const off = Math.abs(whole.micros - price.micros)
        const what = `offer ${id}: ${show(price)} with ${diskMiB} MiB, which by its terms come to ${show(whole)}`
        check(off <= 2 + price.micros * 0.001, what)
      }
    }
  }),
  test("a launch that names no disk gets the one in its offer's price", async (context) => {
    // More than any cloud gives by itself.
    const filter = { minDiskMiB: 102_400 }
    const { items } = await context.ok(context.provider.offers(filter))
    const offer = await context.offer(items.length > 0 ? filter : {})
    const { ref } = await context.ready({ ...context.world.spec(offer), diskMiB: undefined as never })
    const { storageMiB } = await context.get(ref)
    if (storageMiB === null) return notApplicable("this cloud does not give the disk of a machine")
    check(offer.diskMiB !== null && storageMiB >= offer.diskMiB, `it has ${storageMiB} MiB, ${offer.diskMiB} are paid`)
  }),
  test("a job can be estimated, and a longer one costs no less", async (context) => {
    const startAt = DateTime.makeUnsafe(context.world.time.now())
    for (const offer of await offers(context)) {
      if (offer.pricePerHour === null) continue
      const costs = ["1 minute", "1 hour", "30 hours"].map(
        (duration) =>
          estimate(offer, { duration: duration as "1 hour", startAt, storageMiB: 10_240, egressGiB: 1 })?.total
      )
      const [minute, hour, day] = costs
      check(minute && hour && day, `offer ${offer.id} has a price and cannot be estimated`)
      check(minute.micros <= hour.micros && hour.micros < day.micros, `offer ${offer.id}: ${show(costs)}`)
      const compute = offer.terms?.compute.perHour.micros ?? 0
      check(hour.micros >= compute, `offer ${offer.id}: an hour costs less than the compute rate`)
    }
  }),
  test("a stopped machine costs what the terms say", async (context) => {
    const billed = context.provider.lifecycle.rows
      .filter(({ status }) => status === "stopped")
      .map(({ billing }) => billing)
    for (const { id, terms } of await offers(context)) {
      const isCharged = terms?.compute.whileStopped === true
      const what = `offer ${id}: compute while stopped: ${isCharged}, and a stopped machine costs ${billed.join(", ")}`
      check(!terms || isCharged === billed.includes("compute"), what)
      const stopped = terms?.storage?.whileStopped
      const wrong = stopped === true ? "none" : stopped === false ? "storage" : null
      const right = stopped === true ? "storage" : "none"
      // A table that knows both depends on more than the disk: a volume costs by itself.
      const contradicts = billed.includes(wrong ?? "unknown") && wrong !== null && !billed.includes(right)
      check(!contradicts, `offer ${id} says whileStopped: ${stopped}, and a stopped machine is said to cost ${wrong}`)
    }
  }),
  test("a machine costs what its offer said", async (context) => {
    const spec = await context.spec()
    const filter = spec.diskMiB === undefined ? {} : { minDiskMiB: spec.diskMiB }
    const found = (await context.ok(context.provider.offers(filter))).items.find(({ id }) => id === spec.offer.id)
    check(found, `the offer ${spec.offer.id} is gone when its disk is asked for`)
    const instance = await context.ready({ ...spec, offer: found })
    check(isReady(instance) && instance.pricePerHour && found.pricePerHour, "a running machine has no price")
    same(instance.pricePerHour.currency, found.pricePerHour.currency, "the currency")
    const off = Math.abs(instance.pricePerHour.micros - found.pricePerHour.micros)
    check(
      off <= found.pricePerHour.micros * 0.01,
      `offered for ${show(found.pricePerHour)}, rented for ${show(instance.pricePerHour)}`
    )
  })
]
