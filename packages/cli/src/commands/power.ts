import { findMachine, mustSupport } from "@anygpu/operations/run"
import { captionOf } from "../caption.ts"
import type { Run } from "../catalogue/entry.ts"
import { tellChanged } from "../changed.ts"
import type { Context } from "../context.ts"
import { argumentOf, isOn } from "../words.ts"

const changed = async (
  context: Context,
  text: string,
  change: { readonly op: "start" | "stop" | "restart"; readonly doing: string; readonly question: string | null },
  yes: boolean
) => {
  const { out, signal } = context
  const { op, doing, question } = change
  const ref = await findMachine(context, text, { yes })
  const gpu = await context.gpu()
  mustSupport(gpu, ref, op)
  if (question !== null && !yes) {
    const machine = await out.during(`asking for ${ref}`, () => gpu.get(ref, { signal }))
    // What its status forbids is refused below, and nobody is asked for it.
    if (machine.actions.includes(op))
      await context.mustConfirm(`${question} ${captionOf(machine, context.now())}?`, yes)
  }
  return await out.during(`${doing} ${ref}`, () => gpu.act(ref, op, { signal }))
}

/** `anygpu start`: it is charged again from now on. */
export const start: Run = async (context, args) => {
  const change = { op: "start", doing: "starting", question: null } as const
  return tellChanged(context, await changed(context, argumentOf(args, 0) ?? "", change, false))
}

/** `anygpu stop`: its disk may go on costing, and another one may get its hardware. */
export const stop: Run = async (context, args, options) => {
  const change = { op: "stop", doing: "stopping", question: "Stop" } as const
  return tellChanged(context, await changed(context, argumentOf(args, 0) ?? "", change, isOn(options, "yes")))
}

/** `anygpu restart`: what runs in it begins anew. */
export const restart: Run = async (context, args, options) => {
  const change = { op: "restart", doing: "restarting", question: "Restart what runs on" } as const
  return tellChanged(context, await changed(context, argumentOf(args, 0) ?? "", change, isOn(options, "yes")))
}
