import type { InstanceRef, SshEndpoint } from "anygpu"
import type { OperationContext } from "./context.ts"
import type { InputOf } from "./input/field.ts"
import { endpointOf, reachable } from "./machines/reachable.ts"
import type { SshJson } from "./protocol/answers/ssh.ts"
import type { sshInput } from "./ssh.ts"
import { commandText } from "./text/shell-command.ts"

/** Where a machine is logged in to. */
export interface Login {
  readonly ref: InstanceRef
  readonly endpoint: SshEndpoint
}

/** Looks for the way in, and waits for it where that is asked for. */
export const run = async (context: OperationContext, { ref, wait }: InputOf<typeof sshInput>): Promise<Login> => {
  const machine = await reachable(context, ref, wait)
  return { ref: machine.ref, endpoint: endpointOf(machine) }
}

/** The words of the command that logs in, with options before the host and what is to be run there after it. */
export const sshWords = (
  { host, port, user }: SshEndpoint,
  options: ReadonlyArray<string> = [],
  command: ReadonlyArray<string> = []
): ReadonlyArray<string> => [
  "ssh",
  ...options,
  ...(port === 22 ? [] : ["-p", String(port)]),
  `${user}@${host}`,
  ...command
]

/** The login in JSON. */
export const encode = ({ ref, endpoint }: Login): SshJson => {
  const { host, port, user } = endpoint
  return { ref: String(ref), host, port, user, command: commandText(...sshWords(endpoint)) }
}
