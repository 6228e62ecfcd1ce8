import { connect } from "node:net"
import type { ConnectedMachine, OpenForward } from "@anygpu/ssh"
import { isGpuError } from "anygpu"
import type { Context } from "./context.ts"

/** A port of the machine, and the one of this computer where it was named. */
export interface Wanted {
  readonly remote: number
  readonly local: number | null
}

/**
 * Leads a port of the machine here. Without a named one the same port is taken, or any where that is in use.
 *
 * - Throws `Conflict` for a named port that is in use here.
 */
export const leadHere = async (
  { out, signal }: Pick<Context, "out" | "signal">,
  session: ConnectedMachine,
  { remote, local }: Wanted
): Promise<OpenForward> => {
  if (local !== null) return await session.forward(local, remote, { signal })
  try {
    return await session.forward(remote, remote, { signal })
  } catch (error) {
    if (!isGpuError(error) || error._tag !== "Conflict") throw error
    out.note(`port ${remote} of this computer cannot be taken: another one leads there`)
    return await session.forward(0, remote, { signal })
  }
}

/** So long a connection is watched, in milliseconds: one that nobody takes there is ended at once. */
const watchFor = 700

/** Whether something on the machine takes the connections of a port that leads there. */
export const takesConnections = ({ host, port }: OpenForward): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, host)
    const answer = (takes: boolean) => {
      clearTimeout(timer)
      socket.destroy()
      resolve(takes)
    }
    const timer = setTimeout(() => answer(true), watchFor)
    socket.once("data", () => answer(true))
    socket.once("error", () => answer(false)).once("close", () => answer(false))
  })

/** Waits for Ctrl-C. */
export const untilInterrupted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener("abort", () => resolve(), { once: true })
  })
