import { type Instance, isReady } from "anygpu"

/** The status for people: `ready` is running with a way in, and a reason is added. */
export const statusText = (machine: Instance): string => {
  const status = isReady(machine) ? "ready" : machine.status
  return machine.reason === null ? status : `${status} (${machine.reason})`
}
