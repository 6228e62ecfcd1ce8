import { cost, durationText } from "@anygpu/operations"
import { offerRef } from "@anygpu/operations/encode"
import type { MachineCost, OfferCost } from "@anygpu/operations/run"
import { billingTexts } from "@anygpu/operations/words"
import { type Estimate, formatMoney } from "anygpu"
import { answering } from "../command/answering.ts"
import { fieldsText } from "../fields.ts"
import { gpuText, priceText } from "../format.ts"
import type { Output } from "../output.ts"
import { plain } from "../plain.ts"

const machineText = (out: Output, { machine, perMonth, soFar }: MachineCost): string =>
  fieldsText(out, [
    ["machine", `${machine.ref} (${plain(machine.name ?? "no name")})`],
    ["billed now", billingTexts[machine.billing]],
    ["per hour", `${priceText(machine.pricePerHour)} while it runs`],
    ["per month", perMonth ? `${formatMoney(perMonth, 2)} if it goes on like now` : "not known"],
    ["so far", soFar ? `at most ${formatMoney(soFar, 2)}, at this price since it was made` : "not known"]
  ])

const upfrontText = ({ upfront, refundable }: Estimate): string =>
  refundable.micros > 0
    ? `${formatMoney(upfront)}, of which ${formatMoney(refundable)} comes back at the end`
    : formatMoney(upfront)

const offerText = (out: Output, { offer, job, cost }: OfferCost): string =>
  fieldsText(out, [
    ["offer", `${plain(offerRef(offer))} (${gpuText(offer.gpu)})`],
    ["job", durationText(job.duration)],
    ...cost.lines.map(({ item, amount, note }) => [item, `${formatMoney(amount)}  ${plain(note)}`] as const),
    ["total", `${cost.exact ? "" : "~"}${formatMoney(cost.total)}`],
    ["per hour", formatMoney(cost.perHour)],
    ["up front", upfrontText(cost)],
    ["~", cost.assumptions.map(plain)]
  ])

/** `anygpu cost`: of a job on an offer, or of a machine. */
export const run = answering(cost, ({ out }, costs) => ({
  text: () => (costs.of === "offer" ? offerText(out, costs) : machineText(out, costs)),
  notes:
    costs.of === "offer"
      ? []
      : ["The account's own bill counts; time stopped, earlier prices and traffic are not in these numbers."]
}))
