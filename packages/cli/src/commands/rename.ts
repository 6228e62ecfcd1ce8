import { findMachine, mustSupport } from "@anygpu/operations/run"
import type { Run } from "../catalogue/entry.ts"
import { tellChanged } from "../changed.ts"
import { argumentOf } from "../words.ts"

/** `anygpu rename`: another name; the launch marker is kept. */
export const run: Run = async (context, args) => {
  const { out, signal } = context
  const ref = await findMachine(context, argumentOf(args, 0) ?? "")
  const gpu = await context.gpu()
  mustSupport(gpu, ref, "rename")
  const name = argumentOf(args, 1) ?? ""
  return tellChanged(context, await out.during(`renaming ${ref}`, () => gpu.act(ref, "rename", name, { signal })))
}
