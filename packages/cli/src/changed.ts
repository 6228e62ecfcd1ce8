import { exitCodes, machineJson } from "@anygpu/operations/encode"
import type { MachineJson } from "@anygpu/operations/protocol"
import { statusText } from "@anygpu/operations/run"
import type { Instance } from "anygpu"
import type { Context } from "./context.ts"
import { priceText } from "./format.ts"
import { billingTexts, nameText } from "./machines.ts"
import { plain } from "./plain.ts"

/** Says what a machine is after it was changed. */
export const tellChanged = ({ out }: Pick<Context, "out">, machine: Instance): number => {
  const { ref, billing, price } = machine
  const costs = billing === "compute" ? `${billingTexts.compute}, ${priceText(price)} per hour` : billingTexts[billing]
  out.answer({
    json: (): MachineJson => machineJson(machine),
    text: () => `${plain(String(ref))} (${nameText(machine)}) is ${statusText(machine)}; billed now: ${costs}`
  })
  return exitCodes.done.code
}
