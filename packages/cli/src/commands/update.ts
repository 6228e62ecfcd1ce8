import { findMachine, mustSupport } from "@anygpu/operations/run"
import { InvalidRequest, type WorkloadUpdate } from "anygpu"
import { captionOf } from "../caption.ts"
import type { Options, Run } from "../catalogue/entry.ts"
import { tellChanged } from "../changed.ts"
import { flagsByField } from "../flags.ts"
import type { Io } from "../io.ts"
import { Usage } from "../own-errors.ts"
import { argumentOf, isOn, textOf, textsOf } from "../words.ts"
import { workloadOf } from "../workload.ts"

const portNumberOf = (text: string): number => {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (port >= 1 && port <= 65_535) return port
  throw InvalidRequest.of("--close-port", `"${text}" is not a port: write 22`)
}

const changesOf = async (options: Options, io: Io): Promise<WorkloadUpdate> => {
  const workload = await workloadOf(options, io)
  const [name, closePorts] = [textOf(options, "name"), textsOf(options, "closePort").map(portNumberOf)]
  const isPublic = isOn(options, "publicImage")
  if (isPublic && workload.registry) throw new Usage("--public-image and --registry-user cannot both be had")
  const changes = {
    ...workload,
    ...(name !== undefined && { name }),
    ...(isPublic && { registry: null }),
    ...(closePorts.length > 0 && { closePorts })
  }
  if (Object.keys(changes).length === 0) throw new Usage("nothing to change: pass --image, --env or another option")
  return changes
}

/** `anygpu update`: replaces parts of a running workload. */
export const run: Run = async (context, args, options) => {
  const { io, out, signal } = context
  const changes = await changesOf(options, io)
  const yes = isOn(options, "yes")
  const ref = await findMachine(context, argumentOf(args, 0) ?? "", { yes })
  const gpu = await context.gpu()
  mustSupport(gpu, ref, "update")
  if (!yes) {
    const machine = await out.during(`asking for ${ref}`, () => gpu.get(ref, { signal }))
    const what = Object.keys(changes).map((field) => (flagsByField[field] ?? field).replace(/^--/, ""))
    const question = `Replace ${what.join(", ")} of ${captionOf(machine, context.now())}? It may restart what runs there.`
    // What its status forbids is refused below, and nobody is asked for it.
    if (machine.actions.includes("update")) await context.mustConfirm(question, yes)
  }
  return tellChanged(context, await out.during(`updating ${ref}`, () => gpu.act(ref, "update", changes, { signal })))
}
