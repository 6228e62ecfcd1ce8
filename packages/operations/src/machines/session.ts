import type { ConnectedMachine } from "@anygpu/ssh"
import type { Instance } from "anygpu"
import type { OperationContext } from "../context.ts"
import type { findMachine } from "./find-machine.ts"
import { reachable } from "./reachable.ts"

/** Which machine is used, and whether it is waited for. */
export interface Used {
  readonly ref: Parameters<typeof findMachine>[1]
  readonly wait?: boolean | undefined
}

/**
 * Logs in to the machine that a name means, does something there, and leaves it again.
 *
 * - Throws `Conflict` for a machine without a way in, `Unreachable` and `LoginRefused` as `@anygpu/ssh` does.
 */
export const withSession = async <A>(
  context: OperationContext,
  { ref, wait = false }: Used,
  work: (session: ConnectedMachine, machine: Instance) => Promise<A>
): Promise<A> => {
  const { out, signal } = context
  const machine = await reachable(context, ref, wait)
  const connecting = () => context.connect(machine, { wait, signal })
  await using session = await out.during(`logging in to ${machine.ref}`, connecting)
  return await work(session, machine)
}
