import { type Ended, type InstanceRef, NotFound, type TerminateOptions, visible } from "anygpu"
import { runPromise } from "effect/Effect"
import type { OperationContext } from "../context.ts"

/** Whether a machine was ever known here; true also where that cannot be read: then it is no news that it is gone. */
const wasKnown = async ({ ledger }: OperationContext, ref: InstanceRef): Promise<boolean> => {
  const { provider, kind, id } = ref
  try {
    const own = await ledger()
    if ((await runPromise(own.machine(ref))) !== null) return true
    return (await runPromise(own.launches({ provider, kind, instanceId: id }))).length > 0
  } catch {
    return true
  }
}

/**
 * Ends a machine and makes sure that it is gone.
 *
 * - `NotFound` when it is gone and was never known here: a misspelt ref names nothing that has ended. It was asked for its
 *   end all the same, as a machine of another ledger may be there.
 */
export const endMachine = async (
  context: OperationContext,
  ref: InstanceRef,
  options: Omit<TerminateOptions, "signal">
): Promise<Ended> => {
  const ended = await (await context.gpu()).terminate(ref, { ...options, signal: context.signal })
  if (!ended.alreadyGone || (await wasKnown(context, ref))) return ended
  const message =
    `No such machine is known here: ${visible(String(ref))} is neither on its account nor in the ledger. Nothing was ended. ` +
    "anygpu list shows what is there."
  throw new NotFound({ message, retry: "permanent", ref })
}
