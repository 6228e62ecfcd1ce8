import type { Instance } from "anygpu"
import type { OperationContext } from "./context.ts"
import type { InputOf } from "./input/field.ts"
import { findMachine } from "./machines/find-machine.ts"
import { mustSupport } from "./machines/supported.ts"
import { machineJson } from "./protocol/model.ts"
import type { renameInput } from "./rename.ts"

/** Gives a machine another name. */
export const run = async (
  context: OperationContext,
  { ref: machine, name }: InputOf<typeof renameInput>
): Promise<Instance> => {
  const { out, signal } = context
  const ref = await findMachine(context, machine)
  const gpu = await context.gpu()
  mustSupport(gpu, ref, "rename")
  return await out.during(`renaming ${ref}`, () => gpu.act(ref, "rename", name, { signal }))
}

/** The machine in JSON. */
export const encode = machineJson
