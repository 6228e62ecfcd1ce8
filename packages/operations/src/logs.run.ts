import type { InstanceRef } from "anygpu"
import type { InputOf } from "./input/field.ts"
import { present } from "./input/present.ts"
import type { logsInput } from "./logs.ts"
import { findMachine } from "./machines/find-machine.ts"
import type { Implementation } from "./operation.ts"
import type { LinesJson } from "./protocol/answers/lines.ts"
import { timeJson } from "./protocol/model.ts"

/** Lines of one machine, oldest first. */
export interface Lines {
  readonly ref: InstanceRef
  readonly lines: ReadonlyArray<string>
  readonly observedAt: { readonly epochMilliseconds: number }
}

type Input = InputOf<typeof logsInput>

const reading = (op: "logs" | "events"): Implementation<Input, Lines> => ({
  run: async (context, { ref: name, tail = 100, containing, source }): Promise<Lines> => {
    const { out, signal } = context
    const ref = await findMachine(context, name, { reads: true })
    const gpu = await context.gpu()
    const options = { tail, ...present({ containing, source }), signal }
    const { lines, observedAt } = await out.during(`asking for the ${op} of ${ref}`, () => gpu.act(ref, op, options))
    return { ref, lines, observedAt }
  },
  encode: ({ ref, lines, observedAt }): LinesJson => ({
    ref: String(ref),
    lines: [...lines],
    observedAt: timeJson(observedAt)
  })
})

/** Reads the last lines that a workload has printed. */
export const logs = reading("logs")

/** Reads the last lines that a cloud has written about a machine. */
export const events = reading("events")
