import {
  type InputOf,
  type Operation,
  restart as restartMachine,
  start as startMachine,
  stop as stopMachine
} from "@anygpu/operations"
import { findMachine, mustSupport } from "@anygpu/operations/run"
import type { Instance } from "anygpu"
import * as Effect from "effect/Effect"
import { captionOf } from "../caption.ts"
import { changedView } from "../changed.ts"
import { answering } from "../command/answering.ts"
import type { powerFields } from "../command/fields.ts"
import type { Context } from "../context.ts"

type Power = Operation<typeof startMachine.input, Instance>

/** Names the machine and asks, before anything is changed. */
const asking =
  (operation: Power, op: "stop" | "restart", question: string) =>
  async (context: Context, { ref: name, yes = false }: InputOf<typeof powerFields>): Promise<number> => {
    const { out, signal } = context
    const ref = await findMachine(context, name, { yes })
    const gpu = await context.gpu()
    mustSupport(gpu, ref, op)
    if (!yes) {
      const machine = await out.during(`asking for ${ref}`, () => gpu.get(ref, { signal }))
      // What its status forbids is refused below, and nobody is asked for it.
      if (machine.actions.includes(op))
        await context.mustConfirm(`${question} ${captionOf(machine, context.now())}?`, yes)
    }
    return await answering(operation, changedView)(context, { ref })
  }

/** `anygpu start`: it is charged again from now on. */
export const start = answering(startMachine, changedView)

const halt = asking(stopMachine, "stop", "Stop")

/** `anygpu stop`: a machine, whose disk may go on costing; or a run by its key, as `anygpu stop-job` does. */
export const stop = async (context: Context, input: InputOf<typeof powerFields>): Promise<number> => {
  const name = String(input.ref)
  const ledger = await context.ledger()
  const [open] = await Effect.runPromise(ledger.runs({ key: name, state: "open" }))
  if (!open) return await halt(context, input)
  return await (await import("./stop-job.ts")).run(context, { run: name })
}

/** `anygpu restart`: what runs in it starts again. */
export const restart = asking(restartMachine, "restart", "Restart what runs on")
