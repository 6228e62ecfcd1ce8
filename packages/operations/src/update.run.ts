import { type Instance, InvalidRequest, type RegistryLogin, type WorkloadUpdate } from "anygpu"
import type { OperationContext } from "./context.ts"
import type { InputOf } from "./input/field.ts"
import { present } from "./input/present.ts"
import { findMachine } from "./machines/find-machine.ts"
import { mustSupport } from "./machines/supported.ts"
import { machineJson } from "./protocol/model.ts"
import type { updateInput } from "./update.ts"

/** What is to be replaced; a face that can keep a password secret may give a login too. */
export interface Replacement extends InputOf<typeof updateInput> {
  readonly registry?: RegistryLogin | undefined
}

/** What is to be replaced, as the SDK takes it: nothing where nothing is. */
export const changesOf = ({ ref: _, publicImage, ...given }: Replacement): WorkloadUpdate => ({
  ...present(given),
  ...(publicImage && { registry: null })
})

/** Replaces parts of a workload. */
export const run = async (context: OperationContext, input: Replacement): Promise<Instance> => {
  const { out, signal } = context
  const changes = changesOf(input)
  if (Object.keys(changes).length === 0) {
    throw InvalidRequest.of("image", "is missing, and every other change too: name what is to be replaced")
  }
  const ref = await findMachine(context, input.ref)
  const gpu = await context.gpu()
  mustSupport(gpu, ref, "update")
  return await out.during(`updating ${ref}`, () => gpu.act(ref, "update", changes, { signal }))
}

/** The machine in JSON. */
export const encode = machineJson
