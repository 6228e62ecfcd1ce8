import {
  type Cost,
  compareAtPar,
  type Estimate,
  estimate,
  hourlyCost,
  type Instance,
  isGpuError,
  type Job,
  type LaunchSpec,
  type Money
} from "@anygpu/core"
import * as DateTime from "effect/DateTime"
import { newDisksOf, rateOf } from "./rate.ts"

/** Null also for terms that cannot be computed with, such as those that mix currencies. */
const orNull = <A>(compute: () => A | null): A | null => {
  try {
    return compute()
  } catch (error) {
    if (isGpuError(error)) return null
    throw error
  }
}

/** What of a launch decides what it costs. */
export type Priced = Pick<LaunchSpec, "offer" | "bid" | "diskMiB" | "volumes">

/**
 * What a launch costs per hour and for a job, with its disk and its bid; null where that is not known.
 *
 * - A machine that turned out dearer than its offer costs its own price, in whatever dollars that is.
 */
export const costOf = (spec: Priced, job: Job | null, machine?: Pick<Instance, "pricePerHour">): Cost => {
  const { diskMiB } = spec
  const offered = orNull(() => hourlyCost(spec))
  // One USDC counts as one USD, as for every limit.
  const own = machine?.pricePerHour ? { ...machine.pricePerHour, ...(offered && { currency: offered.currency }) } : null
  return {
    perHour: own && (!offered || compareAtPar(own, offered) > 0) ? own : offered,
    total: orNull(() => {
      const disks = { ...(diskMiB !== undefined && { storageMiB: diskMiB }), ...newDisksOf(spec) }
      return (
        job &&
        (estimate(rateOf(spec, own ? { pricePerHour: own } : undefined).offer, { ...job, ...disks })?.total ?? null)
      )
    })
  }
}

/** What a job costs on the offer of a launch, with its bid, line by line; null when that is not known. */
export const estimateOf = (spec: Priced, job: Job): Estimate | null =>
  orNull(() => estimate(rateOf(spec).offer, { ...job, ...newDisksOf(spec) }))

/** What the machine of a launch cost from its launch until its end, at its own price where that is known. */
export const spentOn = (
  spec: Priced,
  price: Money | null,
  {
    from,
    until,
    storageMiB
  }: { readonly from: number; readonly until: number; readonly storageMiB?: number | undefined }
): Money | null => {
  const time = { duration: Math.max(until - from, 1000), startAt: DateTime.makeUnsafe(from) }
  return costOf(spec, { ...time, ...(storageMiB !== undefined && { storageMiB }) }, { pricePerHour: price }).total
}
