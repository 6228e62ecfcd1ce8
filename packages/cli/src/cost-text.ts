import { durationText } from "@anygpu/operations"
import { formatMoney, type SpentSum } from "anygpu"
import { toMillis } from "effect/Duration"

/** What a machine has cost, or several together: one amount for each currency. */
export const amountText = ({ cost }: Pick<SpentSum, "cost">): string =>
  cost.length === 0 ? "-" : cost.map((amount) => formatMoney(amount, 2)).join(" and ")

/** What a machine has cost, and what is not known of that. */
export const costText = (cost: SpentSum): string => {
  const { unobserved, unpriced } = cost
  const gap = (time: SpentSum["paid"], what: string) =>
    toMillis(time) === 0 ? [] : [`${what} for ${durationText(toMillis(time))}`]
  const gaps = ["an estimate", ...gap(unobserved, "not looked at"), ...gap(unpriced, "its price not known")]
  return `${amountText(cost)} (${gaps.join(", ")})`
}
