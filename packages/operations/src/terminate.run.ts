import type { Ended } from "anygpu"
import type { OperationContext } from "./context.ts"
import type { InputOf } from "./input/field.ts"
import { present } from "./input/present.ts"
import { endMachine } from "./machines/ending.ts"
import { findMachine } from "./machines/find-machine.ts"
import type { EndedJson } from "./protocol/answers/ended.ts"
import { spentSumJson, timeJson } from "./protocol/model.ts"
import type { terminateInput } from "./terminate.ts"

/** Ends a machine, and makes sure that it is gone. */
export const run = async (
  context: OperationContext,
  { ref: name, within, ifBusy, withVolumes = false, sameAccount = false }: InputOf<typeof terminateInput>
): Promise<Ended> => {
  const ref = await findMachine(context, name)
  const account = sameAccount ? ("same" as const) : undefined
  return await endMachine(
    context,
    ref,
    present({ within, ifBusy, account, ...(withVolumes && { volumes: "delete" as const }) })
  )
}

/** The end in JSON. */
export const encode = ({ ref, alreadyGone, leftovers, cost, observedAt }: Ended): EndedJson => ({
  ref: String(ref),
  alreadyGone,
  leftovers: [...leftovers],
  cost: cost && spentSumJson(cost),
  observedAt: timeJson(observedAt)
})
