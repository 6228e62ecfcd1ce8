import type { Extended } from "anygpu"
import type { OperationContext } from "./context.ts"
import type { extendInput } from "./extend.ts"
import type { InputOf } from "./input/field.ts"
import { findMachine } from "./machines/find-machine.ts"
import type { ExtendedJson } from "./protocol/answers/extended.ts"
import { timeJson } from "./protocol/model.ts"

/** Lets a machine end later. */
export const run = async (
  context: OperationContext,
  { ref: name, for: millis }: InputOf<typeof extendInput>
): Promise<Extended> => {
  const { out, signal } = context
  const ref = await findMachine(context, name)
  const gpu = await context.gpu()
  return await out.during(`extending ${ref}`, () => gpu.extend(ref, millis, { signal }))
}

/** The ends in JSON. */
export const encode = ({ ref, until, before }: Extended): ExtendedJson => ({
  ref: String(ref),
  until: timeJson(until),
  before: timeJson(before)
})
