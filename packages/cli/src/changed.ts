import { statusText } from "@anygpu/operations/run"
import { billingTexts } from "@anygpu/operations/words"
import type { Instance } from "anygpu"
import type { View } from "./command/answering.ts"
import type { Context } from "./context.ts"
import { priceText } from "./format.ts"
import { nameText } from "./machines.ts"
import { plain } from "./plain.ts"

/** What a machine is after it was changed. */
export const changedView = (_: Context, machine: Instance): View => {
  const { ref, billing, pricePerHour: price } = machine
  const costs = billing === "compute" ? `${billingTexts.compute}, ${priceText(price)} per hour` : billingTexts[billing]
  return {
    text: () => `${plain(String(ref))} (${nameText(machine)}) is ${statusText(machine)}; billed now: ${costs}`
  }
}
