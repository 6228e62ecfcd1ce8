import { addMoney, type Instance, type Money } from "anygpu"

/** What is paid per hour for machines whose GPU is billed, one amount for each currency, and how many it leaves out. */
export const hourlyOf = (
  machines: ReadonlyArray<Instance>
): { readonly sums: ReadonlyArray<Money>; readonly uncounted: number } => {
  const charged = machines.filter(({ billing }) => billing !== "none")
  const prices = charged.flatMap(({ billing, pricePerHour: price }) =>
    billing === "compute" && price !== null ? [price] : []
  )
  const sums = Map.groupBy(prices, ({ currency }) => currency).values()
  return {
    sums: Array.from(sums, (amounts) => amounts.reduce(addMoney)),
    uncounted: charged.length - prices.length
  }
}
