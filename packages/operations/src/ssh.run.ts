import { Conflict, type Instance, type InstanceRef, type SshEndpoint, type Status } from "anygpu"
import type { OperationContext } from "./context.ts"
import type { InputOf } from "./input/field.ts"
import { findMachine } from "./machines/find-machine.ts"
import { statusText } from "./machines/status-text.ts"
import type { SshJson } from "./protocol/answers/ssh.ts"
import type { sshInput } from "./ssh.ts"
import { commandText } from "./text/shell-command.ts"

/** Where a machine is logged in to. */
export interface Login {
  readonly ref: InstanceRef
  readonly endpoint: SshEndpoint
}

/** The best way in; `Conflict` while there is none. */
const endpointOf = (machine: Instance): SshEndpoint => {
  const [endpoint] = machine.endpoints.ssh
  // What a cloud answers never becomes an option of ssh.
  if (endpoint && !endpoint.host.startsWith("-") && !endpoint.user.startsWith("-")) return endpoint
  const { ref, status } = machine
  const advices: { readonly [S in Status]?: string } = {
    running: "It was launched without an ssh key, or its cloud has not told yet: anygpu show tells its other ways in",
    terminating: "It is being ended",
    terminated: "It has ended",
    failed: "It will not come up: anygpu terminate ends it",
    stopped: `Start it with: ${commandText("anygpu", "start", ref)}`
  }
  const advice = advices[status] ?? `Wait for it with: ${commandText("anygpu", "ssh", "--wait", ref)}`
  const message = `${ref} is ${statusText(machine)} and has no way in by ssh now. ${advice}`
  throw new Conflict({ message, retry: "temporary", ref })
}

/** Looks for the way in, and waits for it where that is asked for. */
export const run = async (
  context: OperationContext,
  { ref: name, wait = false }: InputOf<typeof sshInput>
): Promise<Login> => {
  const { out, signal } = context
  const ref = await findMachine(context, name)
  const gpu = await context.gpu()
  const isUp = ({ status, endpoints }: Instance) => status === "running" && endpoints.ssh.length > 0
  const first = await out.during(`asking for ${ref}`, () => gpu.get(ref, { signal }))
  if (!wait || isUp(first)) return { ref, endpoint: endpointOf(first) }
  const waiting = (machine: Instance) => `waiting for ${ref}, which is ${statusText(machine)}`
  const machine = await out.during(waiting(first), (say) =>
    gpu.waitUntilReady(ref, { signal, onChange: (now) => say(waiting(now)) })
  )
  return { ref, endpoint: endpointOf(machine) }
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
