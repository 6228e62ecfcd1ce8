import { type InputOf, update } from "@anygpu/operations"
import { changesOf, findMachine, mustSupport, type Replacement } from "@anygpu/operations/run"
import { captionOf } from "../caption.ts"
import { changedView } from "../changed.ts"
import { answering } from "../command/answering.ts"
import type { updateFields } from "../command/fields.ts"
import type { Context } from "../context.ts"
import { flagsByField } from "../flags.ts"
import { Usage } from "../own-errors.ts"
import { workloadOf } from "../workload.ts"

type Input = InputOf<typeof updateFields>

const replacementOf = async (input: Input, { io }: Context): Promise<Replacement> => {
  const { ref, name, publicImage, closePorts } = input
  const workload = await workloadOf(input, io)
  if (publicImage && workload.registry) throw new Usage("--public-image and --registry-user cannot both be had")
  return { ref, name, ...workload, publicImage, closePorts }
}

/** `anygpu update`: replaces parts of a running workload. */
export const run = async (context: Context, input: Input): Promise<number> => {
  const { out, signal, now } = context
  const { yes = false } = input
  const replacement = await replacementOf(input, context)
  const changed = Object.keys(changesOf(replacement))
  if (changed.length === 0) throw new Usage("nothing to change: pass --image, --env or another option")
  const ref = await findMachine(context, input.ref, { yes })
  const gpu = await context.gpu()
  mustSupport(gpu, ref, "update")
  if (!yes) {
    const machine = await out.during(`asking for ${ref}`, () => gpu.get(ref, { signal }))
    const what = changed.map((field) => (flagsByField[field] ?? field).replace(/^--/, ""))
    const question = `Replace ${what.join(", ")} of ${captionOf(machine, now())}? It may restart what runs there.`
    // What its status forbids is refused below, and nobody is asked for it.
    if (machine.actions.includes("update")) await context.mustConfirm(question, yes)
  }
  return await answering(update, changedView)(context, { ...replacement, ref })
}
