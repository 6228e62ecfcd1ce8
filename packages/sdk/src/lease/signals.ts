/** What is used of Node's `process`; elsewhere it is missing, or has no signals. */
interface Host {
  readonly pid: number
  on(signal: string, handler: (signal: string) => void): unknown
  off(signal: string, handler: (signal: string) => void): unknown
  listenerCount(signal: string): number
  kill(pid: number, signal: string): unknown
  emitWarning(warning: string): void
}

/** Ends one lease; answers what is left to say when that failed, and null otherwise. */
export type EndOnSignal = () => Promise<string | null>

const signals = ["SIGINT", "SIGTERM"]
const living = new Set<EndOnSignal>()
let installed = false

const hostOf = (): Host | null => {
  const { process } = globalThis as { readonly process?: Partial<Host> }
  return typeof process?.on === "function" && typeof process.kill === "function" ? (process as Host) : null
}

const uninstall = (host: Host): void => {
  installed = false
  for (const signal of signals) host.off(signal, handle)
}

/** Ends all leases; then the signal takes its usual course, unless somebody else has heard it too. */
const handle = (signal: string): void => {
  const host = hostOf()
  if (!host) return
  // From here on a second signal takes its usual course at once.
  uninstall(host)
  const end = async (): Promise<void> => {
    for (const left of await Promise.all([...living].map((lease) => lease()))) if (left) host.emitWarning(left)
    // A warning is written in the next turn.
    await new Promise((turn) => setTimeout(turn, 0))
    if (host.listenerCount(signal) === 0) host.kill(host.pid, signal)
  }
  void end()
}

/**
 * Ends a lease when this process is asked to end: SIGINT (Ctrl-C) and SIGTERM. Answers how to leave.
 *
 * - Handlers are there only while somebody is; where there are no signals, nothing happens.
 * - Once all leases are ended the signal is raised again, so that the process ends as it would have. Where others
 *   listen too, they have heard it already, and what becomes of the process is theirs to say.
 * - A second signal is not waited for: what it leaves is in the ledger.
 */
export const endOnSignal = (end: EndOnSignal): (() => void) => {
  const host = hostOf()
  if (!host) return () => {}
  living.add(end)
  if (!installed) {
    installed = true
    for (const signal of signals) host.on(signal, handle)
  }
  return () => {
    living.delete(end)
    if (living.size === 0 && installed) uninstall(host)
  }
}
