import { type Instance, type Money, sumsOf } from "anygpu"

/** What is paid per hour for machines whose GPU is billed, one amount for each currency, and how many it leaves out. */
export const hourlyOf = (
  machines: ReadonlyArray<Instance>
): { readonly sums: ReadonlyArray<Money>; readonly uncounted: number } => {
  const charged = machines.filter(({ billing }) => billing !== "none")
  const prices = charged.flatMap(({ billing, pricePerHour: price }) =>
    billing === "compute" && price !== null ? [price] : []
  )
  return { sums: sumsOf(prices), uncounted: charged.length - prices.length }
}
