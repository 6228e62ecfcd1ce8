import { Conflict, type Instance, type SshEndpoint, type Status } from "anygpu"
import type { OperationContext } from "../context.ts"
import { commandText } from "../text/shell-command.ts"
import { findMachine } from "./find-machine.ts"
import { statusText } from "./status-text.ts"

/** A machine in such a status lets no user in, also where the cloud still lists a way in. */
const down: ReadonlyArray<Status> = ["stopping", "stopped", "interrupted", "terminating", "terminated", "failed"]

/** Whether a machine in a status lets no user in. */
export const isDown = (status: Status): boolean => down.includes(status)

/** The best way in by ssh; throws `Conflict` while the machine has no way in. */
export const endpointOf = (machine: Instance): SshEndpoint => {
  const [endpoint] = machine.endpoints.ssh
  // What a cloud answers never becomes an option of ssh.
  const isUp = !isDown(machine.status)
  if (isUp && endpoint && !endpoint.host.startsWith("-") && !endpoint.user.startsWith("-")) return endpoint
  const { ref, status } = machine
  const advices: { readonly [S in Status]?: string } = {
    running:
      "It was launched without an ssh key, or its cloud does not show one yet: anygpu show lists its other ways in",
    terminating: "It is being ended",
    terminated: "It has ended",
    failed: "It will not come up: anygpu terminate ends it",
    stopped: `Start it with: ${commandText("anygpu", "start", ref)}`
  }
  const advice = advices[status] ?? `Wait for it with: ${commandText("anygpu", "ssh", "--wait", ref)}`
  const message = `${ref} is ${statusText(machine)} and has no way in by ssh now. ${advice}`
  throw new Conflict({ message, retry: "temporary", ref })
}

/**
 * The machine that a name means, with a way in by ssh.
 *
 * - Waits for the way in where `wait` says so. Throws `Conflict` while the machine has no way in, before any login.
 */
export const reachable = async (
  context: OperationContext,
  name: Parameters<typeof findMachine>[1],
  wait = false
): Promise<Instance> => {
  const { out, signal } = context
  const ref = await findMachine(context, name)
  const gpu = await context.gpu()
  const isUp = ({ status, endpoints }: Instance) => status === "running" && endpoints.ssh.length > 0
  const waiting = (machine: Instance) => `waiting for ${ref}, which is ${statusText(machine)}`
  const first = await out.during(`asking for ${ref}`, () => gpu.get(ref, { signal }))
  const machine =
    !wait || isUp(first)
      ? first
      : await out.during(waiting(first), (say) =>
          gpu.waitUntilReady(ref, { signal, onChange: (now) => say(waiting(now)) })
        )
  endpointOf(machine)
  return machine
}
