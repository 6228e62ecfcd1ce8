import {
  addMoney,
  compareAtPar,
  estimate,
  type Instance,
  type LaunchSpec,
  type Money,
  newDisksFor,
  type Offer,
  storageFor,
  subtractMoney
} from "@anygpu/core"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"

/** What a machine costs, as far as {@link paidUntil} needs it: an offer's price and terms, and the disk. */
export interface Rate {
  readonly offer: Pick<Offer, "pricePerHour" | "terms">
  readonly storageMiB?: number
  readonly volumesMiB?: ReadonlyArray<number>
}

/** The new disks of a launch, as a job and a rate count them. */
export const newDisksOf = ({ volumes = [] }: Pick<LaunchSpec, "volumes">): Pick<Rate, "volumesMiB"> =>
  volumes.length === 0 ? {} : { volumesMiB: volumes.map(({ sizeMiB }) => sizeMiB) }

/** The price per hour that an offer's terms come to with its disks. */
const hourly = ({ offer: { pricePerHour: price, terms }, storageMiB, volumesMiB = [] }: Rate): Money | null => {
  if (!terms?.storage) return price
  const machine =
    storageMiB === undefined ? price : addMoney(terms.compute.perHour, storageFor(terms.storage, storageMiB, 3600))
  return machine && addMoney(machine, newDisksFor(terms.storage, volumesMiB, 3600))
}

/** The same offer at another compute rate; the exact price of a step, which belonged to the old one, is left out. */
const atRate = ({ pricePerHour: price, terms }: Rate["offer"], perHour: Money): Rate["offer"] => {
  if (price === null || terms === null) return { pricePerHour: price, terms }
  const { perStep: _, ...compute } = terms.compute
  const disk = subtractMoney(price, compute.perHour)
  return { pricePerHour: addMoney(perHour, disk), terms: { ...terms, compute: { ...compute, perHour } } }
}

/**
 * What the machine of a launch costs: by its offer's terms, with the disk and the new volumes that were asked for.
 *
 * - A bid is paid instead of the compute rate.
 * - A machine that says it costs more per hour than its offer did is counted at its own price.
 */
export const rateOf = (
  { offer, bid, diskMiB, ...spec }: Pick<LaunchSpec, "offer" | "bid" | "diskMiB" | "volumes">,
  machine?: Pick<Instance, "pricePerHour">
): Rate => {
  const asked = bid ? atRate(offer, bid) : { pricePerHour: offer.pricePerHour, terms: offer.terms }
  const disks = { ...(diskMiB !== undefined && { storageMiB: diskMiB }), ...newDisksOf(spec) }
  const expected = hourly({ offer: asked, ...disks })
  const dearer = machine?.pricePerHour && expected && compareAtPar(machine.pricePerHour, expected) > 0
  const more =
    dearer && machine.pricePerHour.currency === expected.currency ? subtractMoney(machine.pricePerHour, expected) : null
  return {
    offer: more && asked.terms ? atRate(asked, addMoney(asked.terms.compute.perHour, more)) : asked,
    ...disks
  }
}

/** Beyond this no moment is looked for: a rate so low never reaches its limit. */
const horizon = Duration.toMillis("3650 days")

/**
 * The last moment, in epoch milliseconds, at which a machine that began at `start` has cost no more than `most`.
 *
 * - Steps that have begun count in full: one millisecond later the cost is above `most`. It is the start itself when
 *   not even the shortest rent is paid for, and `Infinity` when ten years are.
 * - Null when the offer's price or terms are unknown.
 * - Compute and the disk are counted; traffic is not known before it happens. One USDC counts as one USD.
 */
export const paidUntil = ({ offer, ...disks }: Rate, start: number, most: Money): number | null => {
  const startAt = DateTime.makeUnsafe(start)
  const pays = (millis: number): boolean | null => {
    const duration = Duration.millis(millis)
    const cost = estimate(offer, { duration, startAt, ...disks })
    return cost && compareAtPar(cost.total, most) <= 0
  }
  const first = pays(1)
  if (!first) return first === null ? null : start
  let paid = 1
  let above = 60_000
  while (pays(above)) {
    if (above >= horizon) return Number.POSITIVE_INFINITY
    paid = above
    above *= 2
  }
  while (above - paid > 1) {
    const middle = Math.floor((paid + above) / 2)
    if (pays(middle)) paid = middle
    else above = middle
  }
  return start + paid
}
