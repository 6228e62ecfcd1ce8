import type { InstanceRef, SshEndpoint } from "anygpu"
import type { OperationContext } from "./context.ts"
import type { forwardInput } from "./forward.ts"
import type { InputOf } from "./input/field.ts"
import { endpointOf, reachable } from "./machines/reachable.ts"
import type { ForwardJson } from "./protocol/answers/forward.ts"
import { sshWords } from "./ssh.run.ts"
import { commandText } from "./text/shell-command.ts"

type Input = InputOf<typeof forwardInput>

/** How ports are led to a computer. */
export interface Forwarding {
  readonly ref: InstanceRef
  readonly endpoint: SshEndpoint
  readonly ports: ReadonlyArray<{ readonly remote: number; readonly local: number }>
}

/** Where a port of this computer is reached. */
export const localUrl = (port: number): string => `http://127.0.0.1:${port}/`

/** Looks for the way in. */
export const run = async (context: OperationContext, { ref, ports, wait }: Input): Promise<Forwarding> => {
  const machine = await reachable(context, ref, wait)
  return {
    ref: machine.ref,
    endpoint: endpointOf(machine),
    ports: ports.map(({ remote, local }) => ({ remote, local: local ?? remote }))
  }
}

/** The commands that lead the ports here, in JSON. */
export const encode = ({ ref, endpoint, ports }: Forwarding): ForwardJson => {
  const ours = ports.map(({ remote, local }) => (remote === local ? remote : `${remote}:${local}`))
  const theirs = ports.flatMap(({ remote, local }) => ["-L", `127.0.0.1:${local}:127.0.0.1:${remote}`])
  return {
    ref: String(ref),
    ports: ports.map(({ remote, local }) => ({ port: remote, local, url: localUrl(local) })),
    command: commandText("anygpu", "forward", ref, ...ours),
    ssh: commandText(...sshWords(endpoint, ["-N", ...theirs]))
  }
}
