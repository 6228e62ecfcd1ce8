import { extend, type InputOf } from "@anygpu/operations"
import { withinBudget } from "../budget.ts"
import { answering } from "../command/answering.ts"
import type { extendFields } from "../command/fields.ts"
import type { Context } from "../context.ts"
import { timeText } from "../format.ts"

const answer = answering(extend, (_, { ref, until, before }) => {
  const end = timeText(until.epochMilliseconds)
  const isMoved = until.epochMilliseconds > before.epochMilliseconds
  return { text: () => (isMoved ? `${ref} ends at ${end} now` : `${ref} ends at ${end} already: nothing was changed`) }
})

/** `anygpu extend`: a machine that is rented for a time ends later. */
export const run = async (
  context: Context,
  { ref, for: millis, ...budget }: InputOf<typeof extendFields>
): Promise<number> => await answer(await withinBudget(context, budget), { ref, for: millis })
