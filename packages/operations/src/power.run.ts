import type { Instance } from "anygpu"
import type { InputOf } from "./input/field.ts"
import type { machineField } from "./input/fields.ts"
import { findMachine } from "./machines/find-machine.ts"
import { mustSupport } from "./machines/supported.ts"
import type { Implementation } from "./operation.ts"
import { machineJson } from "./protocol/model.ts"

const doing = { start: "starting", stop: "stopping", restart: "restarting" } as const

const power = (op: keyof typeof doing): Implementation<InputOf<typeof machineField>, Instance> => ({
  run: async (context, { ref: name }) => {
    const { out, signal } = context
    const ref = await findMachine(context, name)
    const gpu = await context.gpu()
    mustSupport(gpu, ref, op)
    return await out.during(`${doing[op]} ${ref}`, () => gpu.act(ref, op, { signal }))
  },
  encode: machineJson
})

/** Starts a machine. */
export const start = power("start")

/** Stops a machine. */
export const stop = power("stop")

/** Restarts what runs on a machine. */
export const restart = power("restart")
