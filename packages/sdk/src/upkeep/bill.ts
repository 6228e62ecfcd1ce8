import { type Instance, type InstanceRef, type Money, sumsOf } from "@anygpu/core"

/** What is paid per hour at this moment, one amount for each currency. */
export interface HourlyBill {
  /** All machines whose compute is charged. */
  readonly all: ReadonlyArray<Money>
  /** Those of them that this ledger did not launch. */
  readonly unclaimed: ReadonlyArray<Money>
  /** Machines that cost something, or may, that is in neither sum: only storage is charged, or it is not known what. */
  readonly uncounted: ReadonlyArray<InstanceRef>
}

const paidFor = (machines: ReadonlyArray<Instance>): ReadonlyArray<Money> =>
  sumsOf(machines.flatMap(({ billing, pricePerHour }) => (billing === "compute" && pricePerHour ? [pricePerHour] : [])))

/** What a list of machines is paid per hour. */
export const billOf = (claimed: ReadonlyArray<Instance>, unclaimed: ReadonlyArray<Instance>): HourlyBill => {
  const all = [...claimed, ...unclaimed]
  return {
    all: paidFor(all),
    unclaimed: paidFor(unclaimed),
    uncounted: all
      .filter(({ billing, pricePerHour: price }) => billing !== "none" && !(billing === "compute" && price))
      .map(({ ref }) => ref)
  }
}
