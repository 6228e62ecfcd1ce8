import {
  addMoney,
  compareAtPar,
  formatMoney,
  type GpuError,
  type Money,
  type Offer,
  OutOfFunds,
  subtractMoney,
  zero
} from "@anygpu/core"
import * as Effect from "effect/Effect"
import { costOf, estimateOf } from "../cost/launch-cost.ts"
import { paidUntil, type Rate, rateOf } from "../cost/rate.ts"
import { endsAhead } from "../lease/terms.ts"
import type { Boot } from "./boot.ts"
import { type Search, summaryOf } from "./search.ts"

/** So many machines are rented for one launch when its limits say nothing. */
export const usualAttempts = 5

/** Two machines boot at once only where there is money for so many milliseconds of the second one's boot. */
const leastRace = 2 * endsAhead

/** What the whole job costs on a machine. */
const jobOn = ({ job }: Search, { spec, price }: Boot): Money | null => costOf(spec, job, { pricePerHour: price }).total

const rateFor = ({ job }: Search, { spec, price }: Boot): Rate => {
  const storageMiB = spec.diskMiB ?? job.storageMiB
  return { ...rateOf(spec, { pricePerHour: price }), ...(storageMiB !== undefined && { storageMiB }) }
}

/**
 * What earlier tries have cost, of this call and of those before it, in the currency of a limit: both dollars count one
 * for one.
 */
export const spentSoFar = ({ trail, earlier }: Search, { currency }: Money): Money =>
  [...earlier, ...trail.flatMap(({ spent }) => spent ?? [])].reduce(
    (sum, spent) => addMoney(sum, { ...spent, currency }),
    zero(currency)
  )

/** How many machines were rented by now. */
const rented = ({ trail }: Search): number => trail.filter(({ ref }) => ref !== null).length

/** How many machines may be rented still. */
export const attemptsLeft = (search: Search): number =>
  Math.max(0, (search.limits.maxAttempts ?? usualAttempts) - rented(search))

/** So long before the last moment that is paid for an end is asked for; of a short time not all of it. */
const cutAt = (from: number, paid: number): number => paid - Math.min(endsAhead, (paid - from) / 2)

/**
 * The moment, in epoch milliseconds, at which a boot has to end so that it costs no more than that; null when that is
 * not known.
 */
const endOf = (search: Search, boot: Boot, most: Money): number | null => {
  const paid = paidUntil(rateFor(search, boot), boot.from, most)
  return paid === null ? null : cutAt(boot.from, paid)
}

/**
 * The moment at which a boot has to end, so that the launch as a whole stays within `maxTotal`; `Infinity` without it.
 *
 * - Of two that boot at once the first one goes before: the second ends before its boot would take from the first one's
 *   job, and before the first one's boot would take from its own.
 */
const bootEnd = (search: Search, boot: Boot): number => {
  const { maxTotal } = search.limits
  if (!maxTotal) return Number.POSITIVE_INFINITY
  const left = subtractMoney(maxTotal, spentSoFar(search, maxTotal))
  const without = (most: Money, other: Boot) =>
    subtractMoney(most, { ...(jobOn(search, other) ?? most), currency: most.currency })
  const index = search.booting.indexOf(boot)
  const before = index < 0 ? search.booting : search.booting.slice(0, index)
  const ends = [
    endOf(search, boot, before.reduce(without, left)),
    ...before.map((other) => endOf(search, other, without(left, boot)))
  ]
  return Math.min(...ends.map((end) => end ?? Number.POSITIVE_INFINITY))
}

/** Whether the next two offers may be tried at once. */
export const mayRace = (search: Search, [first, second]: ReadonlyArray<Offer>, now: number): boolean => {
  if (attemptsLeft(search) < 2) return false
  if (!first || !second || !search.limits.maxTotal) return true
  const bootOn = (offer: Offer): Boot => ({ spec: { offer }, from: now, price: null })
  return bootEnd({ ...search, booting: [bootOn(first)] }, bootOn(second)) - now >= leastRace
}

const refOf = ({ provider, kind, id }: Offer): string => `${provider}/${kind}/${id}`

/** Runs while a machine boots, and fails when its boot has used up what is left for it. */
export const usedUp = (search: Search, boot: Boot): Effect.Effect<never, OutOfFunds> =>
  Effect.gen(function* () {
    for (;;) {
      const end = bootEnd(search, boot)
      if (end === Number.POSITIVE_INFINITY) return yield* Effect.never
      const now = yield* search.now
      if (now >= end) break
      yield* Effect.sleep(end - now)
    }
    const { maxTotal = zero() } = search.limits
    const spent = spentSoFar(search, maxTotal)
    const earlier = spent.micros > 0 ? `, of which ${formatMoney(spent)} was spent on earlier tries` : ""
    return yield* new OutOfFunds({
      message:
        `the boot of the machine on ${refOf(boot.spec.offer)} has used up what maxTotal leaves for it ` +
        `(${formatMoney(maxTotal)}${earlier})`,
      retry: "permanent",
      available: maxTotal,
      ownLimit: true
    })
  })

/** The error of a launch that has rented as many machines as it may. */
export const attemptsUsedUp = (search: Search, untried: number): OutOfFunds => {
  const most = search.limits.maxAttempts ?? usualAttempts
  const first = search.trail.find(({ error }) => error !== null)?.error
  const because = first ? ` The first: ${first.message}.` : ""
  return new OutOfFunds({
    message:
      `${most === 1 ? "1 machine was" : `${most} machines were`} rented and none of them was kept ` +
      `(${summaryOf(search.trail)}), as many as maxAttempts allows; ${untried} offers were not tried.${because} ` +
      "Look at why they failed before raising it",
    retry: "permanent",
    ownLimit: true
  })
}

const isOwnLimit = (error: GpuError | null): error is OutOfFunds =>
  error?._tag === "OutOfFunds" && error.ownLimit === true

/** The error of a launch whose own limits kept it from offers that it could have had; null when none did. */
export const keptByLimits = (search: Search, offers: number): OutOfFunds | null => {
  const { trail, job, request } = search
  const bid = request.workload?.bid
  const [cheapest] = trail
    .flatMap(({ offer, error, ref }) => {
      const total = estimateOf({ offer, ...(bid && { bid }) }, job)?.total
      return isOwnLimit(error) && total ? [{ offer, error, total, wasMade: ref !== null }] : []
    })
    // What a machine turned out to cost is not in its offer.
    .sort((a, b) => Number(a.wasMade) - Number(b.wasMade) || compareAtPar(a.total, b.total))
  if (!cheapest) return null
  const { offer, error, total } = cheapest
  const { needed, available } = error
  return new OutOfFunds({
    message:
      `None of ${offers} offers could be had within the limits (${summaryOf(trail)}). The cheapest that fits otherwise: ` +
      `${refOf(offer)}, ${formatMoney(total)} for the job: ${error.message}`,
    retry: "permanent",
    ownLimit: true,
    cause: error,
    needed: needed ?? total,
    ...(available && { available })
  })
}
